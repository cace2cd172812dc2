import type { AccountTopic } from './account-topics.ts';
import type { SubscriptionInput, Draft, Step } from './plan.ts';
import {
  DIGESTS,
  EVERYTHING,
  isConfirmed,
  isMail,
  isSameReader,
  letsThrough,
  mayLetThrough,
  ownTopicOf,
  type Filter,
  type KnownFilter,
  type Subscription,
  type Topic,
} from './subscription.ts';

/* How an account gets from a shared topic to one of its own without anybody missing a digest. */

/** Somebody who must be subscribed to the new topic before digests go there. */
export interface Needed {
  readonly protocol: string;
  readonly endpoint: string;
  readonly filter: Filter;
}

/**
 * Everybody who gets, or may get, the account's digests from the shared topic.
 * @param all what those need who get the digests of some accounts there
 */
export const readersToMove = (
  shared: readonly Subscription[],
  accountId: string,
  all: KnownFilter = EVERYTHING,
): readonly Needed[] =>
  shared
    .filter((one) => isKnown(one) && mayLetThrough(one.filter, accountId))
    .map(({ protocol, endpoint, filter }) => ({
      protocol,
      endpoint,
      filter: filter.kind === 'accounts' ? all : filter,
    }));

/** What is pending says nothing about its filter policy, unless it is this command's own. */
const isKnown = (one: Subscription): boolean => isConfirmed(one) || one.filter.kind !== 'unknown';

type Presence = 'there' | 'pending' | 'filtered' | 'absent';

/** Whether somebody gets from the new topic what they need. */
function presenceOf(needed: Needed, own: readonly Subscription[], accountId: string): Presence {
  const mine = own.filter((one) => isSameReader(one, needed));
  const confirmed = mine.filter(isConfirmed);
  if (confirmed.some(({ filter }) => suits(filter, needed.filter, accountId))) return 'there';
  return confirmed.length > 0 ? 'filtered' : mine.length > 0 ? 'pending' : 'absent';
}

const suits = (filter: Filter, needed: Filter, accountId: string): boolean =>
  (needed.kind === 'owners' ? filter.kind === 'everything' : letsThrough(filter, accountId)) ||
  (filter.kind === 'owners' &&
    needed.kind === 'owners' &&
    needed.owners.every((owner) => filter.owners.includes(owner))) ||
  (filter.kind === 'custom' &&
    needed.kind === 'custom' &&
    filter.policy === needed.policy &&
    filter.scope === needed.scope) ||
  // Somebody has subscribed it by hand, and nobody but its owner can say with which filter policy.
  (filter.kind === 'unknown' && needed.kind === 'unknown');

/**
 * Why digests may not go to the new topic yet; empty when they may.
 * @param needed who must get them from there
 */
export function obstacles(
  accountId: string,
  needed: readonly Needed[],
  shared: Topic,
  own: Topic,
): readonly string[] {
  const nameless = shared.subscriptions
    .filter((one) => !isConfirmed(one))
    .map(
      ({ endpoint }) =>
        `${endpoint} to confirm its subscription to ${shared.arn}, or AWS to drop it after two days: until then nobody can tell whether it is for this account`,
    );
  const absent = needed.flatMap((one) => {
    const { protocol, endpoint } = one;
    switch (presenceOf(one, own.subscriptions, accountId)) {
      case 'there':
        return [];
      case 'filtered':
        return [
          `${endpoint} to lose the filter policy of its subscription to ${own.arn}, which somebody has made`,
        ];
      case 'pending':
        return [`${endpoint} to confirm its subscription to ${own.arn}`];
      case 'absent':
        return isCopied(one)
          ? [`${endpoint} to confirm its subscription to ${own.arn}`]
          : [
              `somebody to subscribe ${protocol} ${endpoint} to ${own.arn} as it is to ${shared.arn}, and to allow it to be reached from there`,
            ];
    }
  });
  return [...new Set([...nameless, ...absent])];
}

/** Queues, functions and the like need the permission of their owners for each topic. */
const isCopied = (needed: Needed): needed is Needed & { readonly filter: KnownFilter } =>
  isMail(needed) && needed.filter.kind !== 'unknown';

/** The next steps of an account on its way to a topic of its own, and what it waits for. */
export function planMove(
  { account: { id: accountId }, topicArn: sharedArn, perOwner }: AccountTopic,
  addresses: readonly string[],
  { topics }: Pick<SubscriptionInput, 'topics'>,
  { subscriptions, steps, states: standings }: Draft,
): void {
  const topicArn = ownTopicOf(sharedArn, accountId);
  const found = topics.get(topicArn);
  const own: Topic = found ?? { arn: topicArn, subscriptions: [] };
  const shared: Topic = {
    arn: sharedArn,
    ...topics.get(sharedArn),
    subscriptions: subscriptions.get(sharedArn) ?? [],
  };
  if (found !== undefined && found.keyId !== shared.keyId) {
    const waitsFor = [
      `${topicArn}, which somebody else has made, to be encrypted with the key of ${sharedArn}`,
    ];
    standings.push({ kind: 'moving', accountId, topicArn, waitsFor });
    return;
  }
  const all = perOwner === true ? DIGESTS : EVERYTHING;
  const toMove = readersToMove(shared.subscriptions, accountId, all);
  const asked = addresses
    .map((endpoint): Needed => ({ protocol: 'email', endpoint, filter: all }))
    .filter((one) => !toMove.some((other) => isSameReader(one, other)));

  if (found === undefined) steps.push({ kind: 'create-topic', topicArn, like: sharedArn, accountId });
  for (const one of [...toMove, ...asked]) {
    if (!isCopied(one) || presenceOf(one, own.subscriptions, accountId) !== 'absent') continue;
    const step: Step = { kind: 'subscribe', topicArn, ...one };
    steps.push(asked.includes(one) ? step : { ...step, insteadOf: sharedArn });
  }
  for (const one of asked) {
    const presence = presenceOf(one, own.subscriptions, accountId);
    const address = one.endpoint;
    if (presence === 'there')
      standings.push({ kind: 'subscribed', address, topicArn, accountIds: [accountId] });
    if (presence === 'pending') standings.push({ kind: 'pending', address, topicArn });
  }
  const waitsFor = obstacles(accountId, [...toMove, ...asked], shared, own);
  if (waitsFor.length > 0) standings.push({ kind: 'moving', accountId, topicArn, waitsFor });
  else steps.push({ kind: 'switch', topicArn, insteadOf: sharedArn, accountId });
}
