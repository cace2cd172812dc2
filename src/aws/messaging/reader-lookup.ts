import { SNSClient, type Subscription as Listed } from '@aws-sdk/client-sns';
import pLimit from 'p-limit';
import { parseArn } from '../../domain/arn.ts';
import { definedOnly } from '../../domain/defined-only.ts';
import { failureOf, isKind, type Failure, type FailureKind } from '../../domain/errors.ts';
import { readersAmong } from '../../domain/subscriptions/lets-through.ts';
import type { Subscription } from '../../domain/subscriptions/subscription.ts';
import type { ReaderLookup } from '../../run/ports/messaging.ts';
import { clientsByRegion } from '../client/by-region.ts';
import { countCalls } from '../client/call-counts.ts';
import { clientConfig, type AwsSettings } from '../client/config.ts';
import { readFilter, readSubscriptions } from './subscription-list.ts';

/** Subscriptions of one topic asked about at the same time. */
const AT_ONCE = 5;

interface Found {
  readonly subscriptions: readonly Subscription[];
  /** Why there may be others, or some may get what isn't known. */
  readonly failure?: Failure;
}

/** Reads the subscriptions of each topic once, in the region that its ARN names, and works out who gets what. */
export function snsReaderLookup(settings: AwsSettings): ReaderLookup {
  const at = clientsByRegion(settings, (there) =>
    countCalls(new SNSClient(clientConfig(there)), settings.counts),
  );
  const known = new Map<string, Promise<Found>>();
  const failures = new Map<string, Failure>();
  const read = async (topicArn: string): Promise<Found> => {
    const found = await readTopic(at(topicArn), topicArn);
    if (found.failure !== undefined) failures.set(topicArn, found.failure);
    return found;
  };
  return {
    of: async (topicArn, message) => {
      const reading = known.get(topicArn) ?? read(topicArn);
      known.set(topicArn, reading);
      return readersAmong((await reading).subscriptions, message);
    },
    failureOf: (topicArn) => failures.get(topicArn),
  };
}

/** Whatever goes wrong, the run goes on without knowing. */
async function readTopic(sns: SNSClient, topicArn: string): Promise<Found> {
  try {
    const listed = await readSubscriptions(sns, topicArn, special(topicArn));
    const limit = pLimit(AT_ONCE);
    const found = await limit.map([...listed], (one) => confirmedSubscription(sns, one, topicArn));
    const failure = found.find((one) => one.failure !== undefined)?.failure;
    return { subscriptions: found.flatMap((one) => one.subscriptions), ...definedOnly({ failure }) };
  } catch (error) {
    return { subscriptions: [UNKNOWN], failure: failureOf(error, 'sns:ListSubscriptionsByTopic') };
  }
}

/** Somebody may be subscribed, to something. */
const UNKNOWN: Subscription = { protocol: '', endpoint: '', arn: '', filter: { kind: 'unknown' } };

const special = (topicArn: string): Partial<Record<FailureKind, string>> => ({
  'not-found': `Check the topic ${topicArn}: there is none of that name.`,
  denied: `Allow sns:ListSubscriptionsByTopic and sns:GetSubscriptionAttributes on ${topicArn} to the role of the service, or set noticesBy to events.`,
});

/** None for a subscription that nothing is delivered to: one that waits for its reader, or was removed. */
async function confirmedSubscription(sns: SNSClient, listed: Listed, topicArn: string): Promise<Found> {
  const { Protocol: protocol = '', Endpoint: endpoint = '', SubscriptionArn: arn = '' } = listed;
  if (parseArn(arn) === undefined) return { subscriptions: [] };
  const found = { protocol, endpoint, arn };
  try {
    return { subscriptions: [{ ...found, filter: await readFilter(sns, arn, special(topicArn)) }] };
  } catch (error) {
    if (isKind(error, 'not-found')) return { subscriptions: [] };
    // SNS shows a filter only to the account that owns the subscription.
    const failure = failureOf(error, 'sns:GetSubscriptionAttributes');
    return { subscriptions: [{ ...found, filter: { kind: 'unknown' } }], failure };
  }
}
