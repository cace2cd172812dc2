import { definedOnly } from '../../domain/defined-only.ts';
import { replaceOnDemand } from '../../domain/rotation/on-demand.ts';
import { runOnDemand, type OnDemandOptions } from './on-demand.ts';
import { checkedReason, runForOne } from './one-account.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';

export interface ReplaceOptions extends OnDemandOptions {
  readonly user: string;
  readonly key?: string;
  readonly reason: string;
  readonly leaveActive?: true;
}

/** `access-key-rotation replace`: one user's key, now. */
export async function replace(
  { user, key, reason, leaveActive, ...options }: ReplaceOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const why = checkedReason(reason);
  const run = await runForOne({ ...options, user }, terminal);
  const asked = {
    ...definedOnly({ accessKeyId: key }),
    reason: why,
    leaveActive: leaveActive === true,
  };
  return runOnDemand(
    { userName: user },
    (found, policy) => replaceOnDemand(found, asked, policy, run.now),
    run,
    options,
    terminal,
  );
}
