import { InputError } from '../domain/errors.ts';

/**
 * The text of a file.
 * @param file its name, for people
 * @throws InputError when it isn't UTF-8: read as if it were, names would be other names
 */
export function decodeText(bytes: Uint8Array, file: string): string {
  const refuse = (why: string) =>
    new InputError([`${file}: must be a text in UTF-8, ${why}; save it as UTF-8 and import it again`]);
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw refuse('not in UTF-16');
  }
  if (bytes.includes(0)) throw refuse('without NUL bytes');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const line = bytes.subarray(0, firstWrong(bytes)).filter((byte) => byte === 0x0a).length + 1;
    throw refuse(`and line ${line} holds bytes that aren't`);
  }
}

/** Where the first byte is that can't be read. */
function firstWrong(bytes: Uint8Array): number {
  const text = new TextDecoder('utf-8').decode(bytes);
  const mark = text.indexOf('\ufffd');
  return mark < 0 ? bytes.length : new TextEncoder().encode(text.slice(0, mark)).length;
}
