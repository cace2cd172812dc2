import {
  CreateTopicCommand,
  GetTopicAttributesCommand,
  ListTopicsCommand,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
  UnsubscribeCommand,
  type Subscription as Listed,
} from '@aws-sdk/client-sns';
import pLimit from 'p-limit';
import type { FailureKind } from '../../domain/errors.ts';
import { isKind } from '../../domain/errors.ts';
import {
  partsOfTopic,
  policyOf,
  type Filter,
  type KnownFilter,
  type Subscription,
} from '../../domain/subscriptions/subscription.ts';
import type { Topics } from '../../run/ports/topics.ts';
import { clientsByRegion } from '../client/by-region.ts';
import { countCalls } from '../client/call-counts.ts';
import { clientConfig, type AwsSettings } from '../client/config.ts';
import { distinct } from '../client/distinct.ts';
import { ask, askDone, badAnswer, required } from '../client/errors.ts';
import { readList } from '../client/pages.ts';
import { confirmedArnOf, readFilter, readSubscriptions } from './subscription-list.ts';

/** Subscriptions of one topic asked about at the same time. */
const AT_ONCE = 5;

const NO_TOPIC: Partial<Record<FailureKind, string>> = {
  'not-found': 'Correct topicArn in the settings, or ROTATION_TOPIC_ARN: there is no such topic.',
};

export function snsTopics(settings: AwsSettings): Topics {
  // The region is in the ARNs of topics and subscriptions alike.
  const at = clientsByRegion(settings, (there) =>
    countCalls(new SNSClient(clientConfig(there)), settings.counts),
  );
  const attributesOf = async (topicArn: string) => {
    const get = new GetTopicAttributesCommand({ TopicArn: topicArn });
    const { Attributes } = await ask('sns:GetTopicAttributes', () => at(topicArn).send(get), NO_TOPIC);
    required('sns:GetTopicAttributes', Attributes?.['TopicArn'], 'attributes');
    return Attributes ?? {};
  };
  const filterOf = (subscriptionArn: string) => readFilter(at(subscriptionArn), subscriptionArn);
  return {
    read: async (topicArn) => {
      const { KmsMasterKeyId: keyId } = await attributesOf(topicArn);
      const listed = await readSubscriptions(at(topicArn), topicArn, NO_TOPIC);
      const limit = pLimit(AT_ONCE);
      const subscriptions = await limit.map([...listed], (one) => toSubscription(one, topicArn, filterOf));
      return {
        arn: topicArn,
        ...(keyId ? { keyId } : {}),
        subscriptions: subscriptions.filter((one) => one !== undefined),
      };
    },
    namedAfter: async (topicArn) => {
      const topics = await readList({
        action: 'sns:ListTopics',
        fetch: (NextToken) => at(topicArn).send(new ListTopicsCommand({ NextToken })),
        things: ({ Topics }) => Topics,
        next: ({ NextToken }) => NextToken,
      });
      const named = topics
        .map(({ TopicArn }) => required('sns:ListTopics', TopicArn, 'the ARN of a topic'))
        .filter((arn) => arn.startsWith(`${topicArn}-`));
      return distinct(named, (arn) => arn);
    },
    createLike: async (topicArn, model) => {
      const { KmsMasterKeyId, DisplayName, Policy } = await attributesOf(model);
      const create = new CreateTopicCommand({
        Name: partsOfTopic(topicArn).name,
        Attributes: {
          ...(KmsMasterKeyId ? { KmsMasterKeyId } : {}),
          ...(DisplayName ? { DisplayName } : {}),
          ...(Policy ? { Policy: renamed(Policy, model, topicArn) } : {}),
        },
      });
      const { TopicArn } = await ask('sns:CreateTopic', () => at(topicArn).send(create));
      if (TopicArn !== topicArn)
        throw badAnswer('sns:CreateTopic', `the ARN ${topicArn} (got ${TopicArn ?? 'none'})`);
    },
    subscribe: async (topicArn, { protocol, endpoint, filter }) => {
      const subscribe = new SubscribeCommand({
        TopicArn: topicArn,
        Protocol: protocol,
        Endpoint: endpoint,
        ...(filter.kind === 'everything'
          ? {}
          : { Attributes: { FilterPolicy: policyOf(filter), FilterPolicyScope: scopeOf(filter) } }),
      });
      const { SubscriptionArn } = await ask('sns:Subscribe', () => at(topicArn).send(subscribe), NO_TOPIC);
      required('sns:Subscribe', SubscriptionArn, 'the ARN of a subscription');
    },
    filterOf,
    setFilter: async (subscriptionArn, filter) => {
      const set = new SetSubscriptionAttributesCommand({
        SubscriptionArn: subscriptionArn,
        AttributeName: 'FilterPolicy',
        AttributeValue: policyOf(filter),
      });
      await askDone('sns:SetSubscriptionAttributes', () => at(subscriptionArn).send(set));
    },
    unsubscribe: async (subscriptionArn) => {
      const unsubscribe = new UnsubscribeCommand({ SubscriptionArn: subscriptionArn });
      await askDone('sns:Unsubscribe', () => at(subscriptionArn).send(unsubscribe));
    },
  };
}

const scopeOf = (filter: KnownFilter): string =>
  filter.kind === 'custom' ? filter.scope : 'MessageAttributes';

/** @returns undefined for one that was removed meanwhile */
async function toSubscription(
  listed: Listed,
  topicArn: string,
  filterOf: (subscriptionArn: string) => Promise<Filter>,
): Promise<Subscription | undefined> {
  const { Protocol: protocol, Endpoint: endpoint, Owner: owner } = listed;
  const arn = confirmedArnOf(listed);
  if (protocol === undefined || endpoint === undefined) {
    throw badAnswer('sns:ListSubscriptionsByTopic', 'the protocol or the endpoint of a subscription');
  }
  if (arn === undefined) return { protocol, endpoint, filter: { kind: 'unknown' } };
  try {
    return { protocol, endpoint, arn, filter: await filterOf(arn) };
  } catch (error) {
    if (isKind(error, 'not-found')) return undefined;
    const isForeign = owner !== partsOfTopic(topicArn).accountId;
    if (isForeign && isKind(error, 'denied')) return { protocol, endpoint, arn, filter: { kind: 'unknown' } };
    throw error;
  }
}

/** A copy of a topic's policy for another topic. */
const renamed = (policy: string, from: string, to: string): string =>
  JSON.stringify(JSON.parse(policy, (_key, value: unknown) => (value === from ? to : value)));
