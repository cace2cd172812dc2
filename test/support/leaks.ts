/** Looks for secrets in whatever the service has said. */

/** As a secret may stand in a text: as it is, escaped, or in one of the encodings of the web. */
function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret);
  // In a longer text base64 depends on where the secret begins; its ends depend on what is around it.
  const base64 = [0, 1, 2].map((before) =>
    Buffer.concat([Buffer.alloc(before), bytes, Buffer.alloc(2)])
      .toString('base64')
      .slice(before === 0 ? 0 : 4, -8),
  );
  const escaped = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    encodeURIComponent(secret),
    encodeURIComponent(secret).replaceAll(/%../g, (code) => code.toLowerCase()),
    encodeURIComponent(encodeURIComponent(secret)),
    escaped,
    escaped.replaceAll('/', String.raw`\/`),
    Array.from(secret, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
    Array.from(secret, (letter) => `&#${letter.charCodeAt(0)};`).join(''),
    bytes.toString('hex'),
    ...base64,
    ...base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_')),
  ];
}

/** Something that was said, and where. */
export type Said = readonly (readonly [where: string, text: string])[];

/** Where one of the secrets stands, in any form. */
export const leaksIn = (said: Said, secrets: readonly string[]): readonly string[] =>
  said
    .filter(([, text]) => secrets.some((secret) => formsOf(secret).some((form) => text.includes(form))))
    .map(([where]) => where);
