import type { composePlan } from '../../compose/plan.ts';
import type { RunContext } from '../../run/context/run-context.ts';

/* A command that only looks doesn't load what publishes, and the other way round. */

/** Builds a run; only its modules are loaded here, nothing is called. */
export type Composing = (...args: Parameters<typeof composePlan>) => Promise<RunContext>;

export const toPlan: Composing = async (...args) =>
  (await import('../../compose/plan.ts')).composePlan(...args);

export const toApply: Composing = async (settings, request, environment) =>
  (await import('../../compose/run.ts')).compose(settings, request, { ...environment, publish: true });
