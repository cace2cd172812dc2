import * as z from 'zod';
import {
  LEVELS_OF,
  SETTING_NAMES,
  type SettingName,
  type SettingValues,
  type Target,
} from '../domain/settings/setting.ts';
import { KMS_KEY, MODE, oneOf, TOPIC_ARN } from './fields.ts';
import { MODES } from '../domain/rotation/limits.ts';
import {
  DAYS_ABOVE_0,
  DAYS_FROM_0,
  DAYS_OR_OFF,
  daysAbove0,
  daysFrom0,
  daysOrOff,
  exemption,
  EXEMPTION,
  exemptions,
  EXEMPTIONS,
  formed,
  KEY_LIMIT,
  keyLimit,
  line,
  selectors,
  SELECTORS,
  TAG_NAME,
} from './setting-values.ts';

/** One setting as people write it in a file or on the command line. */
export interface Field<Value = unknown> {
  /** Its description is the meaning. */
  readonly schema: z.ZodType<Value>;
  /** What is right, for people. */
  readonly values: string;
}

type Fields = { readonly [Name in SettingName]-?: Field<NonNullable<SettingValues[Name]>> };

const field = <Value>(schema: z.ZodType<Value>, values: string, meaning: string): Field<Value> => ({
  schema: schema.describe(meaning),
  values,
});

const choice = <const Values extends readonly [string, ...string[]]>(values: Values, meaning: string) =>
  field(oneOf(values), listValues(values), meaning);

const listValues = (values: readonly string[]): string => values.map((value) => `\`${value}\``).join(', ');

const REGION = /^[a-z]{2}(-[a-z]+)+-\d{1,2}$/;

/** Every setting that can be made for a part of the organization. Times are in days. */
export const FIELDS: Fields = {
  mode: field(
    MODE,
    listValues(MODES),
    'What a run may change: nothing; replace; also switch off; also delete.',
  ),
  rotateAfter: field(daysAbove0, DAYS_ABOVE_0, 'From this age a key in use gets a replacement (days).'),
  deactivateAfter: field(
    daysAbove0,
    DAYS_ABOVE_0,
    'From this age a replaced key may be switched off (days).',
  ),
  deleteAfter: field(daysAbove0, DAYS_ABOVE_0, 'From this age a key that is off may be deleted (days).'),
  adoptionGrace: field(
    daysFrom0,
    DAYS_FROM_0,
    'Least time between the delivery of a replacement, or a published notice, and switching off (days).',
  ),
  recoveryGrace: field(daysFrom0, DAYS_FROM_0, 'Least time between switching off and deleting (days).'),
  unusedAfter: field(
    daysOrOff,
    DAYS_OR_OFF,
    'A key not used for this long is retired instead of replaced (days). `off`: every key counts as used.',
  ),
  inUseWindow: field(daysFrom0, DAYS_FROM_0, 'A key used within this time is still in use (days).'),
  noticeBefore: field(daysFrom0, DAYS_FROM_0, 'Digests list what falls due within this time (days).'),
  whenStillInUse: choice(
    ['deactivate', 'wait'],
    'At the deadline, for a key that we have replaced and that is still in use.',
  ),
  whenTwoKeysInUse: choice(
    ['escalate', 'deactivate-least-recently-used'],
    'For two keys, both in use, neither replacing the other: ask a person, or switch off the one used less recently.',
  ),
  maxDeactivations: field(
    keyLimit,
    KEY_LIMIT,
    'Most keys switched off per account and run; over it none is. A share is never less than 5 keys.',
  ),
  maxDeletions: field(
    keyLimit,
    KEY_LIMIT,
    'Most keys deleted per account and run; over it none is. A share is never less than 5 keys.',
  ),
  topicArn: field(
    formed(TOPIC_ARN, 'the ARN of a standard SNS topic'),
    'the ARN of a standard SNS topic',
    'Where digests go. Needed in every mode but `audit`.',
  ),
  digestFrequency: choice(
    ['when-something-happened', 'weekly'],
    'When there is a digest: when there is something to say, or once a week anyway.',
  ),
  includeUsers: field(selectors, SELECTORS, 'Only these users are rotated; all when empty.'),
  excludeUsers: field(selectors, SELECTORS, 'These users are not rotated; goes before every inclusion.'),
  exemptions: field(
    exemptions,
    EXEMPTIONS,
    'Who is left alone until a date. Those of all levels add up; of several that concern a user the longest holds.',
  ),
  exemption: field(exemption, EXEMPTION, 'The same for one user.'),
  owner: field(line(256), 'a text of 1 to 256 characters on one line', 'Who answers for the keys.'),
  ownerTag: field(
    formed(TAG_NAME, 'the name of an IAM tag'),
    'the name of an IAM tag',
    'The tag of IAM users that names their owner. Goes before `owner`, except the one set for the very user.',
  ),
  secretDelivery: choice(
    ['member', 'central', 'sns-plaintext'],
    'Where the secret of a new key goes: to Secrets Manager in the account of its user, or in that of the service; or, readable for everybody who gets the digests, to the topic as well.',
  ),
  secretKmsKeyId: field(
    formed(KMS_KEY, 'the id, alias or ARN of a KMS key'),
    'the id, alias or ARN of a KMS key; for `central` the ARN of a customer-managed key',
    'The key that encrypts the secrets; `aws/secretsmanager` when not set.',
  ),
  secretReplicaRegions: field(
    z.array(formed(REGION, 'a region like eu-central-1'), 'must be a list of regions'),
    'a list of regions like eu-central-1',
    'Regions that the secrets are replicated to.',
  ),
  snsPlaintextToEmail: choice(
    ['refused', 'confirmed'],
    'Whether `sns-plaintext` may send secrets to topics with e-mail subscriptions.',
  ),
};

/** What can be set for a kind of target. */
export const namesFor = (level: Target['level']): readonly SettingName[] =>
  SETTING_NAMES.filter((name) => LEVELS_OF[name].includes(level));
