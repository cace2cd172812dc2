import wrapAnsi from 'wrap-ansi';
import { whole } from '../../report/common/sanitize.ts';

/* Sentences beside tables. `width` is that of the terminal; `Infinity`, as for a pipe: nothing is broken into lines. */

/** Of text beside its indentation, however narrow the terminal. */
const LEAST_COLUMNS = 10;

/** One paragraph as lines; those after the first are indented further. A word may be wider than the terminal. */
export function paragraph(text: string, width: number, indent = ''): readonly string[] {
  if (width === Infinity) return [`${indent}${text}`];
  const inner = Math.max(LEAST_COLUMNS, width - indent.length - 2);
  return wrapAnsi(text, inner, { hard: true })
    .split('\n')
    .map((line, index) => `${indent}${index === 0 ? '' : '  '}${line}`);
}

/** Where the command begins in what is to be done. */
const COMMAND = /(?<=^|[:.)] )(?:aws|npx|export|unset|access-key-rotation) .+$/;

/** What is to be done, as lines. A command keeps a line of its own, however long, so that it can be copied. */
export function stepLines(nextStep: string, label: string, width: number, indent: string): readonly string[] {
  const command = COMMAND.exec(whole(nextStep))?.[0] ?? '';
  const words = whole(nextStep)
    .slice(0, -command.length || undefined)
    .trim();
  return [
    ...paragraph(`${label}${words}`.trim(), width, indent),
    ...(command === '' ? [] : [`${indent}  ${command}`]),
  ];
}
