import { runOnDemand, type OnDemandOptions } from './on-demand.ts';
import { checkedReason } from './one-account.ts';
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
  const asked = { command: 'restore', accessKeyId: key, reason: checkedReason(reason) } as const;
  return runOnDemand({ key }, asked, options, terminal);
}
