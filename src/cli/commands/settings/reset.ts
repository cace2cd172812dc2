import { replacingAll } from '../../../config/settings-change.ts';
import type { ExitCode, Terminal } from '../../input/terminal.ts';
import { openSettings } from './target.ts';
import { changeSettings, type WriteOptions } from './write.ts';

/** `access-key-rotation settings reset`: takes away everything that is set in the table. */
export async function resetAll(options: WriteOptions, terminal: Terminal): Promise<ExitCode> {
  const context = await openSettings(terminal, 'change');
  const decide: Parameters<typeof changeSettings>[1] = (stored) =>
    replacingAll(stored, [], context.access.now);
  return await changeSettings(context, decide, { ...options, whole: true }, terminal);
}
