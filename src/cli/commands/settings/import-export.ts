import { readFile, writeFile } from 'node:fs/promises';
import { FINISH_IT, describeUnfinished } from '../../../compose/settings.ts';
import { systemClock } from '../../../compose/environment.ts';
import { decodeText } from '../../../config/read-text.ts';
import { replacingAll } from '../../../config/settings-change.ts';
import { readSettingsFile, writeSettingsFile, type FileFormat } from '../../../config/settings-file.ts';
import { readItems, writtenValues } from '../../../config/settings-rows.ts';
import { InputError, OperationError } from '../../../domain/errors.ts';
import { whole } from '../../../report/common/sanitize.ts';
import { capital } from '../../../report/common/wording.ts';
import { fileProblem } from '../../input/files.ts';
import { refuseUnwritable } from '../../input/output-file.ts';
import { openSettings } from './target.ts';
import { changeSettings, type WriteOptions } from './write.ts';
import type { ExitCode, Terminal } from '../../input/terminal.ts';

/** `access-key-rotation settings import`: makes the table hold exactly what the file says. */
export async function importFile(file: string, options: WriteOptions, terminal: Terminal): Promise<ExitCode> {
  // What is wrong with the file is said before AWS is asked for anything.
  const wanted = readSettingsFile(await textOf(file), (terminal.aws?.clock ?? systemClock).now());
  const context = await openSettings(terminal, 'change');
  const decide: Parameters<typeof changeSettings>[1] = (stored) =>
    replacingAll(stored, wanted, context.access.now);
  return await changeSettings(context, decide, { ...options, whole: true }, terminal);
}

async function textOf(file: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new InputError([`${file}: can't be read (${fileProblem(error)?.why ?? String(error)})`]);
  }
  return decodeText(bytes, file);
}

export interface ExportOptions {
  readonly format?: FileFormat;
  readonly json?: true;
}

/** `access-key-rotation settings export`: writes the file that `settings import` reads. */
export async function exportFile(
  file: string | undefined,
  { format, json }: ExportOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  if (file !== undefined) await refuseUnwritable(file);
  const { access: table } = await openSettings(terminal, 'look');
  const { items, unfinished } = await table.read();
  if (unfinished !== undefined) throw halfWritten(unfinished);
  const rows = readItems(items, table.now);
  const wrong = rows.filter(({ row }) => row === undefined);
  for (const problem of wrong.flatMap(({ problems }) => problems)) {
    terminal.stderr.write(`Must be mended before it can be imported: ${whole(problem)}\n`);
  }
  const writable = rows.flatMap(({ target, row, written }) =>
    target === undefined
      ? []
      : [
          {
            target,
            written: row === undefined ? written : { values: writtenValues(row), final: row.final },
          },
        ],
  );
  const byName = file?.endsWith('.json') === true ? 'json' : 'yaml';
  const text = writeSettingsFile(writable, json ? 'json' : (format ?? byName));
  if (file === undefined) terminal.stdout.write(text);
  else await writeFile(file, text);
  return wrong.length === 0 ? 0 : 1;
}

/** An export of a half-written import would lack rows; importing it would remove them for good. */
const halfWritten = (begun: string): OperationError =>
  new OperationError({
    kind: 'conflict',
    during: 'export the settings',
    message: `${describeUnfinished(begun)}: the table says only a part of what was meant`,
    nextStep: capital(FINISH_IT),
  });
