/** Columns that e-mail clients show without breaking a line. */
const WIDTH = 76;

/** Longest piece of foreign text that is quoted in full; AWS errors can be whole documents. */
const LONGEST = 600;

/** Characters that start a line somewhere: control characters, and Unicode's own line ends. */
const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;

/** Characters nobody sees, that reverse what is seen, or that no message may hold. */
const UNSEEN = /[\p{Cf}\p{Cs}\uFFFE\uFFFF]/gu;

/**
 * Foreign text (names, AWS errors) as it may stand within a line: it can't forge lines of the
 * message, and it can't fill it.
 * @param longest in UTF-16 units; what is beyond is cut and marked with `...`
 */
export function clean(text: string, longest: number = LONGEST): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}...` : text;
  return cut.replace(BREAKS, ' ').replace(UNSEEN, '').replace(/ {2,}/g, ' ').trim();
}

/** The same for what must not be cut: commands to be copied. */
export const whole = (text: string): string => clean(text, text.length);

/** A name for people to read; what is empty once cleaned is called something else. */
export const nameOr = (name: string, otherwise: string): string => clean(name, 64) || otherwise;

/**
 * Breaks a paragraph into lines. Words that don't fit (key ids, ARNs) keep a line of their own
 * rather than being torn.
 * @param first stands before the first line
 * @param rest stands before the others
 */
export function wrap(text: string, first = '', rest: string = first): readonly string[] {
  const lines: string[] = [];
  let line: string | undefined;
  for (const word of text.split(' ')) {
    if (line === undefined) line = first + word;
    else if (line.length + 1 + word.length <= WIDTH) line += ` ${word}`;
    else {
      lines.push(line);
      line = rest + word;
    }
  }
  return line === undefined ? lines : [...lines, line];
}

/** Makes one paragraph end like a sentence, so that another one can follow it. */
export const sentence = (text: string): string => (/[.!?]$/.test(text) || text === '' ? text : `${text}.`);

/** Longest name a secret or an IAM resource can have, with room to spare; commands need them whole. */
const LONGEST_NAME = 2_000;

export const nameInCommand = (name: string): string => clean(name, LONGEST_NAME);
