import * as z from 'zod';
import {
  LEVELS_OF,
  SETTING_NAMES,
  type SettingName,
  type SettingValues,
  type Target,
} from '../domain/settings/setting.ts';
import { KMS_KEY, principalArns, PRINCIPALS, TOPIC_ARN, trueOrFalse } from './fields.ts';
import type { PolicyDays } from '../domain/rotation/policy.ts';
import { MODES, type Mode } from '../domain/rotation/limits.ts';
import {
  count,
  days,
  daysOrNever,
  daysOver0,
  deployed,
  field,
  limit,
  oneOfThese,
  users,
  type EnvironmentField,
  type Field,
} from './setting-field.ts';
import {
  exemption,
  EXEMPTION,
  exemptions,
  EXEMPTIONS,
  formed,
  line,
  principals,
  TAG_NAME,
} from './setting-values.ts';

/** What the deployment can set, too. */
type NameInEnvironment =
  | keyof PolicyDays
  | 'mode'
  | 'maxDeactivations'
  | 'maxDeletions'
  | 'maxDeadlineDeactivations'
  | 'maxReplacements'
  | 'noticesBy'
  | 'topicArn'
  | 'secretKmsKeyId'
  | 'secretReaders'
  | 'secretAccess'
  | 'removeOrphanedSecrets';

type Fields = {
  readonly [Name in SettingName]-?: Field<NonNullable<SettingValues[Name]>> &
    (Name extends NameInEnvironment
      ? { readonly environment: EnvironmentField<NonNullable<SettingValues[Name]>> }
      : unknown);
};

const TOPIC = 'the ARN of a standard SNS topic';
const KEY = 'the id, alias or ARN of a KMS key';

const REGION =
  /^((af|ap|ca|cn|eu|il|me|mx|sa|us)(-gov|-iso[a-z]?)?|eusc-de)-(north|south|east|west|central|northeast|northwest|southeast|southwest)-[1-9]$/;

/** `aws`, `aws-cn`, `aws-us-gov` and so on: their accounts and regions have nothing to do with each other. */
export const partitionOf = (region: string): string =>
  /^(cn|us-gov|eusc|[a-z]{2}-iso[a-z]?)-/.exec(region)?.[1] ?? 'aws';

const inOnePartition = (regions: readonly string[]): boolean => new Set(regions.map(partitionOf)).size <= 1;

/** Every setting that can be made for a part of the organization. Times are in days. */
export const FIELDS: Fields = {
  mode: deployed(
    oneOfThese(MODES as readonly [Mode, ...Mode[]]),
    'What a run may change: nothing; replace; also switch off; also delete.',
    'ROTATION_MODE',
  ),
  rotateAfter: deployed(
    daysOver0,
    'From this age a key in use gets a replacement (days).',
    'ROTATION_ROTATE_AFTER_DAYS',
  ),
  deactivateAfter: deployed(
    daysOver0,
    'From this age a replaced key whose owner has moved may be switched off (days).',
    'ROTATION_DEACTIVATE_AFTER_DAYS',
  ),
  deleteAfter: deployed(
    daysOver0,
    'From this age a key that is off may be deleted, and a replaced key that is still needed may be switched off (days).',
    'ROTATION_DELETE_AFTER_DAYS',
  ),
  adoptionGrace: deployed(
    days,
    'Least time between the delivery of a replacement, or a notice, and switching off (days).',
    'ROTATION_ADOPTION_GRACE_DAYS',
  ),
  deadlineGrace: deployed(
    days,
    'Least time between the delivery of a replacement and switching off a key that is still needed (days). When not set: `deleteAfter` - `rotateAfter`, which is 30.',
    'ROTATION_DEADLINE_GRACE_DAYS',
  ),
  recoveryGrace: deployed(
    days,
    'Least time between switching off and deleting (days).',
    'ROTATION_RECOVERY_GRACE_DAYS',
  ),
  unusedAfter: deployed(
    daysOrNever,
    'A key not used for this long is retired instead of replaced (days). `off`: no key counts as unused.',
    'ROTATION_UNUSED_AFTER_DAYS',
  ),
  inUseWindow: deployed(
    days,
    'A key used within this time is still in use (days).',
    'ROTATION_IN_USE_WINDOW_DAYS',
  ),
  noticeBefore: deployed(
    days,
    'Digests list what falls due within this time (days).',
    'ROTATION_NOTICE_BEFORE_DAYS',
  ),
  whenStillInUse: deployed(
    oneOfThese(['deactivate', 'wait']),
    'At the deadline, for a key that we have replaced and that is still needed: switch it off on the announced date, or wait until nobody uses it.',
    'ROTATION_WHEN_STILL_IN_USE',
  ),
  whenNotAdopted: deployed(
    oneOfThese(['wait', 'deactivate']),
    'For a replaced key, when neither it nor its replacement was used since the delivery: wait until one of them is used or the key is unused, or switch it off at the deadline.',
    'ROTATION_WHEN_NOT_ADOPTED',
  ),
  whenTwoKeysInUse: deployed(
    oneOfThese(['escalate', 'deactivate-least-recently-used']),
    'For two keys, both in use, neither replacing the other: ask a person, or switch off the one used less recently.',
    'ROTATION_WHEN_TWO_KEYS_IN_USE',
  ),
  maxDeactivations: deployed(
    limit,
    'Most keys switched off per account and run; over it none is. A share is never less than 5 keys.',
    'ROTATION_MAX_DEACTIVATIONS',
  ),
  maxDeletions: deployed(
    limit,
    'Most keys deleted per account and run; over it none is. A share is never less than 5 keys.',
    'ROTATION_MAX_DELETIONS',
  ),
  maxDeadlineDeactivations: deployed(
    count(0),
    'Most keys of the whole organization that a run switches off at a deadline or as the less recently used; the rest waits for the next runs.',
    'ROTATION_MAX_DEADLINE_DEACTIVATIONS',
  ),
  maxReplacements: deployed(
    count(1),
    'Most keys replaced per account and run, the oldest first; the rest waits. When not set: all that are due.',
    'ROTATION_MAX_REPLACEMENTS',
  ),
  noticesBy: deployed(
    oneOfThese(['topic', 'events']),
    'What makes a notice count: that somebody receives what is published to the topic, or that the event bus has accepted the event.',
    'ROTATION_NOTICES_BY',
  ),
  topicArn: deployed(
    {
      schema: formed(TOPIC_ARN, TOPIC),
      values: TOPIC,
      text: formed(TOPIC_ARN, `${TOPIC}, like arn:aws:sns:eu-central-1:111122223333:name`),
    },
    'Where digests go. Needed in every mode but `audit`.',
    'ROTATION_TOPIC_ARN',
  ),
  digestFrequency: field(
    oneOfThese(['when-something-happened', 'weekly']),
    'When there is a digest: when there is something to say, or once a week anyway.',
  ),
  perOwner: field(
    { schema: z.boolean('must be true or false'), values: '`true`, `false`' },
    "Whether each owner of whose keys there is something to say gets a message of his own, beside the account's digest.",
  ),
  lookUpUsage: field(
    { schema: z.boolean('must be true or false'), values: '`true`, `false`' },
    "Whether a digest says who used a key that is soon switched off although it is still needed, by CloudTrail's event history. The member role has to allow it: `AllowUsage`.",
  ),
  chat: field(
    { schema: z.boolean('must be true or false'), values: '`true`, `false`' },
    'Whether subscribers by `https` get what Amazon Q Developer shows in Slack and Teams, instead of JSON for programs; for the organization that of the summary, too.',
  ),
  includeUsers: field(users, 'Only these users are rotated; all when empty.'),
  excludeUsers: field(users, 'These users are not rotated; goes before every inclusion.'),
  exemptions: field(
    { schema: exemptions, values: EXEMPTIONS },
    'Who is left alone until a date. Those of all levels add up; of several that concern a user the longest holds.',
  ),
  exemption: field({ schema: exemption, values: EXEMPTION }, 'The same for one user.'),
  owner: field(
    { schema: line(256), values: 'a text of 1 to 256 characters on one line' },
    'Who answers for the keys.',
  ),
  ownerTag: field(
    { schema: formed(TAG_NAME, 'the name of an IAM tag'), values: 'the name of an IAM tag' },
    'The tag of IAM users that names their owner. Goes before `owner`, except the one set for the very user.',
  ),
  secretDelivery: field(
    oneOfThese(['member', 'central', 'sns-plaintext']),
    'Where the secret of a new key goes: to Secrets Manager in the account of its user, or in that of the service; or, readable for everybody who gets the digests, to the topic as well.',
  ),
  secretKmsKeyId: deployed(
    { schema: formed(KMS_KEY, KEY), values: `${KEY}; for \`central\` the ARN of a customer-managed key` },
    'The key that encrypts the secrets; `aws/secretsmanager` when not set.',
    'ROTATION_SECRET_KMS_KEY_ID',
  ),
  secretReplicaRegions: field(
    {
      schema: z
        .array(formed(REGION, 'a region like eu-central-1'), 'must be a list of regions')
        .refine((regions) => new Set(regions).size === regions.length, 'must name each region once')
        .refine(
          inOnePartition,
          "must be in one partition: China, GovCloud and the others don't reach each other",
        ),
      values: 'a list of regions like eu-central-1',
    },
    'Regions that the secrets are replicated to.',
  ),
  snsPlaintextToEmail: field(
    oneOfThese(['refused', 'confirmed']),
    'Whether `sns-plaintext` may send secrets to topics with e-mail subscriptions.',
  ),
  secretReaders: deployed(
    { schema: principals, values: PRINCIPALS, text: principalArns },
    'Who may read the secrets besides the user each was made for.',
    'ROTATION_SECRET_READERS',
  ),
  secretAccess: deployed(
    oneOfThese(['open', 'restricted']),
    "Who else may read a secret: whoever the account's own policies let (`open`), or nobody but its user and `secretReaders` (`restricted`).",
    'ROTATION_SECRET_ACCESS',
  ),
  removeOrphanedSecrets: deployed(
    { schema: z.boolean('must be true or false'), values: '`true`, `false`', text: trueOrFalse },
    'Whether a secret whose user has been gone for 30 days is scheduled for deletion, 30 days ahead. They are reported anyway.',
    'ROTATION_REMOVE_ORPHANED_SECRETS',
  ),
};

/** The environment variable of each setting that the environment can set. */
export const ENVIRONMENT_NAMES = Object.fromEntries(
  Object.entries<Field>(FIELDS).flatMap(([name, { environment }]) =>
    environment === undefined ? [] : [[name, environment.name]],
  ),
) as Readonly<Record<NameInEnvironment, string>>;

/** The environment's variables for these settings. Unset, each is left to `DEFAULT_SETTINGS`. */
export const ENVIRONMENT_SHAPE: Readonly<Record<string, z.ZodType>> = Object.fromEntries(
  Object.values<Field>(FIELDS).flatMap(({ environment }) =>
    environment === undefined ? [] : [[environment.name, environment.schema.optional()]],
  ),
);

/** What can be set for a kind of target. */
export const namesFor = (level: Target['level']): readonly SettingName[] =>
  SETTING_NAMES.filter((name) => LEVELS_OF[name].includes(level));
