import type { AccountTopic } from './account-topics.ts';
import type { Draft, SubscriptionInput, SubscriptionState } from './plan.ts';
import { ACCOUNTS_OF_A_FILTER, FILTERS_WE_USE, type Subscription } from './subscription.ts';

/* What is said of a subscription that isn't made or changed, or that people should know more of. */

export const idsOf = (accounts: readonly AccountTopic[]): readonly string[] =>
  accounts.map(({ account }) => account.id);

export const refusedFor = (
  { filter }: Subscription,
  address: string,
  { topicArn, accounts }: { readonly topicArn: string; readonly accounts: readonly AccountTopic[] },
): SubscriptionState => ({
  kind: 'refused',
  address,
  accountIds: idsOf(accounts),
  why:
    filter.kind === 'owners'
      ? `its subscription to ${topicArn} is for the messages of ${filter.owners.join(', ')}, and an address has one subscription to a topic`
      : filter.kind === 'unknown'
        ? `its subscription to ${topicArn} belongs to another AWS account, which alone can read and change its filter policy`
        : `its subscription to ${topicArn} has a filter policy made by hand${filter.kind === 'custom' ? ` (${filter.policy})` : ''}, which is left as it is`,
  nextStep:
    filter.kind === 'owners'
      ? 'Subscribe another address, or take this one out first: access-key-rotation unsubscribe.'
      : 'Add the accounts to that filter policy, or remove the subscription, then run the command again.',
});

export const tooMany = (
  address: string,
  accounts: readonly AccountTopic[],
  count: number,
): SubscriptionState => ({
  kind: 'refused',
  address,
  accountIds: idsOf(accounts),
  why: `a filter policy holds ${ACCOUNTS_OF_A_FILTER} accounts at most, and these would make ${count}`,
  nextStep: 'Subscribe the address to everything: --all instead of --account.',
});

export const quotaIsNear = (
  address: string,
  { account }: AccountTopic,
  cannotMoveReason: string,
): SubscriptionState => ({
  kind: 'refused',
  address,
  accountIds: [account.id],
  why: `its topic has ${FILTERS_WE_USE} filter policies already, and the account can't be given a topic of its own: ${cannotMoveReason}`,
  nextStep: 'Subscribe the address to everything (--all), or see docs/subscriptions.md about the quota.',
});

export const everythingNote = (
  address: string,
  { organizationTopicArn }: SubscriptionInput,
  { steps }: Draft,
): readonly SubscriptionState[] =>
  steps.some(({ kind, topicArn }) => kind !== 'extend' && topicArn === organizationTopicArn)
    ? [
        {
          kind: 'note',
          message: `${address} will get everything that is published to ${organizationTopicArn}: the digests of all accounts, of those to come too, and the organization's summary.`,
        },
      ]
    : [];

export const plaintextNote = (
  accountId: string,
  toMail: NonNullable<AccountTopic['plaintext']>,
): SubscriptionState => ({
  kind: 'note',
  message:
    toMail === 'confirmed'
      ? `The secrets of new keys of account ${accountId} are published to its topic (secretDelivery sns-plaintext): they go out by mail to everybody who is subscribed.`
      : `The secrets of new keys of account ${accountId} are published to its topic (secretDelivery sns-plaintext), and may not go out by mail (snsPlaintextToEmail): with a reader by mail its keys are no longer replaced.`,
});
