import pc from 'picocolors';
import type { Published } from '../test/support/emulator/emulator.ts';

/** A digest as it comes by e-mail. */
export interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

/** The digest of an account. */
export function mailOf(published: readonly Published[], accountName: string): Mail | undefined {
  const digest = published.find(({ attributes }) => attributes['accountName'] === accountName);
  if (digest === undefined) return undefined;
  const { email } = JSON.parse(digest.message) as { readonly email: string };
  return { to: digest.deliveredTo, subject: digest.subject ?? '', text: email };
}

/** The mail on its sheet, without what is the same in all of them. */
export function mailInText({ to, subject, text }: Mail, date: string): string {
  const [asked = '', ...rest] = text.split(/\n(?=HOW TO USE A NEW KEY\n)/);
  const left = rest.join('\n').split('\n').length;
  const lines = [
    `Date: ${date}`,
    `To: ${to.join(', ')}`,
    `Subject: ${subject}`,
    '',
    ...asked.trimEnd().split('\n'),
  ];
  return [
    ...lines.map((line) => `${pc.dim('|')} ${line}`.trimEnd()),
    pc.dim(`(${left} more lines: how to put a new key to use, and which run this was)`),
  ].join('\n');
}

/** What a mail asks of the owner of one user's keys: the request, and what comes if nothing is done. */
export interface Asked {
  readonly what: string;
  readonly otherwise: string;
}

export function askedOf({ text }: Mail, userName: string): Asked | undefined {
  const block = text
    .split('\n\n')
    .find((one) => /^(?:[A-Z].*\n=+\n)?- /.test(one) && one.includes(`${userName}: `));
  const from = block?.indexOf('- ') ?? -1;
  if (block === undefined || from < 0) return undefined;
  const joined = block.slice(from + 2).replaceAll(/\n {2}(?! )/g, ' ');
  const [, what = '', otherwise = ''] =
    /^(.*?)(?: (If nothing is done: .*?))?(?= (?:Why|The old key|The key|Still needed\?|What to do):|\n|$)/.exec(
      joined,
    ) ?? [];
  return { what, otherwise };
}
