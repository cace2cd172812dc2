/** The service as it is deployed: the real handler, run after run, on an emulated organization. */
import type { Context } from 'aws-lambda';
import sinon from 'sinon';
import { systemClock } from '../../src/compose/environment.ts';
import { HOUR } from '../../src/domain/time.ts';
import { rotateOrganization } from '../../src/handler.ts';
import type { JsonReport } from '../../src/report/data/json-report.ts';
import { setAwsEnvironment } from '../aws/support.ts';
import { awsEnvironment } from '../cli/terminal.ts';
import type { Call, Emulator, OrganizationSeed } from './emulator/emulator.ts';
import { BUCKET, makeBucket } from './map/run-map.ts';
import { createWorld } from './world.ts';

export interface Invoked {
  readonly report: JsonReport;
  readonly calls: readonly Call[];
}

export interface Service {
  /** A whole run, with everything that it asks of AWS. */
  invoke(): Promise<Invoked>;
  /** Every owner works with the youngest key. */
  useYoungest(): Promise<void>;
  pass(days: number): Promise<void>;
}

/** Time enough: nothing here is about what a run has no time for. */
const INVOCATION = { awsRequestId: 'request', getRemainingTimeInMillis: () => 12 * HOUR } as Context;

const QUIET = { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' };

/**
 * Seeds an organization, and runs the service on it, at the emulator's time. Whatever is kept from run to run
 * is kept as in production.
 */
export async function withService<Result>(
  emulator: Emulator,
  seed: OrganizationSeed,
  use: (service: Service) => Promise<Result>,
): Promise<Result> {
  const world = await createWorld(emulator, seed);
  await makeBucket(emulator);
  const restore = setAwsEnvironment({
    ...awsEnvironment(emulator, world.organization.credentials),
    ...world.environment,
    REPORTS_URL: `${emulator.endpoint}/${BUCKET}`,
    ROTATION_MODE: 'enforce',
    ROTATION_INVENTORY: 'auto',
  });
  Object.assign(process.env, QUIET);
  // The service's clock alone: what the SDK compares with the time of the answers is the real one.
  const time = sinon.stub(systemClock, 'now').callsFake(() => world.clock.now());
  try {
    return await use({
      invoke: async () => {
        await emulator.forgetCalls();
        const report = await rotateOrganization({}, INVOCATION);
        return { report, calls: await emulator.calls() };
      },
      useYoungest: async () => {
        const users = (await emulator.snapshot()).flatMap((account) => account.users);
        await emulator.markUsed(users.flatMap(({ keys }) => youngest(keys)?.id ?? []));
      },
      pass: (days) => world.pass(days),
    });
  } finally {
    time.restore();
    for (const name of Object.keys(QUIET)) Reflect.deleteProperty(process.env, name);
    restore();
  }
}

const youngest = <Key extends { readonly createdAt: number }>(keys: readonly Key[]): Key | undefined =>
  keys.toSorted((one, other) => other.createdAt - one.createdAt)[0];
