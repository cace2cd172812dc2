import type { Account } from '../account.ts';
import { digestsOfChanges } from '../report/digest-attributes.ts';
import type { Mode } from '../rotation/limits.ts';
import { readersAmong } from './lets-through.ts';
import type { Step, SubscriptionPlan, SubscriptionState } from './plan.ts';
import { isConfirmed, isMail, type Subscription, type Topic } from './subscription.ts';

/** What is to be taken from an address. */
export type Unwanted =
  /** All that it gets by mail. */
  | { readonly kind: 'everything' }
  /** The digests of these accounts, or the organization's summary, which counts as one. */
  | { readonly kind: 'accounts'; readonly accountIds: readonly string[] }
  | { readonly kind: 'owner'; readonly owner: string };

/** An account whose notices count because somebody reads its topic. */
export interface ReadAccount {
  readonly account: Pick<Account, 'id' | 'name'>;
  readonly topicArn: string;
  readonly mode: Mode;
}

/** What to take from an address, and which accounts nobody would be sure to read of after it. */
export function planUnsubscription(
  address: string,
  unwanted: Unwanted,
  topics: readonly Topic[],
  accounts: readonly ReadAccount[],
): SubscriptionPlan {
  const found = topics.map((topic) => ({ topic, ...planIn(topic, address, unwanted) }));
  const steps = found.flatMap((one) => one.steps);
  const states = found.flatMap((one) => one.states);
  const left = accounts.filter(({ topicArn, ...account }) => {
    const place = found.find(({ topic }) => topic.arn === topicArn);
    if (place === undefined || place.steps.length === 0) return false;
    return isRead(place.topic.subscriptions, account) && !isRead(place.after, account);
  });
  return {
    steps,
    states: [
      ...states,
      ...(steps.length + states.length === 0 ? [{ kind: 'not-subscribed', address } as const] : []),
      ...(left.length === 0
        ? []
        : [{ kind: 'unread', accountIds: left.map(({ account }) => account.id) } as const]),
    ],
  };
}

interface Planned {
  readonly steps: readonly Step[];
  readonly states: readonly SubscriptionState[];
  /** Who is subscribed then. */
  readonly after: readonly Subscription[];
}

function planIn(topic: Topic, address: string, unwanted: Unwanted): Planned {
  const { arn: topicArn, subscriptions } = topic;
  const steps: Step[] = [];
  const states: SubscriptionState[] = [];
  const after = subscriptions.flatMap((one) => {
    if (!isMail(one) || one.endpoint.toLowerCase() !== address.toLowerCase()) return [one];
    if (!isConfirmed(one)) {
      states.push({ kind: 'pending', address, topicArn });
      return [one];
    }
    const planned = without(one, topicArn, unwanted);
    if (planned === undefined) return [one];
    if ('why' in planned) {
      const nextStep = `Take all of it from ${address}, without saying which, then subscribe it to the rest.`;
      states.push({ kind: 'refused', address, accountIds: [], why: planned.why, nextStep });
      return [one];
    }
    steps.push(planned.step);
    return planned.rest ?? [];
  });
  return { steps, states, after };
}

type Change = { readonly step: Step; readonly rest?: Subscription } | { readonly why: string };

/** Undefined where the subscription is for something else. */
function without(
  subscription: Subscription & { readonly arn: string },
  topicArn: string,
  unwanted: Unwanted,
): Change | undefined {
  const { arn: subscriptionArn, protocol, endpoint, filter } = subscription;
  const about = { topicArn, protocol, endpoint, subscriptionArn };
  if (unwanted.kind === 'everything') return { step: { kind: 'unsubscribe', ...about, filter } };
  const rest = (left: readonly string[], narrowed: Subscription['filter']) =>
    left.length === 0 ? {} : { rest: { ...subscription, filter: narrowed } };
  switch (filter.kind) {
    case 'accounts': {
      if (unwanted.kind !== 'accounts') return undefined;
      const accountIds = filter.accountIds.filter((id) => unwanted.accountIds.includes(id));
      const left = filter.accountIds.filter((id) => !unwanted.accountIds.includes(id));
      if (accountIds.length === 0) return undefined;
      return {
        step: { kind: 'narrow', ...about, accountIds },
        ...rest(left, { kind: 'accounts', accountIds: left }),
      };
    }
    case 'owners': {
      if (unwanted.kind !== 'owner' || !filter.owners.includes(unwanted.owner)) return undefined;
      const left = filter.owners.filter((owner) => owner !== unwanted.owner);
      const step = { kind: 'remove-owner', ...about, owner: unwanted.owner } as const;
      return { step, ...rest(left, { kind: 'owners', owners: left }) };
    }
    case 'digests':
      return unwanted.kind === 'owner' ? undefined : { why: `it gets all digests of ${topicArn}` };
    case 'everything':
      return { why: `it gets everything of ${topicArn}` };
    case 'custom':
      return { why: `its subscription to ${topicArn} has a filter policy made by hand (${filter.policy})` };
    case 'unknown':
      return {
        why: `its subscription to ${topicArn} belongs to another AWS account, which alone can read and change its filter policy`,
      };
  }
}

/** Whether somebody is sure to receive each digest that tells of a change. */
const isRead = (
  subscriptions: readonly Subscription[],
  { account, mode }: Omit<ReadAccount, 'topicArn'>,
): boolean =>
  digestsOfChanges(account, mode).every((message) => readersAmong(subscriptions, message) === 'somebody');
