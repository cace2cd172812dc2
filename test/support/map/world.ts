import { runFiles } from '../../../src/compose/run-files.ts';
import { compose } from '../../../src/compose/run.ts';
import { readSettings } from '../../../src/config/settings.ts';
import type { RunReport } from '../../../src/domain/report/run-report.ts';
import { finishMap } from '../../../src/run/map/finish-map.ts';
import { readOrganizationPlan, readPlan } from '../../../src/run/map/read-plan.ts';
import { setAwsEnvironment } from '../../aws/support.ts';
import type { Emulator, OrganizationSeed, SeededOrganization } from '../emulator/emulator.ts';
import { REGION } from '../world.ts';
import { serveFunctions, type Answer } from './functions.ts';
import { invokeHere } from './handlers.ts';
import { BUCKET, createMap, environmentOfMap, type Ended } from './run-map.ts';

/** An emulated organization whose service runs by map. */
export interface MapWorld {
  readonly organization: SeededOrganization;
  /** What the functions find in their environment. */
  readonly environment: Readonly<Record<string, string>>;
  readonly invocations: readonly Invocation[];
  run(input?: object): Promise<Ended>;
  /** What the run put together at its end; nothing is published again. */
  report(runId: string): Promise<RunReport>;
  stop(): Promise<void>;
}

interface Invocation {
  readonly name: 'list' | 'account' | 'finish';
  readonly event: unknown;
  /** Of the account, where it is about one. */
  readonly accountId?: string;
  /** How often it was tried before. */
  readonly tried: number;
}

export interface MapOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** What happens to an invocation instead of what should. */
  readonly instead?: (invocation: Invocation, properly: () => Promise<Answer>) => Promise<Answer>;
  readonly secondsForAnAccount?: number;
}

export async function createMapWorld(
  emulator: Emulator,
  seed: OrganizationSeed,
  { environment: extra = {}, instead, secondsForAnAccount }: MapOptions = {},
): Promise<MapWorld> {
  const organization = await emulator.seed({ topicReaders: ['security@example.com'], ...seed });
  const environment = { ...environmentOfMap(emulator, organization), ...extra };
  const restore = setAwsEnvironment(environment);
  process.env['REPORTS_URL'] = environment['REPORTS_URL'];
  const invocations: Invocation[] = [];
  const functions = await serveFunctions(async (name, event) => {
    const { item } = event as { readonly item?: { readonly account: { readonly id: string } } };
    const short = name.replace('access-key-rotation-', '') as Invocation['name'];
    const before = invocations.filter((one) => one.name === short && one.accountId === item?.account.id);
    const invocation = {
      name: short,
      event,
      ...(item === undefined ? {} : { accountId: item.account.id }),
      tried: before.length,
    };
    invocations.push(invocation);
    const properly = () => invokeHere(name, event);
    return await (instead === undefined ? properly() : instead(invocation, properly));
  });
  const { serviceAccountId } = organization;
  const map = await createMap(emulator, { serviceAccountId, functions }, secondsForAnAccount);
  return {
    organization,
    environment,
    invocations,
    run: (input) => map.run(input),
    report: async (runId) => {
      const aws = { region: REGION, credentials: () => Promise.resolve(organization.credentials) };
      const files = runFiles(`${emulator.endpoint}/${BUCKET}`, aws);
      const plan = await readPlan(runId, files);
      const shared = { runId, now: plan.startedAt, holder: `${runId}:test` };
      const run = compose(readSettings(environment), plan.request, {
        ...aws,
        endpoint: emulator.endpoint,
        publish: false,
        shared,
      });
      return (await finishMap(run, plan, await readOrganizationPlan(runId, files), files)).report;
    },
    stop: async () => {
      restore();
      Reflect.deleteProperty(process.env, 'REPORTS_URL');
      await functions.stop();
    },
  };
}
