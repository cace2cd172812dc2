import { createInterface } from 'node:readline';
import { InputError } from '../../domain/errors.ts';
import type { Terminal } from './terminal.ts';

/**
 * For commands that would take long only to find out that nobody is there.
 * @throws InputError where nobody can be asked
 */
export function refuseIfNobodyCanBeAsked({ stdin }: Terminal, yes: boolean): void {
  if (!yes && stdin?.isTTY !== true) throw nobodyCanBeAsked();
}

const nobodyCanBeAsked = () =>
  new InputError(['--yes: must be given where nobody can be asked: stdin is not a terminal']);

/**
 * Shows what will be done, and asks whether it shall. Anything but `y` and `yes` means no, as does the
 * end of the input.
 * @param what in whole lines
 * @param yes has been said on the command line
 * @throws InputError where nobody can be asked
 */
export async function confirm({ stdin, stderr }: Terminal, what: string, yes: boolean): Promise<boolean> {
  stderr.write(what);
  if (yes) return true;
  if (stdin?.isTTY !== true) throw nobodyCanBeAsked();
  const lines = createInterface({ input: stdin, output: stderr, terminal: false });
  try {
    const answer = await new Promise<string>((resolve) => {
      lines.once('close', () => {
        resolve('');
      });
      lines.question('Go on? [y/N] ', resolve);
    });
    const does = /^y(es)?$/i.test(answer.trim());
    if (!does) stderr.write('Nothing was changed.\n');
    return does;
  } finally {
    lines.close();
  }
}
