import { deployAgain, notChecked, ok, quoted, SERVICE, verdict, wrong, type Check } from './check.ts';
import { DAY, dateOf, wholeDays, type Instant } from '../time.ts';

/* Verdicts on what starts and runs: the function and its schedule. */

export interface FunctionFacts {
  readonly arn: string;
  /** Absent: a container image. */
  readonly runtime?: string;
  /** Only to be compared with the one in use. */
  readonly externalId?: string;
  /** The bucket in which it keeps reports. */
  readonly reportsUrl?: string;
}

/** When AWS deprecates the runtimes of Node.js that Lambda still knows. */
const RUNTIME_ENDS: Readonly<Record<string, Instant>> = {
  'nodejs18.x': Date.UTC(2025, 8, 1),
  'nodejs20.x': Date.UTC(2026, 3, 30),
  'nodejs22.x': Date.UTC(2027, 3, 30),
  'nodejs24.x': Date.UTC(2028, 3, 30),
};

/** Time to plan an upgrade: AWS too gives notice 180 days ahead. */
const NEAR = 180 * DAY;

export function runtimeCheck({ runtime }: FunctionFacts, region: string, now: Instant): Check {
  if (runtime === undefined) return notChecked('function', 'runtime', 'the function is a container image');
  const end = RUNTIME_ENDS[runtime];
  if (end === undefined) {
    return notChecked('function', 'runtime', `this version doesn't know when ${runtime} ends`);
  }
  const best = Object.entries(RUNTIME_ENDS).reduce((last, one) => (one[1] > last[1] ? one : last))[0];
  const remedy =
    best === runtime
      ? `Install a newer version of access-key-rotation, then: ${deployAgain(region)}`
      : `Set provider.runtime to ${best} in serverless.yml, then: ${deployAgain(region)}`;
  return verdict('function', 'runtime', end - now > NEAR, `${runtime}, supported until ${dateOf(end)}`, {
    message: `${runtime} ${end <= now ? 'is deprecated since' : 'ends on'} ${dateOf(end)}`,
    nextStep: remedy,
  });
}

/** As the alarm run-missing has it: a run a week, and a day to spare. */
const MOST_DAYS_BETWEEN_RUNS = 8;

/** How far back {@link lastRunCheck} has to know: farther than any schedule that makes sense. */
export const LOOK_BACK = 60 * DAY;

/** @param finished undefined: no run did within {@link LOOK_BACK} */
export function lastRunCheck(finished: Instant | undefined, region: string, now: Instant): Check {
  const invoke = `npx serverless invoke -f rotate --region ${region}`;
  if (finished === undefined) {
    return wrong(
      'function',
      'last run',
      `no run has finished in the last ${LOOK_BACK / DAY} days`,
      `Start the first one, and see what it says: ${invoke}`,
    );
  }
  const when = `the last run finished on ${dateOf(finished)}`;
  if (wholeDays(finished, now) <= MOST_DAYS_BETWEEN_RUNS) return ok('function', 'last run', when);
  return wrong(
    'function',
    'last run',
    `${when}, more than ${MOST_DAYS_BETWEEN_RUNS} days ago`,
    `Look why (docs/operations.md, run-missing), and start one by hand: ${invoke}`,
  );
}

export interface ScheduleFacts {
  readonly enabled: boolean;
  readonly expression: string;
  readonly timezone?: string;
  readonly targetArn: string;
  /** As the API has them, for the command that must repeat them. */
  readonly target: unknown;
  readonly flexibleTimeWindow: unknown;
}

/** What carries out the runs: one function, or a state machine with a function for each account. */
export interface StateMachineFacts {
  readonly arn: string;
  /** As AWS has it: `ACTIVE`, or on its way to be gone. */
  readonly status: string;
}

/** Which scale is deployed, by what is there. */
export const scaleCheck = (machine: StateMachineFacts | undefined, region: string): Check =>
  machine === undefined
    ? ok('function', 'scale', 'lambda: one function for all accounts')
    : verdict('function', 'scale', machine.status === 'ACTIVE', `map: ${machine.arn}`, {
        message: `map, but the state machine ${machine.arn} is ${machine.status.toLowerCase()}`,
        nextStep: deployAgain(region),
      });

/** What the schedule has to start. */
export interface ToStart {
  /** Absent when it isn't known. */
  readonly functionArn?: string;
  /** Where runs are carried out by map; absent otherwise, and when it isn't known. */
  readonly machineArn?: string;
}

export function scheduleChecks(
  schedule: ScheduleFacts,
  region: string,
  { functionArn, machineArn }: ToStart = {},
): readonly Check[] {
  const { enabled, expression, timezone, targetArn } = schedule;
  const when = `${expression} ${timezone ?? 'UTC'}`;
  const enable = [
    `aws scheduler update-schedule --region ${region} --name ${SERVICE} --state ENABLED`,
    `--schedule-expression ${quoted(expression)}`,
    ...(timezone === undefined ? [] : [`--schedule-expression-timezone ${quoted(timezone)}`]),
    `--flexible-time-window ${quoted(JSON.stringify(schedule.flexibleTimeWindow))}`,
    `--target ${quoted(JSON.stringify(schedule.target))}`,
  ].join(' ');
  const wanted = machineArn ?? functionArn;
  const meant = targetArn === wanted || targetArn.startsWith(`${wanted}:`);
  const what = machineArn === undefined ? 'the function' : 'the state machine';
  return [
    verdict('schedule', 'enabled', enabled, `runs at ${when}`, {
      message: 'the schedule is disabled: nothing is rotated',
      nextStep: enable,
    }),
    wanted === undefined
      ? notChecked(
          'schedule',
          'target',
          `starts ${targetArn}; the function to compare it with is unknown`,
          'It is compared when the function is there and may be looked at.',
        )
      : verdict('schedule', 'target', meant, `starts ${what}`, {
          message: `starts ${targetArn}, not ${wanted}`,
          nextStep: deployAgain(region),
        }),
  ];
}
