import type { SubscriptionInput, Draft, Step } from './plan.ts';
import { isConfirmed, isSameReader, letsThrough, movedFrom, type Subscription } from './subscription.ts';
import { DAY } from '../time.ts';

/**
 * A run that began before the account moved may still publish to the old topic, and SNS takes up to
 * 15 minutes to heed a filter policy.
 */
const STALE_AFTER = DAY;

/** Takes accounts that have moved out of filter policies of those who get them from the new topic. */
export function staleFilters(
  { accounts, topics, changedAt, now }: Pick<SubscriptionInput, 'accounts' | 'topics' | 'changedAt' | 'now'>,
  { subscriptions }: Pick<Draft, 'subscriptions'>,
): readonly Step[] {
  const found = new Map<string, Extract<Step, { kind: 'narrow' }>>();
  for (const { account, topicArn, alone } of accounts) {
    const before = movedFrom(topicArn, account.id);
    if (!alone || before === undefined || !topics.has(before)) continue;
    const changed = changedAt.get(account.id);
    if (changed === undefined || now - changed < STALE_AFTER) continue;
    const own = topics.get(topicArn)?.subscriptions ?? [];
    for (const old of subscriptions.get(before) ?? []) {
      if (!isConfirmed(old) || !isStale(old, own, account.id)) continue;
      const { protocol, endpoint, arn } = old;
      const accountIds = [...(found.get(arn)?.accountIds ?? []), account.id];
      found.set(arn, {
        kind: 'narrow',
        topicArn: before,
        protocol,
        endpoint,
        subscriptionArn: arn,
        accountIds,
      });
    }
  }
  return [...found.values()];
}

const isStale = (old: Subscription, own: readonly Subscription[], accountId: string): boolean =>
  old.filter.kind === 'accounts' &&
  old.filter.accountIds.includes(accountId) &&
  own.some((one) => isConfirmed(one) && isSameReader(one, old) && letsThrough(one.filter, accountId));
