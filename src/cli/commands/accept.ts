import type { Exceeded, LimitKind } from '../../domain/rotation/limits.ts';
import { clean } from '../../report/common/sanitize.ts';
import { counted, describeAccount } from '../../report/common/wording.ts';
import { acceptLimit, heldByLimit, keysHeld } from '../../run/on-demand/accept-limit.ts';
import { confirm } from '../input/confirm.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';
import { checkedReason, openOne, type OneAccountOptions } from './one-account.ts';

export interface AcceptOptions extends OneAccountOptions {
  readonly limit: LimitKind;
  readonly reason: string;
  readonly yes?: true;
}

/** `access-key-rotation accept`: lets one run pass a limit. */
export async function accept(
  { limit, yes, ...options }: AcceptOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const reason = checkedReason(options.reason);
  const { run, ask } = await openOne(options, terminal);
  const { account, mode, exceeded } = await heldByLimit(options.account, limit, run);
  const show = (text: string, accepted: boolean) => {
    const count = exceeded?.decisions.size ?? 0;
    const json = { schemaVersion: 1, accountId: account.id, limit, accepted, count };
    terminal.stdout.write(options.json ? `${JSON.stringify(json, null, 2)}\n` : `${text}\n`);
  };
  if (exceeded === undefined) {
    show(
      `Nothing to accept: the limit on ${limit} stops nothing in ${describeAccount(account)} now (mode ${mode}).`,
      false,
    );
    return 0;
  }
  if (!(await confirm(terminal, whatItMeans(exceeded, describeAccount(account)), yes === true))) return 1;
  if (ask === undefined) await acceptLimit(account.id, exceeded, reason, run);
  else await ask({ command: 'accept', accountId: account.id, limit, reason, shown: keysHeld(exceeded) });
  show(`Accepted: the next run may do up to ${describeCount(exceeded)}, once, within 15 days.`, true);
  return 0;
}

/** `1 deletion`, `12 deactivations`. */
const describeCount = ({ kind, decisions }: Exceeded): string => counted(decisions.size, kind.slice(0, -1));

function whatItMeans(exceeded: Exceeded, account: string): string {
  const { limit, decisions } = exceeded;
  const keys = [...decisions].map(
    ({ userName, key, message }) => `  - ${clean(userName)}: ${key.id}. ${clean(message)}\n`,
  );
  const these = decisions.size === 1 ? 'this' : 'these';
  return `In ${account} the next run may do ${these} ${describeCount(exceeded)} (the limit is ${limit}):\n${keys.join('')}`;
}
