import {
  CreateTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  paginateListSubscriptionsByTopic,
  paginateListTopics,
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
  filterFrom,
  partsOfTopic,
  policyOf,
  type Filter,
  type KnownFilter,
  type Subscription,
} from '../../domain/subscriptions/subscription.ts';
import type { Topics } from '../../run/ports/topics.ts';
import { counted } from '../client/call-counts.ts';
import { clientConfig, type AwsSettings } from '../client/config.ts';
import { ask, badAnswer } from '../client/errors.ts';

/** Subscriptions of one topic asked about at the same time. */
const AT_ONCE = 5;

/** What SNS lists instead of an ARN: until it is confirmed, and for a while after it is removed. */
const PENDING = 'PendingConfirmation';
const REMOVED = 'Deleted';

const NO_TOPIC: Partial<Record<FailureKind, string>> = {
  'not-found': 'Correct topicArn in the settings, or ROTATION_TOPIC_ARN: there is no such topic.',
};

export function snsTopics(settings: AwsSettings): Topics {
  const clients = new Map<string, SNSClient>();
  /** The region is in the ARNs of topics and subscriptions alike. */
  const at = (arn: string): SNSClient => {
    const region = partsOfTopic(arn).region || settings.region;
    const client =
      clients.get(region) ?? counted(new SNSClient(clientConfig({ ...settings, region })), settings.counts);
    clients.set(region, client);
    return client;
  };
  const attributesOf = async (topicArn: string) => {
    const get = new GetTopicAttributesCommand({ TopicArn: topicArn });
    const { Attributes = {} } = await ask('sns:GetTopicAttributes', () => at(topicArn).send(get), NO_TOPIC);
    return Attributes;
  };
  const filterOf = async (subscriptionArn: string): Promise<Filter> => {
    const get = new GetSubscriptionAttributesCommand({ SubscriptionArn: subscriptionArn });
    const { Attributes } = await ask('sns:GetSubscriptionAttributes', () => at(subscriptionArn).send(get));
    if (Attributes === undefined) throw badAnswer('sns:GetSubscriptionAttributes', 'attributes');
    return filterFrom(Attributes['FilterPolicy'], Attributes['FilterPolicyScope']);
  };
  return {
    read: async (topicArn) => {
      const { KmsMasterKeyId: keyId } = await attributesOf(topicArn);
      const listed = await listSubscriptions(at(topicArn), topicArn);
      const limit = pLimit(AT_ONCE);
      const subscriptions = await limit.map([...listed], (one) => toSubscription(one, topicArn, filterOf));
      return {
        arn: topicArn,
        ...(keyId ? { keyId } : {}),
        subscriptions: subscriptions.filter((one) => one !== undefined),
      };
    },
    namedAfter: (topicArn) =>
      ask('sns:ListTopics', async () => {
        const found: string[] = [];
        for await (const { Topics = [] } of paginateListTopics({ client: at(topicArn) }, {})) {
          found.push(
            ...Topics.flatMap(({ TopicArn = '' }) => (TopicArn.startsWith(`${topicArn}-`) ? TopicArn : [])),
          );
        }
        return found;
      }),
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
      if (TopicArn !== topicArn) throw badAnswer('sns:CreateTopic', `the ARN ${topicArn} (got ${TopicArn})`);
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
      await ask('sns:Subscribe', () => at(topicArn).send(subscribe), NO_TOPIC);
    },
    filterOf,
    setFilter: async (subscriptionArn, filter) => {
      const set = new SetSubscriptionAttributesCommand({
        SubscriptionArn: subscriptionArn,
        AttributeName: 'FilterPolicy',
        AttributeValue: policyOf(filter),
      });
      await ask('sns:SetSubscriptionAttributes', () => at(subscriptionArn).send(set));
    },
    unsubscribe: async (subscriptionArn) => {
      const unsubscribe = new UnsubscribeCommand({ SubscriptionArn: subscriptionArn });
      await ask('sns:Unsubscribe', () => at(subscriptionArn).send(unsubscribe));
    },
  };
}

const scopeOf = (filter: KnownFilter): string =>
  filter.kind === 'by-hand' ? filter.scope : 'MessageAttributes';

const listSubscriptions = (client: SNSClient, topicArn: string): Promise<readonly Listed[]> =>
  ask(
    'sns:ListSubscriptionsByTopic',
    async () => {
      const found: Listed[] = [];
      for await (const page of paginateListSubscriptionsByTopic({ client }, { TopicArn: topicArn })) {
        found.push(...(page.Subscriptions ?? []));
      }
      return found.filter(({ SubscriptionArn }) => SubscriptionArn !== REMOVED);
    },
    NO_TOPIC,
  );

/** @returns undefined for one that was removed meanwhile */
async function toSubscription(
  { Protocol: protocol, Endpoint: endpoint, SubscriptionArn: arn, Owner: owner }: Listed,
  topicArn: string,
  filterOf: (subscriptionArn: string) => Promise<Filter>,
): Promise<Subscription | undefined> {
  if (protocol === undefined || endpoint === undefined) {
    throw badAnswer('sns:ListSubscriptionsByTopic', 'the protocol or the endpoint of a subscription');
  }
  if (arn === undefined || arn === PENDING) return { protocol, endpoint, filter: { kind: 'unknown' } };
  try {
    return { protocol, endpoint, arn, filter: await filterOf(arn) };
  } catch (error) {
    if (isKind(error, 'not-found')) return undefined;
    const isForeign = owner !== partsOfTopic(topicArn).accountId;
    if (isForeign && isKind(error, 'denied')) return { protocol, endpoint, arn, filter: { kind: 'unknown' } };
    throw error;
  }
}

/** A policy that says of one topic what it said of another. */
const renamed = (policy: string, from: string, to: string): string =>
  JSON.stringify(JSON.parse(policy, (_key, value: unknown) => (value === from ? to : value)));
