import { clean } from '../../domain/report/clean.ts';

export { clean, nameOr } from '../../domain/report/clean.ts';

/** Columns that e-mail clients show without breaking a line. */
const WIDTH = 72;

/** The same for what must not be cut: commands to be copied. */
export const whole = (text: string): string => clean(text, text.length);

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
