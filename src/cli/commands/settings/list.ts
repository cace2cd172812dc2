import pc from 'picocolors';
import { FINISH_IT, unfinishedInWords } from '../../../compose/settings.ts';
import { readItems, type StoredRow } from '../../../config/settings-rows.ts';
import { LEVELS } from '../../../domain/settings/setting.ts';
import { rowInJson, rowInText } from '../../output/settings.ts';
import { openDesk, printJson } from './target.ts';
import type { ExitCode, Terminal } from '../../input/terminal.ts';

/** `access-key-rotation settings list`: all rows of the table, the wrong ones too. */
export async function listRows({ json }: { readonly json?: true }, terminal: Terminal): Promise<ExitCode> {
  const { desk } = await openDesk(terminal);
  const { items, unfinished } = await desk.read();
  const rows = widestFirst(readItems(items, desk.now));
  if (json) {
    printJson(terminal, {
      rows: rows.map(rowInJson),
      ...(unfinished === undefined ? {} : { unfinished }),
    });
  } else {
    const begun =
      unfinished === undefined ? '' : `${pc.red('wrong')} ${unfinishedInWords(unfinished)}; ${FINISH_IT}\n`;
    const text = rows.map(rowInText).join('') || 'Nothing is set in the table.\n';
    terminal.stdout.write(`${begun}${text}`);
  }
  return unfinished === undefined && rows.every(({ problems }) => problems.length === 0) ? 0 : 1;
}

/** Those first that nobody can tell whom they are about: they concern everybody. */
const widestFirst = (rows: readonly StoredRow[]): readonly StoredRow[] => {
  const width = ({ target }: StoredRow) => (target === undefined ? -1 : LEVELS.indexOf(target.level));
  return rows.toSorted((one, other) => width(one) - width(other));
};
