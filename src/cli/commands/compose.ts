import type { composePlan } from '../../compose/plan.ts';
import { interruptible } from '../../run/context/interruptible-ledger.ts';
import type { RunContext } from '../../run/context/run-context.ts';
import type { Terminal } from '../input/terminal.ts';

/* A command that only looks doesn't load what publishes, and the other way round. */

/** Builds a run; only its modules are loaded here, nothing is called. */
type Composing = (...args: Parameters<typeof composePlan>) => Promise<RunContext>;

export const toPlan: Composing = async (...args) =>
  (await import('../../compose/plan.ts')).composePlan(...args);

export const toApply: Composing = async (settings, request, environment) =>
  (await import('../../compose/run.ts')).compose(settings, request, { ...environment, publish: true });

/** Gives the accounts back that the run holds when somebody stops the command. */
export function stoppable(run: RunContext, { onStop }: Pick<Terminal, 'onStop'>): RunContext {
  if (onStop === undefined) return run;
  const { ledger, interrupt } = interruptible(run.ledger, run.clock);
  onStop(interrupt);
  return { ...run, ledger };
}
