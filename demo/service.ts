import { compose, runMemory } from '../src/compose/run.ts';
import { keeperAt, withKeeper } from '../src/compose/stored-runs.ts';
import { conclude, readLastRun } from '../src/conclude.ts';
import { readRequest } from '../src/config/request.ts';
import { readSettings } from '../src/config/settings.ts';
import type { RunReport } from '../src/domain/report/run-report.ts';
import { DAY } from '../src/domain/time.ts';
import { rotateOrganization } from '../src/run/rotation/rotate-organization.ts';
import type { Terminal } from '../src/cli/input/terminal.ts';
import type { Telemetry } from '../src/telemetry.ts';
import { DEPLOYED_TABLE, deployService, reportsUrlOf, sayThatRunFinished } from '../test/cli/deployed.ts';
import { functionOf, letOperatorsIn, OPERATORS } from '../test/cli/function-world.ts';
import { startFunction } from '../test/support/deployed-function.ts';
import type { Credentials, Emulator } from '../test/support/emulator/emulator.ts';
import { makeBucket } from '../test/support/map/run-map.ts';
import { createWorld, type World } from '../test/support/world.ts';
import { organizationAt, WITHOUT_ROLE } from './organization.ts';
import { importSettings } from './settings.ts';

/** The emulated organization with the service deployed in it. */
export interface Service {
  readonly world: World;
  /** Where people and their commands find it: the function can be invoked there. */
  readonly endpoint: string;
  /** Somebody who may call everything that the command line does. */
  readonly operator: Credentials;
  /** With which the operator types commands. */
  readonly shell: Pick<Terminal, 'environment' | 'aws'>;
  /** What the schedule starts. */
  run(): Promise<RunReport>;
  stop(): void;
}

const SILENT: Telemetry = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  identify: () => undefined,
  emit: () => undefined,
};

/** @param days how long ago the first run is to be: then it is today when they have passed */
export async function deployDemo(emulator: Emulator, days: number): Promise<Service> {
  const firstRun = Date.now() - days * DAY;
  const world = await createWorld(emulator, organizationAt(firstRun), firstRun);
  const { managementAccountId, accounts } = world.organization;
  await makeBucket(emulator);
  const variables = {
    ...world.environment,
    ROTATION_MODE: 'enforce',
    ROTATION_TABLE_NAME: DEPLOYED_TABLE,
    REPORTS_URL: reportsUrlOf(world),
  };
  await deployService(world, variables);
  const withRole = accounts.filter(({ name }) => name !== WITHOUT_ROLE).map(({ id }) => id);
  await letOperatorsIn(world, [managementAccountId, ...withRole]);
  const deployed = await startFunction(emulator.endpoint, functionOf(world, variables));
  const operator = await emulator.credentialsFor(managementAccountId, OPERATORS);
  const { endpoint } = deployed;
  const shell = {
    environment: {},
    aws: { ...world.aws, endpoint, credentials: () => Promise.resolve(operator) },
  };
  await importSettings(world, shell);
  return {
    world,
    endpoint,
    operator,
    shell,
    run: async () => {
      const report = await scheduledRun(world, variables);
      await sayThatRunFinished(world);
      return report;
    },
    stop: () => deployed.close(),
  };
}

/** As src/handler.ts does it, at the emulator's time. */
async function scheduledRun({ aws }: World, variables: Readonly<Record<string, string>>): Promise<RunReport> {
  const settings = readSettings(variables);
  const counts = { calls: 0, throttles: 0 };
  const store = runMemory(settings, aws);
  const last = await readLastRun(store, SILENT);
  const run = compose(settings, readRequest({}), {
    ...aws,
    publish: true,
    counts,
    deferred: last.deferred,
    notWorkedOn: last.unreachable,
    surveyed: last.surveyed,
  });
  const keeper = keeperAt(variables['REPORTS_URL'], run.runId, aws);
  const report = await rotateOrganization(withKeeper(run, keeper));
  await conclude(report, run, { store, last, keeper }, counts, SILENT);
  return report;
}
