import { restoreOnDemand } from '../../domain/rotation/on-demand.ts';
import { runOnDemand, type OnDemandOptions } from './on-demand.ts';
import { checkedReason, runForOne } from './one-account.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';

export interface RestoreOptions extends OnDemandOptions {
  readonly key: string;
  readonly reason: string;
}

/** `access-key-rotation restore`: undo a deactivation. */
export async function restore(
  { key, reason, ...options }: RestoreOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const why = checkedReason(reason);
  const run = await runForOne(options, terminal);
  return runOnDemand(
    { accessKeyId: key },
    (found, policy) => restoreOnDemand(found, key, why, policy, run.now),
    run,
    options,
    terminal,
  );
}
