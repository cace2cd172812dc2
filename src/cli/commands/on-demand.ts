import { clean } from '../../report/common/sanitize.ts';
import { counted, describeAccount } from '../../report/common/wording.ts';
import { formatDays, describeLastUse } from '../../domain/rotation/rule.ts';
import { mayHaveLeaked } from '../../domain/rotation/predicates.ts';
import type { Decision } from '../../domain/rotation/decision.ts';
import { wholeDays } from '../../domain/time.ts';
import { perform, prepare, type Decide } from '../../run/on-demand/on-demand.ts';
import type { RunContext } from '../../run/context/run-context.ts';
import { confirm } from '../input/confirm.ts';
import { showReport } from './one-account.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';

export interface OnDemandOptions {
  readonly account: string;
  readonly yes?: true;
  readonly json?: true;
}

/**
 * Shows what would be done, asks, and does it. It is decided once more after the answer: if the keys
 * have changed meanwhile, nothing is done.
 */
export async function runOnDemand(
  find: Parameters<typeof prepare>[1],
  decide: Decide,
  run: RunContext,
  options: OnDemandOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const prepared = await prepare(options.account, find, decide, run);
  const steps = prepared.decisions.map((decision) => `  - ${describeDecision(decision, run)}\n`);
  const question = `In ${describeAccount(prepared.account)}, for ${clean(prepared.userName)}:\n${steps.join('')}`;
  if (!(await confirm(terminal, question, options.yes === true))) return 1;
  return showReport(await perform(prepared, run), run, options.json === true, terminal);
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
