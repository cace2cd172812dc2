import { deployAgain, notChecked, ok, quoted, SERVICE, verdict, wrong, type Check } from './check.ts';
import { DAY, dateOf, wholeDays, type Instant } from '../time.ts';

/* Verdicts on what starts and runs: the function and its schedule. */

export interface FunctionFacts {
  readonly arn: string;
  /** Absent: a container image. */
  readonly runtime?: string;
  /** Only to be compared with the one in use. */
  readonly externalId?: string;
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

/** @param functionArn absent when it isn't known */
export function scheduleChecks(
  schedule: ScheduleFacts,
  region: string,
  functionArn?: string,
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
  const meant = targetArn === functionArn || targetArn.startsWith(`${functionArn}:`);
  return [
    verdict('schedule', 'enabled', enabled, `runs at ${when}`, {
      message: 'the schedule is disabled: nothing is rotated',
      nextStep: enable,
    }),
    functionArn === undefined
      ? notChecked(
          'schedule',
          'target',
          `starts ${targetArn}; the function to compare it with is unknown`,
          'It is compared when the function is there and may be looked at.',
        )
      : verdict('schedule', 'target', meant, 'starts the function', {
          message: `starts ${targetArn}, not ${functionArn}`,
          nextStep: deployAgain(region),
        }),
  ];
}
