import { deployAgain, notChecked, quoted, SERVICE, verdict, type Check } from './check.ts';
import { DAY, dateOf, type Instant } from '../time.ts';

/* Verdicts on what starts and runs: the function and its schedule. */

export interface FunctionFacts {
  readonly arn: string;
  /** Absent: a container image. */
  readonly runtime?: string;
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
      ? notChecked('schedule', 'target', `starts ${targetArn}; the function to compare it with is unknown`)
      : verdict('schedule', 'target', meant, 'starts the function', {
          message: `starts ${targetArn}, not ${functionArn}`,
          nextStep: deployAgain(region),
        }),
  ];
}
