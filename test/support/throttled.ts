import { compose } from '../../src/compose/run.ts';
import { readRequest } from '../../src/config/request.ts';
import { readSettings } from '../../src/config/settings.ts';
import { isClean, totalsOf, type RunReport } from '../../src/domain/report/run-report.ts';
import { SECOND } from '../../src/domain/time.ts';
import { rotateOrganization } from '../../src/run/rotation/rotate-organization.ts';
import type { Emulator } from './emulator/emulator.ts';
import { createWorld, userWithKey } from './world.ts';

/** An organization in which every key is due, and how fast IAM answers in each of its accounts. */
export interface Crowd {
  readonly accounts: number;
  /** In each account. */
  readonly users: number;
  readonly perSecond: number;
  readonly burst: number;
  readonly environment?: Readonly<Record<string, string>>;
  /** Milliseconds from the start of the run. */
  readonly timeLeft?: number;
  /** How many times faster than real the run's clock goes, for those who can't wait for its deadline. */
  readonly haste?: number;
}

export interface Measured {
  readonly report: RunReport;
  readonly clean: boolean;
  readonly replaced: number;
  readonly requests: number;
  /** Requests that were answered with Throttling. */
  readonly throttled: number;
  readonly seconds: number;
  /** Seconds from the start of the run to the end of each account, ascending. */
  readonly finished: readonly number[];
}

/** The worst week there is: the first run, which replaces every key of every account. */
export async function runThrottled(emulator: Emulator, crowd: Crowd): Promise<Measured> {
  const { accounts, users, perSecond, burst, environment = {}, timeLeft, haste = 1 } = crowd;
  const world = await createWorld(emulator, {
    accounts: Array.from({ length: accounts }, (_, index) => ({
      name: `account-${index + 1}`,
      users: Array.from({ length: users }, (_user, nth) =>
        userWithKey(`user-${nth + 1}`, { age: 70, usedAgo: 1 }),
      ),
    })),
  });
  await emulator.setRate({ service: 'iam', perSecond, burst });

  const startedAt = performance.now();
  const since = () => (performance.now() - startedAt) / SECOND;
  const start = world.clock.now();
  const clock = {
    ...world.aws.clock,
    now: () => start + haste * (world.clock.now() - start),
  };
  const counts = { calls: 0, throttles: 0 };
  const finished: number[] = [];
  const settings = readSettings({ ROTATION_MODE: 'enforce', ...world.environment, ...environment });
  const report = await rotateOrganization(
    compose(settings, readRequest({ mode: 'enforce' }), {
      ...world.aws,
      clock,
      publish: true,
      counts,
      progress: { accountsFound: () => undefined, accountDone: () => finished.push(since()) },
      ...(timeLeft === undefined ? {} : { deadline: start + timeLeft }),
    }),
  );
  return {
    report,
    clean: isClean(report),
    replaced: totalsOf(report.accounts).replaced,
    requests: counts.calls,
    throttled: counts.throttles,
    seconds: since(),
    finished,
  };
}
