import { definedOnly } from '../../domain/defined-only.ts';
import { runOnDemand, type OnDemandOptions } from './on-demand.ts';
import { checkedReason } from './one-account.ts';
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
  const asked = {
    command: 'replace',
    ...definedOnly({ accessKeyId: key }),
    reason: checkedReason(reason),
    leaveActive: leaveActive === true,
  } as const;
  return runOnDemand({ user }, asked, options, terminal);
}
