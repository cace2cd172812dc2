import type { AccountTopic } from '../../src/domain/subscriptions/account-topics.ts';
import type { SubscriptionInput } from '../../src/domain/subscriptions/plan.ts';
import {
  EVERYTHING,
  ownTopicOf,
  type Filter,
  type Subscription,
  type Topic,
} from '../../src/domain/subscriptions/subscription.ts';
import { account, T0 } from './builders.ts';

/* Topics and who is subscribed to them, as sentences. */

export const SHARED = 'arn:aws:sns:eu-central-1:999999999999:digests';
export const [APP, DATA, WEB] = ['111111111101', '111111111102', '111111111103'] as const;
export const own = (accountId: string): string => ownTopicOf(SHARED, accountId);

export const only = (...accountIds: readonly string[]): Filter => ({ kind: 'accounts', accountIds });
export const byHand: Filter = {
  kind: 'custom',
  policy: '{"severity":["critical"]}',
  scope: 'MessageAttributes',
};

export const confirmed = (
  endpoint: string,
  filter: Filter = EVERYTHING,
  protocol = 'email',
): Subscription => ({
  protocol,
  endpoint,
  filter,
  arn: `arn:subscription:${protocol}:${endpoint}`,
});
export const pending = (endpoint: string): Subscription => ({
  protocol: 'email',
  endpoint,
  filter: { kind: 'unknown' },
});

export const topic = (arn: string, ...subscriptions: readonly Subscription[]): Topic => ({
  arn,
  subscriptions,
});

/** Addresses that fill a topic with filter policies. */
export const readers = (count: number, filter: Filter = only(WEB)): readonly Subscription[] =>
  Array.from({ length: count }, (_, index) => confirmed(`reader-${index}@example.com`, filter));

/** On the shared topic by default. */
export const on = (id: string, changes: Partial<Omit<AccountTopic, 'account'>> = {}): AccountTopic => ({
  account: account({ id }),
  topicArn: SHARED,
  alone: false,
  ...changes,
});
export const alone = (id: string, topicArn = own(id)): AccountTopic => on(id, { topicArn, alone: true });

/** Ann is to get the digests of these accounts. */
export const askedBy = (
  accounts: readonly AccountTopic[],
  topics: readonly Topic[],
  changes: Partial<SubscriptionInput> = {},
): SubscriptionInput => ({
  requests: [{ address: ANN, accountIds: accounts.map(({ account: { id } }) => id) }],
  accounts,
  topics: new Map(topics.map((one) => [one.arn, one])),
  changedAt: new Map(),
  now: T0,
  ...changes,
});
export const ANN = 'ann@example.com';
export const BOB = 'bob@example.com';
export const OPS = 'ops@example.com';
