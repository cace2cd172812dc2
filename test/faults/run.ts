import { compose } from '../../src/compose/run.ts';
import type { Environment } from '../../src/compose/environment.ts';
import { readRequest } from '../../src/config/request.ts';
import { readSettings } from '../../src/config/settings.ts';
import { OperationError } from '../../src/domain/errors.ts';
import type { RunReport } from '../../src/domain/report/run-report.ts';
import { DAY, MINUTE } from '../../src/domain/time.ts';
import { rotateOrganization } from '../../src/run/rotation/rotate-organization.ts';
import type { World } from '../support/world.ts';

/** How a run ended. */
export type Ending = { readonly report: RunReport } | { readonly error: OperationError };

/** Longer than the lease of a killed run. */
const UNTIL_NEXT_RUN = 15 * MINUTE;

/** A run at the emulator's time, whose own waiting costs no real time. */
export async function run(world: World, hurry: Pick<Environment, 'requestTimeout'> = {}): Promise<Ending> {
  const environment = { ...hurried(world), publish: true, ...hurry };
  const settings = readSettings({ ...world.environment, ROTATION_MODE: 'enforce' });
  try {
    return {
      report: await rotateOrganization(compose(settings, readRequest({ mode: 'enforce' }), environment)),
    };
  } catch (error) {
    if (error instanceof OperationError) return { error };
    throw error;
  }
}

/** An environment in which waiting costs no real time. */
export const hurried = (world: World): World['aws'] => ({
  ...world.aws,
  clock: { now: () => world.clock.now(), sleep: (duration) => world.pass(duration / DAY) },
});

export async function runLater(world: World): Promise<RunReport> {
  await world.pass(UNTIL_NEXT_RUN / DAY);
  return reportOf(await run(world));
}

export function reportOf(ending: Ending): RunReport {
  if ('report' in ending) return ending.report;
  throw ending.error;
}
