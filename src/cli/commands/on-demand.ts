import { clean } from '../../report/common/sanitize.ts';
import { counted, describeAccount } from '../../report/common/wording.ts';
import { formatDays, describeLastUse } from '../../domain/rotation/rule.ts';
import { mayHaveLeaked } from '../../domain/rotation/predicates.ts';
import type { Decision } from '../../domain/rotation/decision.ts';
import { wholeDays } from '../../domain/time.ts';
import { deciderOf, type AskedOfUser } from '../../run/on-demand/answer-request.ts';
import { perform, prepare, reportOfOne } from '../../run/on-demand/on-demand.ts';
import type { RunContext } from '../../run/context/run-context.ts';
import { confirm } from '../input/confirm.ts';
import { openOne, showOne } from './one-account.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';

export interface OnDemandOptions {
  readonly account: string;
  readonly yes?: true;
  readonly json?: true;
}

/**
 * Shows what would be done, asks, and does it, or has the function do it. It is decided once more after the
 * answer: if the keys have changed meanwhile, nothing is done.
 */
export async function runOnDemand(
  find: { readonly user: string } | { readonly key: string },
  asked: AskedOfUser,
  options: OnDemandOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { run, ask } = await openOne({ ...options, ...('user' in find ? find : {}) }, terminal);
  const wanted = 'user' in find ? { userName: find.user } : { accessKeyId: find.key };
  const prepared = await prepare(options.account, wanted, deciderOf(asked, run), run);
  const { account, userName, decisions, shown } = prepared;
  const steps = decisions.map((decision) => `  - ${describeDecision(decision, run)}\n`);
  const question = `In ${describeAccount(account)}, for ${clean(userName)}:\n${steps.join('')}`;
  if (!(await confirm(terminal, question, options.yes === true))) return 1;
  const done =
    ask === undefined
      ? ({ kind: 'report', report: reportOfOne(await perform(prepared, run), run) } as const)
      : await ask({ ...asked, accountId: account.id, userName, shown });
  return showOne(done, options.json === true, terminal);
}

function describeDecision({ action, key, reason, message, policy }: Decision, { now }: RunContext): string {
  const which = `${key.id} (${counted(wholeDays(key.createdAt, now), 'day')} old, ${describeLastUse(key, now)})`;
  switch (action) {
    case 'replace':
      return `replace ${which}: a new key, its secret delivered and tested`;
    case 'deactivate':
      return `deactivate ${which} at once: whatever still uses it stops working`;
    case 'delete':
      return `delete ${which}, which is inactive, to make room`;
    default:
      return reason === 'restored'
        ? `switch on ${which} again; it stays for at least ${formatDays(policy.adoptionGrace)}${mayHaveLeaked(key) ? '. IT WAS REPLACED IN AN EMERGENCY: whoever has found it can use it again' : ''}`
        : message;
  }
}
