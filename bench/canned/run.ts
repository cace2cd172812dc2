import { compose } from '../../src/compose/run.ts';
import { readRequest } from '../../src/config/request.ts';
import { readSettings } from '../../src/config/settings.ts';
import { isClean, totalsOf, type Totals } from '../../src/domain/report/run-report.ts';
import type { Duration, Instant } from '../../src/domain/time.ts';
import { rotateOrganization } from '../../src/run/rotation/rotate-organization.ts';
import { organizationOf, REGION, SERVICE_ACCOUNT, TABLE, TOPIC, type CannedSeed } from './organization.ts';
import { sessionKeyId } from './identity.ts';

export interface CannedRun {
  readonly endpoint: string;
  readonly seed: CannedSeed;
  /** What time it is for the run. */
  readonly now?: Instant;
  readonly environment?: Readonly<Record<string, string>>;
  /** A week like any other: earlier runs have looked at every account. */
  readonly isFirst?: boolean;
}

export interface CannedResult {
  readonly totals: Totals;
  readonly isClean: boolean;
  readonly calls: number;
  readonly throttles: number;
  readonly elapsed: Duration;
  /** Of all threads of the process. */
  readonly cpu: Duration;
}

export const credentials = () =>
  Promise.resolve({ accessKeyId: sessionKeyId(SERVICE_ACCOUNT), secretAccessKey: 'service' });

/** One run over the organization, in this process. */
export async function runOnCanned(run: CannedRun): Promise<CannedResult> {
  const { endpoint, seed, now = Date.now(), environment = {}, isFirst = false } = run;
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  const begin = Date.now();
  const counts = { calls: 0, throttles: 0 };
  const settings = readSettings({
    ROTATION_MODE: 'enforce',
    ROTATION_TABLE_NAME: TABLE,
    ROTATION_TOPIC_ARN: TOPIC,
    ...environment,
  });
  const report = await rotateOrganization(
    compose(settings, readRequest({ mode: 'enforce' }), {
      region: REGION,
      endpoint,
      credentials,
      clock: {
        now: () => now + (Date.now() - begin),
        sleep: (duration) => new Promise((resolve) => setTimeout(resolve, duration)),
      },
      publish: true,
      counts,
      ...(isFirst ? {} : { surveyed: new Map(organizationOf(seed).accountIds.map((id) => [id, 1])) }),
    }),
  );
  const { user, system } = process.cpuUsage(cpu);
  return {
    totals: totalsOf(report.accounts),
    isClean: isClean(report),
    ...counts,
    elapsed: performance.now() - startedAt,
    cpu: (user + system) / 1000,
  };
}
