import * as z from 'zod';
import type { AccountSelection } from '../domain/account.ts';
import { DEFAULT_LIMIT, type Limits, type Mode } from '../domain/rotation/limits.ts';
import { DEFAULT_POLICY, policyProblems, type PolicyDays } from '../domain/rotation/policy.ts';
import { InputError } from '../domain/errors.ts';
import { SETTING_NAMES as LEVELLED, type SettingName as LevelledName } from '../domain/settings/setting.ts';
import {
  accountIds,
  blankIsUnset,
  dayCount,
  ENVIRONMENT_NAMES,
  keyLimit,
  KMS_KEY,
  MODE,
  oneOf,
  positiveCount,
  TOPIC_ARN,
  unitIds,
} from './fields.ts';

/** What a run is told by its surroundings, validated. */
export interface Settings {
  readonly mode: Mode;
  readonly roleName: string;
  /** With a slash at both ends. */
  readonly rolePath: string;
  readonly externalId?: string;
  readonly tableName?: string;
  readonly topicArn?: string;
  readonly organizationsRoleArn?: string;
  readonly selection: Omit<AccountSelection, 'onlyAccounts'>;
  readonly accountConcurrency: number;
  readonly userConcurrency: number;
  readonly secretKmsKeyId?: string;
  readonly policy: PolicyDays;
  readonly limits: Limits;
  /** Of what can be set in the table too: which is set here, and by what. The rest are defaults. */
  readonly givenBy: Readonly<Partial<Record<LevelledName, string>>>;
}

const roleArn = /^arn:[\w-]+:iam::\d{12}:role\/[\x21-\x7e]+$/;

const Environment = z.strictObject({
  ROTATION_MODE: MODE.default('audit'),
  ROTATION_ROLE_NAME: z
    .string()
    .regex(/^[\w+=,.@-]{1,64}$/, 'must be the name of a role, without its path')
    .default('access-key-rotation'),
  ROTATION_ROLE_PATH: z
    .string()
    .regex(/^\/([\x21-\x7e]+\/)?$/, 'must begin and end with a slash, like /security/')
    .default('/'),
  ROTATION_EXTERNAL_ID: z
    .string()
    .regex(/^[\w+=,.@:/-]{2,1224}$/, 'must be 2 to 1224 letters, digits or characters of +=,.@:/-')
    .optional(),
  ROTATION_TABLE_NAME: z
    .string()
    .regex(/^[\w.-]{3,255}$/, 'must be the name of a DynamoDB table')
    .optional(),
  ROTATION_TOPIC_ARN: z
    .string()
    .regex(
      TOPIC_ARN,
      'must be the ARN of a standard SNS topic, like arn:aws:sns:eu-central-1:111122223333:name',
    )
    .optional(),
  ROTATION_ORGANIZATIONS_ROLE_ARN: z
    .string()
    .regex(roleArn, 'must be the ARN of a role, like arn:aws:iam::111122223333:role/name')
    .optional(),
  ROTATION_INCLUDE_ACCOUNTS: accountIds,
  ROTATION_EXCLUDE_ACCOUNTS: accountIds,
  ROTATION_INCLUDE_OUS: unitIds,
  ROTATION_EXCLUDE_OUS: unitIds,
  ROTATION_ACCOUNT_CONCURRENCY: positiveCount(100).default(10),
  ROTATION_USER_CONCURRENCY: positiveCount(20).default(4),
  ROTATION_MAX_DEACTIVATIONS: keyLimit.default(DEFAULT_LIMIT),
  ROTATION_MAX_DELETIONS: keyLimit.default(DEFAULT_LIMIT),
  ROTATION_SECRET_KMS_KEY_ID: z
    .string()
    .regex(KMS_KEY, 'must be the id, alias or ARN of a KMS key')
    .optional(),
  ROTATION_ROTATE_AFTER_DAYS: dayCount.default(DEFAULT_POLICY.rotateAfter),
  ROTATION_DEACTIVATE_AFTER_DAYS: dayCount.default(DEFAULT_POLICY.deactivateAfter),
  ROTATION_DELETE_AFTER_DAYS: dayCount.default(DEFAULT_POLICY.deleteAfter),
  ROTATION_ADOPTION_GRACE_DAYS: dayCount.default(DEFAULT_POLICY.adoptionGrace),
  ROTATION_RECOVERY_GRACE_DAYS: dayCount.default(DEFAULT_POLICY.recoveryGrace),
  ROTATION_UNUSED_AFTER_DAYS: z
    .union([z.literal('off'), dayCount], 'must be a number of days, or off')
    .default(90),
  ROTATION_IN_USE_WINDOW_DAYS: dayCount.default(DEFAULT_POLICY.inUseWindow),
  ROTATION_NOTICE_BEFORE_DAYS: dayCount.default(DEFAULT_POLICY.noticeBefore),
  ROTATION_WHEN_STILL_IN_USE: oneOf(['deactivate', 'wait']).default('deactivate'),
  ROTATION_WHEN_TWO_KEYS_IN_USE: oneOf(['escalate', 'deactivate-least-recently-used']).default('escalate'),
});

export type SettingName = keyof z.infer<typeof Environment>;
export const SETTING_NAMES = Object.keys(Environment.shape) as readonly SettingName[];

type Surroundings = Readonly<Record<string, string | undefined>>;

/**
 * Reads every setting from the environment; blank counts as unset.
 * @param mode asked for in this one run; goes before ROTATION_MODE
 * @throws InputError with all problems at once, each naming its setting
 */
export function readSettings(environment: Surroundings, mode?: Mode): Settings {
  const own = Object.entries(blankIsUnset(environment)).filter(([name]) => name.startsWith('ROTATION_'));
  const given: Record<string, unknown> = Object.fromEntries(own);
  if (mode !== undefined) given['ROTATION_MODE'] = mode;

  const parsed = Environment.safeParse(given);
  if (parsed.success) {
    const settings = toSettings(parsed.data, given, mode);
    const problems = problemsBetween(settings, new Set());
    if (problems.length > 0) throw new InputError(problems);
    return settings;
  }
  const { issues } = parsed.error;
  const wrong = new Set(
    issues.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : issue.path)),
  );
  const rest = Object.fromEntries(Object.entries(given).filter(([name]) => !wrong.has(name)));
  throw new InputError([
    ...issues.flatMap((issue) => inWords(issue, given)),
    ...problemsBetween(toSettings(Environment.parse(rest), rest, mode), wrong),
  ]);
}

/** What is wrong with values that are right one by one. Says nothing that rests on a `wrong` one. */
function problemsBetween(settings: Settings, wrong: ReadonlySet<PropertyKey>): readonly string[] {
  const { mode, tableName, topicArn: topic } = settings;
  const thresholds = ['rotateAfter', 'deactivateAfter', 'deleteAfter'] as const;
  const unsure = thresholds.some((name) => wrong.has(ENVIRONMENT_NAMES[name]));
  const policy = policyProblems(settings.policy)
    .filter(({ name }) => !(unsure && thresholds.some((one) => one === name)))
    .map(({ name, message }) => ({ name: ENVIRONMENT_NAMES[name], message }));
  // Without a ledger a crash could lose a secret; without a topic nobody would be warned.
  const missing = [
    {
      name: 'ROTATION_TABLE_NAME',
      value: tableName,
      why: 'it is the ledger that makes a run safe to repeat',
    },
    { name: 'ROTATION_TOPIC_ARN', value: topic, why: 'no key is deactivated without a published notice' },
  ]
    .filter(({ value }) => value === undefined && mode !== 'audit')
    .map(({ name, why }) => ({ name, message: `must be set in mode ${mode}; ${why}` }));
  return [...policy, ...missing]
    .filter(({ name }) => !wrong.has(name))
    .map(({ name, message }) => `${name}: ${message}`);
}

function inWords(issue: z.core.$ZodIssue, given: Readonly<Record<string, unknown>>): readonly string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((name) => `${name}: no such setting; there are ${SETTING_NAMES.join(', ')}`);
  }
  const name = String(issue.path[0]);
  // Somebody may take the external id for a secret, so it isn't repeated.
  const value = name === 'ROTATION_EXTERNAL_ID' ? '' : `, not ${JSON.stringify(given[name])}`;
  return [`${name}: ${issue.message}${value}`];
}

function toSettings(
  found: z.infer<typeof Environment>,
  given: Readonly<Record<string, unknown>>,
  mode: Mode | undefined,
): Settings {
  const names: Partial<Record<LevelledName, string>> = ENVIRONMENT_NAMES;
  const givenBy = LEVELLED.flatMap((name) => {
    const variable = names[name];
    return variable !== undefined && variable in given ? [[name, variable] as const] : [];
  });
  const optional = {
    externalId: found.ROTATION_EXTERNAL_ID,
    tableName: found.ROTATION_TABLE_NAME,
    topicArn: found.ROTATION_TOPIC_ARN,
    organizationsRoleArn: found.ROTATION_ORGANIZATIONS_ROLE_ARN,
    secretKmsKeyId: found.ROTATION_SECRET_KMS_KEY_ID,
  };
  return {
    ...(Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined)) as {
      [Name in keyof typeof optional]?: string;
    }),
    mode: found.ROTATION_MODE,
    roleName: found.ROTATION_ROLE_NAME,
    rolePath: found.ROTATION_ROLE_PATH,
    selection: {
      includeAccounts: found.ROTATION_INCLUDE_ACCOUNTS,
      excludeAccounts: found.ROTATION_EXCLUDE_ACCOUNTS,
      includeOus: found.ROTATION_INCLUDE_OUS,
      excludeOus: found.ROTATION_EXCLUDE_OUS,
    },
    accountConcurrency: found.ROTATION_ACCOUNT_CONCURRENCY,
    userConcurrency: found.ROTATION_USER_CONCURRENCY,
    limits: {
      maxDeactivations: found.ROTATION_MAX_DEACTIVATIONS,
      maxDeletions: found.ROTATION_MAX_DELETIONS,
    },
    policy: {
      rotateAfter: found.ROTATION_ROTATE_AFTER_DAYS,
      deactivateAfter: found.ROTATION_DEACTIVATE_AFTER_DAYS,
      deleteAfter: found.ROTATION_DELETE_AFTER_DAYS,
      adoptionGrace: found.ROTATION_ADOPTION_GRACE_DAYS,
      recoveryGrace: found.ROTATION_RECOVERY_GRACE_DAYS,
      unusedAfter: found.ROTATION_UNUSED_AFTER_DAYS,
      inUseWindow: found.ROTATION_IN_USE_WINDOW_DAYS,
      noticeBefore: found.ROTATION_NOTICE_BEFORE_DAYS,
      whenStillInUse: found.ROTATION_WHEN_STILL_IN_USE,
      whenTwoKeysInUse: found.ROTATION_WHEN_TWO_KEYS_IN_USE,
    },
    givenBy: { ...Object.fromEntries(givenBy), ...(mode === undefined ? {} : { mode: 'this run' }) },
  };
}
