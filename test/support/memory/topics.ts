import {
  EVERYTHING,
  type Filter,
  type Subscription,
} from '../../../src/domain/subscriptions/subscription.ts';
import type { Topics } from '../../../src/run/ports/topics.ts';
import { refusal } from './intercept.ts';

interface Held {
  readonly topicArn: string;
  readonly protocol: string;
  readonly endpoint: string;
  readonly arn: string;
  filter: Filter;
  confirmed: boolean;
}

/** SNS as `subscribe` sees it. E-mail subscriptions are pending until confirmed. */
export interface MemoryTopics {
  readonly port: Topics;
  /** What was changed, in order: `subscribe ann@example.com digests`. */
  readonly changes: readonly string[];
  add(topicArn: string, keyId?: string): void;
  /** Somebody is subscribed and has confirmed. */
  reader(topicArn: string, endpoint: string, filter?: Filter, protocol?: string): void;
  /** Addresses that have not confirmed, with their topics. */
  waiting(): readonly { readonly topicArn: string; readonly endpoint: string }[];
  confirm(topicArn: string, endpoint: string): void;
  /** What AWS does two days later. */
  dropUnconfirmed(): void;
  /** Who gets a digest of an account, published to a topic. What is made by hand lets all through. */
  deliveredTo(topicArn: string, accountId: string): readonly string[];
}

const nameOf = (arn: string): string => arn.split(':')[5] ?? '';

export function memoryTopics(): MemoryTopics {
  const topics = new Map<string, { readonly keyId?: string }>();
  let held: Held[] = [];
  let count = 0;
  const changes: string[] = [];

  const ofTopic = (topicArn: string) => held.filter((one) => one.topicArn === topicArn);
  const existing = (topicArn: string) => {
    const topic = topics.get(topicArn);
    if (topic === undefined) throw refusal('not-found', 'sns:GetTopicAttributes');
    return topic;
  };
  const changeable = (arn: string): Held => {
    const found = held.find((one) => one.arn === arn && one.confirmed);
    if (found === undefined) throw refusal('not-found', 'sns:GetSubscriptionAttributes');
    return found;
  };
  const put = (topicArn: string, { protocol, endpoint, filter }: Subscription, confirmed: boolean) => {
    existing(topicArn);
    const same = ofTopic(topicArn).find((one) => one.protocol === protocol && one.endpoint === endpoint);
    if (same === undefined) {
      count += 1;
      held.push({ topicArn, protocol, endpoint, filter, confirmed, arn: `${topicArn}:${count}` });
    }
  };
  const seen = ({ protocol, endpoint, arn, filter, confirmed }: Held): Subscription =>
    confirmed ? { protocol, endpoint, arn, filter } : { protocol, endpoint, filter: { kind: 'unknown' } };

  return {
    changes,
    port: {
      read: async (topicArn) => ({
        arn: topicArn,
        ...existing(topicArn),
        subscriptions: ofTopic(topicArn).map(seen),
      }),
      namedAfter: async (topicArn) => [...topics.keys()].filter((arn) => arn.startsWith(`${topicArn}-`)),
      createLike: async (topicArn, model) => {
        topics.set(topicArn, existing(model));
        changes.push(`create ${nameOf(topicArn)}`);
      },
      subscribe: async (topicArn, subscription) => {
        put(topicArn, subscription, subscription.protocol !== 'email');
        changes.push(`subscribe ${subscription.endpoint} ${nameOf(topicArn)}`);
      },
      filterOf: async (arn) => changeable(arn).filter,
      setFilter: async (arn, filter) => {
        const found = changeable(arn);
        found.filter = filter;
        changes.push(`filter ${found.endpoint} ${nameOf(found.topicArn)}`);
      },
      unsubscribe: async (arn) => {
        const found = changeable(arn);
        held = held.filter((one) => one !== found);
        changes.push(`unsubscribe ${found.endpoint} ${nameOf(found.topicArn)}`);
      },
    },
    add: (topicArn, keyId) => {
      topics.set(topicArn, keyId === undefined ? {} : { keyId });
    },
    reader: (topicArn, endpoint, filter = EVERYTHING, protocol = 'email') => {
      put(topicArn, { protocol, endpoint, filter }, true);
    },
    waiting: () =>
      held.filter(({ confirmed }) => !confirmed).map(({ topicArn, endpoint }) => ({ topicArn, endpoint })),
    confirm: (topicArn, endpoint) => {
      for (const one of ofTopic(topicArn)) if (one.endpoint === endpoint) one.confirmed = true;
    },
    dropUnconfirmed: () => {
      held = held.filter(({ confirmed }) => confirmed);
    },
    deliveredTo: (topicArn, accountId) =>
      ofTopic(topicArn)
        .filter(
          ({ confirmed, filter }) =>
            confirmed &&
            filter.kind !== 'owners' &&
            (filter.kind !== 'accounts' || filter.accountIds.includes(accountId)),
        )
        .map(({ endpoint }) => endpoint),
  };
}
