import {
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  type ListSubscriptionsByTopicCommandOutput,
  type SNSClient,
  type Subscription,
} from '@aws-sdk/client-sns';
import type { FailureKind } from '../../domain/errors.ts';
import { filterFrom, type Filter } from '../../domain/subscriptions/subscription.ts';
import { distinct } from '../client/distinct.ts';
import { ask, required } from '../client/errors.ts';
import { readList, type List } from '../client/pages.ts';

/** What SNS lists instead of an ARN until the reader has confirmed. */
const PENDING = 'PendingConfirmation';
/** The same for a while after somebody was unsubscribed. */
const REMOVED = 'Deleted';

/** The subscriptions of a topic, page by page, those that ended included. */
export const subscriptionList = (
  client: SNSClient,
  topicArn: string,
  special: Partial<Record<FailureKind, string>> = {},
): List<ListSubscriptionsByTopicCommandOutput, Subscription> => ({
  action: 'sns:ListSubscriptionsByTopic',
  fetch: (NextToken) => client.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn, NextToken })),
  things: ({ Subscriptions }) => Subscriptions,
  next: ({ NextToken }) => NextToken,
  special,
});

/** All subscriptions of a topic that have not ended, each once. */
export async function readSubscriptions(
  client: SNSClient,
  topicArn: string,
  special?: Partial<Record<FailureKind, string>>,
): Promise<readonly Subscription[]> {
  const listed = await readList(subscriptionList(client, topicArn, special));
  for (const { SubscriptionArn } of listed) {
    // Otherwise it would count as one that nobody has confirmed.
    required('sns:ListSubscriptionsByTopic', SubscriptionArn, 'the ARN of a subscription');
  }
  return distinct(
    listed.filter(({ SubscriptionArn }) => SubscriptionArn !== REMOVED),
    ({ SubscriptionArn, Protocol, Endpoint, Owner }) =>
      JSON.stringify([SubscriptionArn, Protocol, Endpoint, Owner]),
  );
}

/** The ARN of a subscription; undefined until it is confirmed. */
export const confirmedArnOf = ({ SubscriptionArn }: Subscription): string | undefined =>
  SubscriptionArn === PENDING ? undefined : SubscriptionArn;

/** What a confirmed subscription lets through; the list doesn't say. */
export async function readFilter(
  client: SNSClient,
  subscriptionArn: string,
  special?: Partial<Record<FailureKind, string>>,
): Promise<Filter> {
  const get = new GetSubscriptionAttributesCommand({ SubscriptionArn: subscriptionArn });
  const { Attributes } = await ask('sns:GetSubscriptionAttributes', () => client.send(get), special);
  // Without a filter everything gets through, so that there is none has to be an answer.
  required('sns:GetSubscriptionAttributes', Attributes?.['TopicArn'], 'attributes');
  return filterFrom(Attributes?.['FilterPolicy'], Attributes?.['FilterPolicyScope']);
}
