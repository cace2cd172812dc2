import { SNSClient, type Subscription as Listed } from '@aws-sdk/client-sns';
import pLimit from 'p-limit';
import { parseArn } from '../../domain/arn.ts';
import { isKind } from '../../domain/errors.ts';
import { readersAmong } from '../../domain/subscriptions/lets-through.ts';
import type { Filter, Subscription } from '../../domain/subscriptions/subscription.ts';
import type { ReaderLookup } from '../../run/ports/messaging.ts';
import { clientsByRegion } from '../client/by-region.ts';
import { countCalls } from '../client/call-counts.ts';
import { clientConfig, type AwsSettings } from '../client/config.ts';
import { readFilter, readSubscriptions } from './subscription-list.ts';

/** Subscriptions of one topic asked about at the same time. */
const AT_ONCE = 5;

/** Undefined where they could not be read. */
type Subscriptions = readonly Subscription[] | undefined;

/** Reads the subscriptions of each topic once, in the region that its ARN names, and works out who gets what. */
export function snsReaderLookup(settings: AwsSettings): ReaderLookup {
  const at = clientsByRegion(settings, (there) =>
    countCalls(new SNSClient(clientConfig(there)), settings.counts),
  );
  const known = new Map<string, Promise<Subscriptions>>();
  const subscriptionsOf = (topicArn: string): Promise<Subscriptions> => {
    const reading = known.get(topicArn) ?? readOrUndefined(at(topicArn), topicArn);
    known.set(topicArn, reading);
    return reading;
  };
  return {
    of: async (topicArn, message) => {
      const subscriptions = await subscriptionsOf(topicArn);
      return subscriptions === undefined ? 'unknown' : readersAmong(subscriptions, message);
    },
  };
}

/** Whatever goes wrong, the run goes on without knowing. */
async function readOrUndefined(sns: SNSClient, topicArn: string): Promise<Subscriptions> {
  try {
    const listed = await readSubscriptions(sns, topicArn);
    const limit = pLimit(AT_ONCE);
    return (await limit.map([...listed], (one) => confirmedSubscription(sns, one))).flat();
  } catch {
    return undefined;
  }
}

/** None for a subscription that nothing is delivered to: one that waits for its reader, or was removed. */
async function confirmedSubscription(sns: SNSClient, listed: Listed): Promise<readonly Subscription[]> {
  const { Protocol: protocol = '', Endpoint: endpoint = '', SubscriptionArn: arn = '' } = listed;
  if (parseArn(arn) === undefined) return [];
  let filter: Filter;
  try {
    filter = await readFilter(sns, arn);
  } catch (error) {
    if (isKind(error, 'not-found')) return [];
    filter = { kind: 'unknown' }; // SNS shows it only to the account that owns the subscription
  }
  return [{ protocol, endpoint, arn, filter }];
}
