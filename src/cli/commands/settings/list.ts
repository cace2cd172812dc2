import pc from 'picocolors';
import { FINISH_IT, describeUnfinished } from '../../../compose/settings.ts';
import { readItems, type StoredRow } from '../../../config/settings-rows.ts';
import { definedOnly } from '../../../domain/defined-only.ts';
import { LEVELS } from '../../../domain/settings/setting.ts';
import { columnsFor } from '../../input/columns.ts';
import { toJsonRow, formatRow } from '../../output/settings.ts';
import { openSettings, printJson } from './target.ts';
import type { ExitCode, Terminal } from '../../input/terminal.ts';

/** `access-key-rotation settings list`: all rows of the table, invalid ones too. */
export async function listRows({ json }: { readonly json?: true }, terminal: Terminal): Promise<ExitCode> {
  const { access } = await openSettings(terminal, 'look');
  const { items, unfinished } = await access.read();
  const rows = widestFirst(readItems(items, access.now));
  if (json) {
    printJson(terminal, {
      rows: rows.map(toJsonRow),
      ...definedOnly({ unfinished }),
    });
  } else {
    const begun =
      unfinished === undefined ? '' : `${pc.red('wrong')} ${describeUnfinished(unfinished)}; ${FINISH_IT}\n`;
    const columns = columnsFor(terminal.stdout);
    const text = rows.map((row) => formatRow(row, columns)).join('') || 'Nothing is set in the table.\n';
    terminal.stdout.write(`${begun}${text}`);
  }
  return unfinished === undefined && rows.every(({ problems }) => problems.length === 0) ? 0 : 1;
}

/** Rows with an unknown kind of key come first: they stop every account. */
const widestFirst = (rows: readonly StoredRow[]): readonly StoredRow[] => {
  const width = ({ target }: StoredRow) => (target === undefined ? -1 : LEVELS.indexOf(target.level));
  return rows.toSorted((one, other) => width(one) - width(other));
};
