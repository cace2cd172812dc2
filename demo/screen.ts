import pc from 'picocolors';
import wrapAnsi from 'wrap-ansi';
import { columnsFor } from '../src/cli/input/columns.ts';

/** Of what the demo says itself. What commands print is theirs: in a pipe they break no line. */
const WIDTH = Math.min(columnsFor(process.stdout) ?? 80, 80);

export const say = (text: string): void => void process.stdout.write(`${text}\n`);

export const heading = (text: string): void => say(`\n${pc.bold(pc.cyan(`== ${text}`))}\n`);

/** What a person types. */
export const typed = (command: string): void => say(`${pc.bold(`$ ${command}`)}\n`);

/** @param first what stands before the first line; the others are indented as far */
export function paragraph(text: string, first = ''): string {
  const lines = wrapAnsi(text, WIDTH - first.length).split('\n');
  return lines.map((line, index) => (index === 0 ? first : ' '.repeat(first.length)) + line).join('\n');
}
