import * as z from 'zod';
import type { AccountSelection } from '../domain/account.ts';
import { definedOnly } from '../domain/defined-only.ts';
import { HISTORY_DAYS } from '../domain/rotation/history.ts';
import { stricter, type Limits, type Mode } from '../domain/rotation/limits.ts';
import { DEFAULT_POLICY, policyProblems, type PolicyDays } from '../domain/rotation/policy.ts';
import { InputError } from '../domain/errors.ts';
import {
  DEFAULT_SETTINGS,
  SETTING_NAMES as LEVELLED,
  type SettingName as LevelledName,
  type SettingValues,
} from '../domain/settings/setting.ts';
import { describeIssue, type IssueContext } from './describe-issue.ts';
import { accountIds, blankIsUnset, positiveCount, unitIds } from './fields.ts';
import { ENVIRONMENT_NAMES, ENVIRONMENT_SHAPE } from './setting-schema.ts';

/** The settings of the deployment, from its environment, validated. */
export interface Settings {
  /** The stricter one of ROTATION_MODE and what this run was asked for. */
  readonly mode: Mode;
  readonly roleName: string;
  /** With a slash at both ends. */
  readonly rolePath: string;
  readonly externalId?: string;
  readonly tableName?: string;
  /** How long an entry of the history is kept: from a month to seven years. */
  readonly historyDays: number;
  readonly topicArn?: string;
  readonly organizationsRoleArn?: string;
  readonly selection: Omit<AccountSelection, 'onlyAccounts'>;
  /** How to find out whom to look at. */
  readonly inventory: 'auto' | 'list' | 'credential-report';
  readonly accountConcurrency: number;
  readonly userConcurrency: number;
  readonly secretKmsKeyId?: string;
  readonly secretReaders: readonly string[];
  readonly secretAccess: SettingValues['secretAccess'];
  readonly removeOrphanedSecrets: boolean;
  readonly noticesBy: SettingValues['noticesBy'];
  readonly policy: PolicyDays;
  readonly limits: Limits;
  readonly maxDeadlineDeactivations: number;
  /** Settings of the table that the environment sets, each with its variable. The rest are defaults. */
  readonly givenBy: Readonly<Partial<Record<LevelledName, string>>>;
}

const roleArn = /^arn:[\w-]+:iam::\d{12}:role\/[\x21-\x7e]+$/;

const HISTORY_DAYS_WORDS = `must be a whole number of days from ${HISTORY_DAYS.least} to ${HISTORY_DAYS.most}`;

const Environment = z.strictObject({
  ...ENVIRONMENT_SHAPE,
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
  ROTATION_HISTORY_DAYS: z
    .string()
    .regex(/^\d+$/, HISTORY_DAYS_WORDS)
    .transform(Number)
    .refine((count) => count >= HISTORY_DAYS.least && count <= HISTORY_DAYS.most, HISTORY_DAYS_WORDS)
    .default(HISTORY_DAYS.usual),
  ROTATION_ORGANIZATIONS_ROLE_ARN: z
    .string()
    .regex(roleArn, 'must be the ARN of a role, like arn:aws:iam::111122223333:role/name')
    .optional(),
  ROTATION_INCLUDE_ACCOUNTS: accountIds,
  ROTATION_EXCLUDE_ACCOUNTS: accountIds,
  ROTATION_INCLUDE_OUS: unitIds,
  ROTATION_EXCLUDE_OUS: unitIds,
  ROTATION_INVENTORY: z
    .enum(['auto', 'list', 'credential-report'], 'must be auto, list or credential-report')
    .default('auto'),
  ROTATION_ACCOUNT_CONCURRENCY: positiveCount(100).default(40),
  ROTATION_USER_CONCURRENCY: positiveCount(20).default(4),
});

export type SettingName = keyof z.infer<typeof Environment>;
export const SETTING_NAMES = Object.keys(Environment.shape) as readonly SettingName[];

/** Some take the external id for a secret, so it isn't shown in messages. */
const IN_ENVIRONMENT: IssueContext = {
  unknown: () => `no such setting; there are ${SETTING_NAMES.join(', ')}`,
  isHidden: (name) => name === 'ROTATION_EXTERNAL_ID',
};

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads every setting from the environment; blank counts as unset.
 * @param cap the most that this one run may do: it makes ROTATION_MODE stricter, never looser
 * @throws InputError with all problems at once, each naming its setting
 */
export function readSettings(environment: Environment, cap?: Mode): Settings {
  const own = Object.entries(blankIsUnset(environment)).filter(([name]) => name.startsWith('ROTATION_'));
  const given: Readonly<Record<string, unknown>> = Object.fromEntries(own);

  const parsed = Environment.safeParse(given);
  if (parsed.success) {
    const settings = toSettings(parsed.data, given, cap);
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
    ...issues.flatMap((issue) => describeIssue(issue, given, IN_ENVIRONMENT)),
    ...problemsBetween(toSettings(Environment.parse(rest), rest, cap), wrong),
  ]);
}

/** The variables with a value that is wrong by itself, whatever the others say. */
export function wrongIn(environment: Environment): readonly string[] {
  const own = Object.entries(blankIsUnset(environment)).filter(([name]) => name.startsWith('ROTATION_'));
  const { error } = Environment.safeParse(Object.fromEntries(own));
  return (error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys : issue.path.map(String).slice(0, 1),
  );
}

/** Problems between values that are each valid. Skips checks that need a `wrong` one. */
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

function toSettings(
  found: z.infer<typeof Environment>,
  given: Readonly<Record<string, unknown>>,
  cap: Mode | undefined,
): Settings {
  const names: Partial<Record<LevelledName, string>> = ENVIRONMENT_NAMES;
  const givenBy = LEVELLED.flatMap((name) => {
    const variable = names[name];
    return variable !== undefined && variable in given ? [[name, variable] as const] : [];
  });
  const values: SettingValues = { ...DEFAULT_SETTINGS, ...levelled(found) };
  const mode = cap === undefined ? values.mode : stricter(values.mode, cap);
  const { topicArn, secretKmsKeyId, maxDeactivations, maxDeletions, maxReplacements } = values;
  return {
    ...definedOnly({
      externalId: found.ROTATION_EXTERNAL_ID,
      tableName: found.ROTATION_TABLE_NAME,
      topicArn,
      organizationsRoleArn: found.ROTATION_ORGANIZATIONS_ROLE_ARN,
      secretKmsKeyId,
    }),
    mode,
    historyDays: found.ROTATION_HISTORY_DAYS,
    roleName: found.ROTATION_ROLE_NAME,
    rolePath: found.ROTATION_ROLE_PATH,
    selection: {
      includeAccounts: found.ROTATION_INCLUDE_ACCOUNTS,
      excludeAccounts: found.ROTATION_EXCLUDE_ACCOUNTS,
      includeOus: found.ROTATION_INCLUDE_OUS,
      excludeOus: found.ROTATION_EXCLUDE_OUS,
    },
    inventory: found.ROTATION_INVENTORY,
    accountConcurrency: found.ROTATION_ACCOUNT_CONCURRENCY,
    userConcurrency: found.ROTATION_USER_CONCURRENCY,
    limits: { maxDeactivations, maxDeletions, ...definedOnly({ maxReplacements }) },
    maxDeadlineDeactivations: values.maxDeadlineDeactivations,
    noticesBy: values.noticesBy,
    secretReaders: values.secretReaders,
    secretAccess: values.secretAccess,
    removeOrphanedSecrets: values.removeOrphanedSecrets,
    policy: policyOf(values),
    givenBy: { ...Object.fromEntries(givenBy), ...(mode === values.mode ? {} : { mode: 'this run' }) },
  };
}

/** Of the settings that the table can hold, too: the values that the environment sets. */
const levelled = (found: Readonly<Record<string, unknown>>): Partial<SettingValues> =>
  Object.fromEntries(
    Object.entries(ENVIRONMENT_NAMES).flatMap(([name, variable]) =>
      found[variable] === undefined ? [] : [[name, found[variable]]],
    ),
  );

const policyOf = ({ deadlineGrace, ...values }: SettingValues): PolicyDays => ({
  ...(Object.fromEntries(
    (Object.keys(DEFAULT_POLICY) as readonly (keyof typeof values & keyof PolicyDays)[]).map((name) => [
      name,
      values[name],
    ]),
  ) as unknown as PolicyDays),
  // Its default comes of the other settings, so it is none of the defaults.
  ...definedOnly({ deadlineGrace }),
});
