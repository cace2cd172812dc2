/** Every call to AWS that a run makes, as it stands in a run of every-action.ts. */
import { keyIdOf, LEDGER, PAYMENTS, REPORTS, SERVICE } from '../support/every-action.ts';
import { inRun, key, member, ofSecret, ofUser, only, payments, row, topicOf, type Target } from './target.ts';

const ENTERING: readonly Target[] = [
  { title: 'tells who calls', at: { action: 'sts:GetCallerIdentity', accountId: SERVICE }, about: inRun },
  {
    title: 'enters an account',
    at: { action: 'sts:AssumeRole', match: { RoleArn: `*${PAYMENTS}*` } },
    about: payments,
  },
  { title: 'lists the accounts', at: { action: 'organizations:ListAccounts' }, about: inRun, paged: true },
  { title: 'lists the roots', at: { action: 'organizations:ListRoots' }, about: inRun },
  {
    title: 'lists the accounts of a unit',
    at: { action: 'organizations:ListAccountsForParent' },
    about: inRun,
    paged: true,
  },
  {
    title: 'lists the units of a unit',
    at: { action: 'organizations:ListOrganizationalUnitsForParent' },
    about: inRun,
    paged: true,
  },
  {
    title: "reads the settings' version",
    at: { action: 'dynamodb:GetItem', match: { pk: 'settings', sk: 'version' } },
    about: inRun,
  },
  {
    title: 'reads the settings',
    at: { action: 'dynamodb:Query', match: { pk: 'settings' } },
    about: inRun,
    paged: true,
  },
  {
    title: 'looks for e-mail readers of secrets',
    at: { action: 'sns:ListSubscriptionsByTopic', match: { TopicArn: topicOf(REPORTS) } },
    about: { account: REPORTS },
    paged: true,
  },
];

const READING: readonly Target[] = [
  {
    title: 'looks for keys of root',
    at: member('iam:GetAccountSummary'),
    about: { account: PAYMENTS, users: [] },
  },
  { title: 'lists the users', at: member('iam:ListUsers'), about: payments, paged: true },
  {
    title: 'lists the keys of a user',
    at: ofUser('iam:ListAccessKeys', 'new-secret'),
    about: only('new-secret'),
    paged: true,
  },
  {
    title: 'lists the keys of a user it was to deactivate one of',
    at: ofUser('iam:ListAccessKeys', 'announced'),
    about: only('announced'),
    paged: true,
  },
  {
    title: 'lists the keys of a user with a pending replacement',
    at: ofUser('iam:ListAccessKeys', 'lost'),
    about: only('lost'),
    paged: true,
  },
  {
    title: 'reads the last use of a key to be replaced',
    at: member('iam:GetAccessKeyLastUsed', { AccessKeyId: key('new-secret') }),
    about: only('new-secret'),
  },
  {
    title: 'reads the last use of a key to be deactivated',
    at: member('iam:GetAccessKeyLastUsed', { AccessKeyId: key('announced') }),
    about: only('announced'),
  },
  {
    title: 'reads the last use of a key that nobody may have',
    at: member('iam:GetAccessKeyLastUsed', { AccessKeyId: key('lost', 'B') }),
    about: only('lost'),
  },
  {
    title: 'reads the tags of an exempt user',
    at: ofUser('iam:ListUserTags', 'tagged'),
    about: only('tagged'),
    paged: true,
  },
  { title: 'reads who is in an exempt group', at: member('iam:GetGroup'), about: payments, paged: true },
];

const CHANGING: readonly Target[] = [
  { title: 'creates a key', at: ofUser('iam:CreateAccessKey', 'new-secret'), about: only('new-secret') },
  { title: 'deactivates a key', at: ofUser('iam:UpdateAccessKey', 'announced'), about: only('announced') },
  { title: 'deletes a key', at: ofUser('iam:DeleteAccessKey', 'inactive'), about: only('inactive') },
  { title: 'deletes a lost key', at: ofUser('iam:DeleteAccessKey', 'lost'), about: only('lost') },
  { title: 'makes room for a key', at: ofUser('iam:DeleteAccessKey', 'two-keys'), about: only('two-keys') },
];

const DELIVERING: readonly Target[] = [
  {
    title: 'looks whether a secret was copied',
    at: ofSecret('secretsmanager:DescribeSecret', 'new-secret'),
    about: only('new-secret'),
  },
  {
    title: 'reads the secret of a pending replacement',
    at: ofSecret('secretsmanager:DescribeSecret', 'undelivered'),
    about: only('undelivered'),
  },
  {
    title: 'makes a secret',
    at: member('secretsmanager:CreateSecret', { Name: '*/new-secret' }),
    about: only('new-secret'),
  },
  {
    title: 'makes a central secret',
    at: { action: 'secretsmanager:CreateSecret', match: { Name: `*/${LEDGER}/new-secret` } },
    about: { account: LEDGER, users: ['new-secret'] },
  },
  {
    title: 'writes down at a secret that a key is made next',
    at: ofSecret('secretsmanager:TagResource', 'old-secret'),
    about: only('old-secret'),
  },
  {
    title: 'stores a key',
    at: ofSecret('secretsmanager:PutSecretValue', 'old-secret'),
    about: only('old-secret'),
  },
  {
    title: 'lets the user read its secret',
    at: ofSecret('secretsmanager:PutResourcePolicy', 'new-secret'),
    about: only('new-secret'),
  },
  {
    title: 'copies a secret to another region',
    at: ofSecret('secretsmanager:ReplicateSecretToRegions', 'new-secret'),
    about: only('new-secret'),
  },
  {
    title: 'tests a new key',
    at: { action: 'sts:GetCallerIdentity', accountId: LEDGER },
    about: { account: LEDGER, users: ['new-secret'] },
    waits: { after: 'denied', who: `${LEDGER}/new-secret` },
  },
  {
    title: 'hands a key over',
    at: ofSecret('secretsmanager:UpdateSecretVersionStage', 'old-secret'),
    about: only('old-secret'),
  },
];

function orphans(title: string, action: string): readonly Target[] {
  const at = member(`secretsmanager:${action}`, { SecretId: '*gone*' });
  return [{ title, at, about: { account: PAYMENTS, users: [] } }];
}

/** Who reads of it, and what is left of users who are gone. */
const LOOKING_AROUND: readonly Target[] = [
  {
    title: 'reads the policy of a secret',
    at: ofSecret('secretsmanager:GetResourcePolicy', 'old-secret'),
    about: only('old-secret'),
  },
  {
    title: 'lists the secrets of an account',
    at: member('secretsmanager:ListSecrets'),
    about: { account: PAYMENTS, users: [] },
    paged: true,
  },
  ...orphans('remembers since when the user of a secret is gone', 'TagResource'),
  ...orphans('takes the copies of a secret back whose user is gone', 'RemoveRegionsFromReplication'),
  ...orphans('schedules a secret for deletion whose user is gone', 'DeleteSecret'),
  {
    title: 'reads what the subscriptions to a topic let through',
    at: { action: 'sns:GetSubscriptionAttributes', match: { SubscriptionArn: `${topicOf(PAYMENTS)}:*` } },
    about: payments,
    namesNoUser: true,
  },
];

const REMEMBERING: readonly Target[] = [
  { title: 'takes an account', at: row('PutItem', 'lease'), about: payments },
  { title: 'gives an account back', at: row('DeleteItem', 'lease'), about: { account: PAYMENTS, users: [] } },
  {
    title: 'reads the ledger',
    at: { action: 'dynamodb:Query', match: { pk: `account#${PAYMENTS}` } },
    about: payments,
    paged: true,
  },
  { title: 'begins a replacement', at: row('PutItem', 'intent#new-secret'), about: only('new-secret') },
  {
    title: 'marks a digest as pending, and clears the mark',
    at: row('UpdateItem', 'digest'),
    about: payments,
  },
  {
    title: 'remembers the notices',
    at: row('TransactWriteItems', `*key#${key('unannounced')}*`),
    about: payments,
  },
  {
    title: 'remembers that a key is off',
    at: row('UpdateItem', `key#${key('switched-off')}`),
    about: only('switched-off'),
  },
  {
    title: 'begins a deactivation',
    at: row('PutItem', `begun#${key('announced')}`),
    about: only('announced'),
  },
  {
    title: 'records a pending deletion',
    at: row('PutItem', `begun#${key('inactive')}`),
    about: only('inactive'),
  },
  {
    title: 'begins the deletion of a lost key',
    at: row('PutItem', `begun#${key('lost', 'B')}`),
    about: only('lost'),
  },
  { title: 'closes what a lost key left', at: row('DeleteItem', 'intent#lost'), about: only('lost') },
  {
    title: 'remembers a delivery',
    at: row('TransactWriteItems', '*intent#new-secret*'),
    about: only('new-secret'),
  },
  {
    title: 'remembers that a lost key was deleted',
    at: row('TransactWriteItems', `key#${key('lost', 'B')}*lost-key-deleted*`),
    about: only('lost'),
  },
  {
    title: 'remembers a deactivation',
    at: row('TransactWriteItems', `key#${key('announced')}*begun#*`),
    about: only('announced'),
  },
  {
    title: 'remembers a deletion',
    at: row('TransactWriteItems', `key#${key('inactive')}*begun#*`),
    about: only('inactive'),
  },
  {
    title: 'takes back a notice',
    at: row('UpdateItem', `key#${keyIdOf(PAYMENTS, 'OUT')}`),
    about: only('left-out'),
  },
  {
    title: 'uses what was accepted',
    at: row('TransactWriteItems', 'accepted#*', LEDGER),
    about: { account: LEDGER, users: ['announced'] },
    namesNoUser: true,
  },
  {
    title: 'ends what was accepted',
    at: row('DeleteItem', 'accepted#*', LEDGER),
    about: { account: LEDGER, users: [] },
    // It ends by itself, and lets nothing pass but what was accepted.
    leaves: `${LEDGER}: accepted#deactivations`,
  },
];

const TELLING: readonly Target[] = [
  {
    title: 'publishes a digest',
    at: { action: 'sns:Publish', match: { TopicArn: topicOf(PAYMENTS) } },
    about: payments,
  },
  {
    title: 'publishes a secret, as was asked for',
    at: { action: 'sns:Publish', match: { TopicArn: topicOf(REPORTS), Message: '*secretAccessKey*' } },
    about: { account: REPORTS, users: ['new-secret'] },
  },
  {
    title: 'publishes the summary',
    at: { action: 'sns:Publish', match: { Message: '*organization-summary*' } },
    about: { accounts: true },
  },
  {
    title: 'publishes anything at all',
    at: { action: 'sns:Publish' },
    about: { accounts: true, unpublished: true },
  },
  { title: 'puts events', at: { action: 'events:PutEvents' }, about: { accounts: true } },
];

export const TARGETS: readonly Target[] = [
  ...ENTERING,
  ...READING,
  ...CHANGING,
  ...DELIVERING,
  ...LOOKING_AROUND,
  ...REMEMBERING,
  ...TELLING,
];
