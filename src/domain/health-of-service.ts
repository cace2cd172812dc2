import { deployAgain, ok, notChecked, quoted, SERVICE, stackOutput, verdict, wrong } from './health.ts';
import type { Area, Check } from './health.ts';
import { DAY, dateOf, type Instant } from './time.ts';

/* Verdicts on what the service runs with: function, schedule, table, topic and their key. */

export interface FunctionFacts {
  readonly arn: string;
  /** Absent: a container image. */
  readonly runtime?: string;
  readonly roleArn?: string;
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
export function scheduleChecks(schedule: ScheduleFacts, region: string, functionArn?: string): readonly Check[] {
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

export interface TableFacts {
  readonly status: string;
  /** `pk HASH S`, in the order of the schema. */
  readonly keys: readonly string[];
  readonly deletionProtected: boolean;
  /** Absent: encrypted with a key that DynamoDB owns. */
  readonly keyId?: string;
}

const KEYS = ['pk HASH S', 'sk RANGE S'];

export function tableChecks(name: string, table: TableFacts, region: string): readonly Check[] {
  const { status, keys, deletionProtected } = table;
  const works = status === 'ACTIVE' || status === 'UPDATING';
  return [
    verdict('table', 'status', works, `${name} is ${status.toLowerCase()}`, {
      message: `${name} is in status ${status}`,
      nextStep: `See why, and wait until it is active: aws dynamodb describe-table --region ${region} --table-name ${name}`,
    }),
    verdict('table', 'keys', keys.join() === KEYS.join(), 'pk and sk', {
      message: `the table has the keys ${keys.join(', ')}, not ${KEYS.join(', ')}; they can't be changed`,
      nextStep: `Set the table of the stack: export ROTATION_TABLE_NAME=$(${stackOutput(region, 'TableName')})`,
    }),
    verdict('table', 'deletion protection', deletionProtected, 'enabled', {
      message: 'the table can be deleted by a slip of the hand',
      nextStep: `aws dynamodb update-table --region ${region} --table-name ${name} --deletion-protection-enabled`,
    }),
  ];
}

/** Rows that ended are kept for ever without it, and leases with them. */
export const timeToLiveCheck = (
  name: string,
  { enabled, attribute }: { readonly enabled: boolean; readonly attribute?: string },
  region: string,
): Check =>
  verdict('table', 'time to live', enabled && attribute === 'expiresAt', 'by expiresAt', {
    message: enabled ? `by ${attribute ?? 'nothing'}, not by expiresAt` : 'disabled: old rows are never removed',
    nextStep: `aws dynamodb update-time-to-live --region ${region} --table-name ${name} --time-to-live-specification Enabled=true,AttributeName=expiresAt`,
  });

export const recoveryCheck = (name: string, enabled: boolean, region: string): Check =>
  verdict('table', 'point-in-time recovery', enabled, 'enabled', {
    message: 'a table that was damaged could not be restored',
    nextStep: `aws dynamodb update-continuous-backups --region ${region} --table-name ${name} --point-in-time-recovery-specification PointInTimeRecoveryEnabled=true`,
  });

export interface SubscriptionFacts {
  readonly protocol: string;
  readonly endpoint: string;
  readonly confirmed: boolean;
}

export function subscriptionChecks(
  topicArn: string,
  subscriptions: readonly SubscriptionFacts[],
  region: string,
): readonly Check[] {
  const subscribe = (protocol: string, endpoint: string) =>
    `aws sns subscribe --region ${region} --topic-arn ${topicArn} --protocol ${protocol} --notification-endpoint ${quoted(endpoint)}`;
  if (subscriptions.length === 0) {
    const nextStep = subscribe('email', 'security@example.com');
    return [wrong('topic', 'subscriptions', 'nobody is subscribed: nobody reads a digest', nextStep)];
  }
  return subscriptions.map(({ protocol, endpoint, confirmed }) =>
    verdict('topic', `subscription of ${endpoint}`, confirmed, `${protocol}, confirmed`, {
      message: 'not confirmed: this subscriber gets nothing',
      nextStep: `Confirm it with the link in the message AWS has sent there. To have it sent again: ${subscribe(protocol, endpoint)}`,
    }),
  );
}

export interface KeyFacts {
  readonly arn: string;
  /** `Enabled`, `Disabled`, `PendingDeletion`, ... as KMS names it. */
  readonly state: string;
  /** An AWS-managed key can't be used by CloudWatch alarms, nor its policy be read. */
  readonly customerManaged: boolean;
}

/** Encrypts what it is for, and isn't going to be deleted. */
export function keyCheck(key: KeyFacts, usedBy: string, region: string): Check {
  const of = `of the ${usedBy}`;
  const id = quoted(key.arn);
  if (key.state !== 'Enabled') {
    const enable = `aws kms enable-key --region ${region} --key-id ${id}`;
    const rescue = `aws kms cancel-key-deletion --region ${region} --key-id ${id} && ${enable}`;
    const message = `${key.arn} is in state ${key.state}: the ${usedBy} can't be used`;
    return wrong('key', of, message, key.state === 'PendingDeletion' ? rescue : enable);
  }
  return key.customerManaged ? ok('key', of, `${key.arn} is enabled`) : unencrypted(usedBy, region);
}

/** Something that isn't encrypted with a key of the customer's. */
export const unencrypted = (usedBy: string, region: string): Check =>
  wrong(
    'key',
    `of the ${usedBy}`,
    `the ${usedBy} is not encrypted with a customer-managed key`,
    deployAgain(region),
  );

/** Something that isn't there at all. */
export const gone = (area: Area, what: string, region: string) => ({
  message: `${what} was not found in ${region}${area === 'schedule' ? ': nothing starts a run' : ''}`,
  nextStep: deployAgain(region),
});
