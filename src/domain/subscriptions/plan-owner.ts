import type { Draft, SubscriptionRequest, SubscriptionState } from './plan.ts';
import {
  filtersOf,
  FILTERS_WE_USE,
  isConfirmed,
  isSameReader,
  ACCOUNTS_OF_A_FILTER,
  type Filter,
} from './subscription.ts';

/** Subscribes an address to the messages for one owner on one topic. */
export function planForOwner(
  topicArn: string,
  accountIds: readonly string[],
  { address, owner }: SubscriptionRequest & { readonly owner: string },
  draft: Draft,
): void {
  const reader = { protocol: 'email', endpoint: address };
  const there = draft.subscriptions.get(topicArn) ?? [];
  const mine = there.filter((one) => isSameReader(one, reader));
  const [confirmed] = mine.filter(isConfirmed);
  const refuse = (why: string, nextStep: string): void => {
    draft.states.push({ kind: 'refused', address, accountIds, why, nextStep });
  };
  const use = (filter: { readonly kind: 'owners'; readonly owners: readonly string[] }): void => {
    const others = there.filter((one) => one !== confirmed);
    draft.subscriptions.set(topicArn, [...others, { ...reader, ...confirmed, filter }]);
  };
  if (confirmed === undefined) {
    if (mine.length > 0) draft.states.push({ kind: 'pending', address, topicArn });
    else if (filtersOf(there) >= FILTERS_WE_USE) {
      refuse(
        `${topicArn} has ${FILTERS_WE_USE} filter policies already`,
        'Let a mailing list read them, or see docs/subscriptions.md about the quota.',
      );
    } else {
      const filter = { kind: 'owners', owners: [owner] } as const;
      draft.steps.push({ kind: 'subscribe', topicArn, ...reader, filter });
      use(filter);
    }
    return;
  }
  const { filter, arn, protocol, endpoint } = confirmed;
  if (filter.kind === 'everything' || (filter.kind === 'owners' && filter.owners.includes(owner))) {
    draft.states.push(subscribed(address, topicArn, owner));
  } else if (filter.kind !== 'owners') {
    refuse(
      `its subscription to ${topicArn} ${forWhat(filter)}, and an address has one subscription to a topic`,
      ELSE,
    );
  } else if (filter.owners.length >= ACCOUNTS_OF_A_FILTER) {
    refuse(`a filter policy holds ${ACCOUNTS_OF_A_FILTER} owners at most`, 'Subscribe another address.');
  } else {
    draft.steps.push({ kind: 'add-owner', topicArn, protocol, endpoint, subscriptionArn: arn, owner });
    use({ kind: 'owners', owners: [...filter.owners, owner] });
  }
}

const subscribed = (address: string, topicArn: string, owner: string): SubscriptionState => ({
  kind: 'subscribed',
  address,
  topicArn,
  accountIds: 'all',
  owner,
});

const ELSE = 'Subscribe another address, or take this one out first: access-key-rotation unsubscribe.';

function forWhat(filter: Exclude<Filter, { readonly kind: 'everything' | 'owners' }>): string {
  switch (filter.kind) {
    case 'digests':
    case 'accounts':
      return 'is for digests of accounts, which tell of all owners';
    case 'custom':
      return `has a filter policy made by hand (${filter.policy})`;
    case 'unknown':
      return 'belongs to another AWS account, which alone can read and change its filter policy';
  }
}
