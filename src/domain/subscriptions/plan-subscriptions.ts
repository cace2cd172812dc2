import type { AccountTopic } from './account-topics.ts';
import { staleFilters } from './narrow-old-filters.ts';
import { planForOwner } from './plan-owner.ts';
import { planMove } from './move-to-own-topic.ts';
import type { SubscriptionInput, Draft, SubscriptionPlan, SubscriptionRequest } from './plan.ts';
import {
  everythingNote,
  idsOf,
  plaintextNote,
  quotaIsNear,
  refusedFor,
  tooMany,
} from './subscription-states.ts';
import {
  ACCOUNTS_OF_A_FILTER,
  DIGESTS,
  EVERYTHING,
  filtersOf,
  FILTERS_WE_USE,
  hasAllDigests,
  isConfirmed,
  isSameReader,
  letsThrough,
  ownTopicOf,
  type KnownFilter,
  type Subscription,
} from './subscription.ts';

/**
 * What to do, so that everybody gets what was requested. What is so already is left alone, and
 * nobody gets less than before.
 */
export function planSubscriptions(asked: SubscriptionInput): SubscriptionPlan {
  const draft: Draft = {
    subscriptions: new Map([...asked.topics].map(([arn, topic]) => [arn, [...topic.subscriptions]])),
    steps: [],
    states: [],
    moving: new Map(
      asked.accounts.filter((one) => isMoving(one, asked)).map(({ account }) => [account.id, []]),
    ),
  };
  for (const request of asked.requests) {
    for (const place of placesOf(request, asked)) {
      if (request.owner === undefined) planIn(place, request, draft);
      else planForOwner(place.topicArn, idsOf(place.accounts), { ...request, owner: request.owner }, draft);
    }
    if (request.accountIds === 'all' && request.owner === undefined)
      draft.states.push(...everythingNote(request.address, asked, draft));
  }
  for (const one of asked.accounts) {
    const { account, plaintext } = one;
    if (plaintext !== undefined) draft.states.push(plaintextNote(account.id, plaintext));
    const addresses = draft.moving.get(account.id);
    if (addresses !== undefined) planMove(one, addresses, asked, draft);
  }
  draft.steps.push(...staleFilters(asked, draft));
  return { steps: draft.steps, states: draft.states };
}

/** Whether an account's own topic is there, and its digests still go to the shared one. */
const isMoving = (
  { account, topicArn, alone, cannotMoveReason }: AccountTopic,
  { topics }: SubscriptionInput,
): boolean => !alone && cannotMoveReason === undefined && topics.has(ownTopicOf(topicArn, account.id));

/** One topic that somebody is to be subscribed to, and for which accounts. */
interface Place {
  readonly topicArn: string;
  readonly alone: boolean;
  readonly accounts: readonly AccountTopic[];
}

function placesOf(
  { accountIds, owner }: SubscriptionRequest,
  { accounts, organizationTopicArn }: SubscriptionInput,
): readonly Place[] {
  const places = new Map<string, Place>();
  if (accountIds === 'all' && owner === undefined && organizationTopicArn !== undefined) {
    places.set(organizationTopicArn, { topicArn: organizationTopicArn, alone: false, accounts: [] });
  }
  for (const one of accounts) {
    if (accountIds !== 'all' && !accountIds.includes(one.account.id)) continue;
    const { topicArn, alone } = one;
    const place = places.get(topicArn);
    places.set(topicArn, { topicArn, alone, accounts: [...(place?.accounts ?? []), one] });
  }
  return [...places.values()];
}

function planIn(place: Place, request: SubscriptionRequest, draft: Draft): void {
  const { topicArn, alone } = place;
  const everything = request.accountIds === 'all' && !alone;
  const reader = { protocol: 'email', endpoint: request.address };
  const mine = (draft.subscriptions.get(topicArn) ?? []).filter((one) => isSameReader(one, reader));
  const confirmed = mine.filter(isConfirmed);
  const missing = idsOf(place.accounts).filter(
    (id) => !confirmed.some(({ filter }) => letsThrough(filter, id)),
  );
  // Whoever gets all digests has no use for the same once more, by owners.
  const all = place.accounts.some(({ perOwner }) => perOwner === true) ? DIGESTS : EVERYTHING;
  const whole = confirmed.find(({ filter }) => filter.kind === 'everything');
  if (whole !== undefined && all === DIGESTS && (everything || alone) && hasRoom(topicArn, draft)) {
    const { protocol, endpoint, arn } = whole;
    draft.steps.push({ kind: 'leave-out-owners', topicArn, protocol, endpoint, subscriptionArn: arn });
    replace({ ...whole, filter: DIGESTS }, topicArn, draft);
    return;
  }
  const hasEverything = confirmed.some(({ filter }) => hasAllDigests(filter));
  if (hasEverything || (!everything && missing.length === 0)) {
    draft.states.push({
      kind: 'subscribed',
      address: request.address,
      topicArn,
      accountIds: everything ? 'all' : idsOf(place.accounts),
    });
    return;
  }
  const ours = confirmed.find(({ filter }) => filter.kind === 'accounts');
  if (ours?.filter.kind === 'accounts') {
    if (everything) widen({ ...ours, filter: all }, topicArn, draft);
    else extend(ours, ours.filter.accountIds, missing, place, draft);
    return;
  }
  const theirs = confirmed[0];
  if (theirs !== undefined) draft.states.push(refusedFor(theirs, request.address, place));
  else if (mine.length > 0) draft.states.push({ kind: 'pending', address: request.address, topicArn });
  else if (everything || alone) subscribe(request.address, all, topicArn, draft);
  else subscribeFiltered(request.address, place, draft);
}

function subscribe(
  address: string,
  filter: KnownFilter,
  topicArn: string,
  { steps, subscriptions }: Draft,
): void {
  const subscription = { protocol: 'email', endpoint: address, filter };
  steps.push({ kind: 'subscribe', topicArn, ...subscription });
  subscriptions.set(topicArn, [...(subscriptions.get(topicArn) ?? []), subscription]);
}

/** Whether the topic may have one more filter policy. */
const hasRoom = (topicArn: string, { subscriptions }: Draft): boolean =>
  filtersOf(subscriptions.get(topicArn) ?? []) < FILTERS_WE_USE;

/** Accounts on their way to a topic of their own go there; so do all when the quota comes near. */
function subscribeFiltered(address: string, place: Place, draft: Draft): void {
  const { topicArn, accounts } = place;
  const staying = accounts.filter(({ account }) => !draft.moving.has(account.id));
  for (const { account } of accounts) draft.moving.get(account.id)?.push(address);
  if (staying.length === 0) return;
  if (staying.length > ACCOUNTS_OF_A_FILTER) {
    draft.states.push(tooMany(address, staying, staying.length));
  } else if (hasRoom(topicArn, draft)) {
    subscribe(address, { kind: 'accounts', accountIds: idsOf(staying) }, topicArn, draft);
  } else {
    for (const one of staying) {
      if (one.cannotMoveReason === undefined) draft.moving.set(one.account.id, [address]);
      else draft.states.push(quotaIsNear(address, one, one.cannotMoveReason));
    }
  }
}

function extend(
  ours: Subscription & { readonly arn: string },
  had: readonly string[],
  missing: readonly string[],
  { topicArn, accounts }: Place,
  draft: Draft,
): void {
  const { protocol, endpoint, arn } = ours;
  const accountIds = [...had, ...missing];
  if (accountIds.length > ACCOUNTS_OF_A_FILTER) {
    draft.states.push(
      tooMany(
        endpoint,
        accounts.filter(({ account }) => missing.includes(account.id)),
        accountIds.length,
      ),
    );
    return;
  }
  draft.steps.push({
    kind: 'extend',
    topicArn,
    protocol,
    endpoint,
    subscriptionArn: arn,
    accountIds: missing,
  });
  replace({ ...ours, filter: { kind: 'accounts', accountIds } }, topicArn, draft);
}

function widen(
  subscription: Subscription & { readonly arn: string; readonly filter: typeof EVERYTHING | typeof DIGESTS },
  topicArn: string,
  draft: Draft,
): void {
  const { protocol, endpoint, arn, filter } = subscription;
  draft.steps.push({ kind: 'widen', topicArn, protocol, endpoint, subscriptionArn: arn, filter });
  replace(subscription, topicArn, draft);
}

function replace(subscription: Subscription, topicArn: string, { subscriptions }: Draft): void {
  const others = (subscriptions.get(topicArn) ?? []).filter(({ arn }) => arn !== subscription.arn);
  subscriptions.set(topicArn, [...others, subscription]);
}
