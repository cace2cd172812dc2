import { parseArn } from '../../domain/arn.ts';
import { selectAccount, type Account, type AccountSelection } from '../../domain/account.ts';
import type { Failure } from '../../domain/errors.ts';
import { definedOnly } from '../../domain/defined-only.ts';
import { InputError } from '../../domain/errors.ts';
import { topicsOfAccounts, type AccountTopic } from '../../domain/subscriptions/account-topics.ts';
import { planSubscriptions } from '../../domain/subscriptions/plan-subscriptions.ts';
import type { SubscriptionState, SubscriptionPlan } from '../../domain/subscriptions/plan.ts';
import type { Instant } from '../../domain/time.ts';
import { asksForUnits } from '../context/accounts.ts';
import type { AccountDirectory, Sessions } from '../ports/accounts.ts';
import type { SettingsSource } from '../ports/settings.ts';
import type { Contacts, Topics, TopicSettings } from '../ports/topics.ts';
import { neighboursOf, readTopics } from './read-topics.ts';
import { resolveRequests, type Who } from './requests.ts';

/** What `subscribe` works with. */
export interface Subscribing {
  readonly now: Instant;
  /** `onlyAccounts`: whose digests; empty for all. */
  readonly selection: AccountSelection;
  readonly directory: AccountDirectory;
  readonly settings: SettingsSource;
  readonly sessions: Pick<Sessions, 'caller'>;
  readonly topics: Topics;
  readonly contacts: Contacts;
  /** Absent where there is no table to keep settings in. */
  readonly topicSettings?: TopicSettings;
}

/**
 * What there is to do; changes nothing. What is wrong with one account or topic doesn't affect the others.
 * @throws InputError when an account is asked for that the organization doesn't have
 * @throws OperationError when the accounts, the settings or the caller's own identity can't be read
 */
export async function preparePlan(who: Who, subscribing: Subscribing): Promise<SubscriptionPlan> {
  const { selection, directory, settings, sessions } = subscribing;
  const snapshot = await settings.read();
  const { accounts } = await directory.list({ withOus: asksForUnits(selection, snapshot) });
  const ownId = parseArn(await sessions.caller())?.accountId ?? '';
  const { chosen, refused } = choose(accounts, selection);

  const found = topicsOfAccounts(snapshot, accounts, ownId);
  const topics = chosen.flatMap(({ id }) => found.topics.get(id) ?? []);
  const failed = chosen.flatMap(({ id }) => refusedFor([id], found.failures.get(id)));

  const resolved = await resolveRequests(who, selection.onlyAccounts.length === 0, topics, ownId, {
    contacts: subscribing.contacts,
    ...definedOnly({ organizationTopicArn: found.organizationTopicArn }),
  });
  const organizationTopicArn = resolved.requests.some(
    ({ accountIds, owner }) => accountIds === 'all' && owner === undefined,
  )
    ? found.organizationTopicArn
    : undefined;
  const neighbours = await neighboursOf(resolved.accounts, found, subscribing.topics);
  const topicsOf = ({ account, topicArn }: AccountTopic) => {
    const { next, before } = neighbours.get(account.id) ?? {};
    return { needed: [topicArn, next], before };
  };
  const read = await readTopics(
    [
      organizationTopicArn,
      ...resolved.accounts.map(topicsOf).flatMap(({ needed, before }) => [...needed, before]),
    ].filter((arn) => arn !== undefined),
    resolved.accounts.filter((one) => topicsOf(one).before !== undefined).map(({ account }) => account.id),
    subscribing,
  );
  const failureAt = (arns: readonly (string | undefined)[]) =>
    arns
      .map((arn) => (arn === undefined ? undefined : read.failures.get(arn)))
      .find((one) => one !== undefined);
  const failureOfAccount = (one: AccountTopic) => failureAt(topicsOf(one).needed);
  const usable = resolved.accounts.filter((one) => failureOfAccount(one) === undefined);

  const plan = planSubscriptions({
    requests: resolved.requests,
    accounts: subscribing.topicSettings === undefined ? usable.map(keptWhereItIs) : usable,
    topics: read.topics,
    changedAt: read.changedAt,
    now: subscribing.now,
    ...(organizationTopicArn !== undefined && read.topics.has(organizationTopicArn)
      ? { organizationTopicArn }
      : {}),
  });
  const unread = resolved.accounts.flatMap((one) => refusedFor([one.account.id], failureOfAccount(one)));
  return {
    steps: plan.steps,
    states: [
      ...refused,
      ...failed,
      ...resolved.refused,
      ...unread,
      ...(unread.length > 0 ? [] : refusedFor([], failureAt([organizationTopicArn]))),
      ...plan.states,
    ],
  };
}

const keptWhereItIs = (topic: AccountTopic): AccountTopic => ({
  ...topic,
  cannotMoveReason:
    topic.cannotMoveReason ?? 'ROTATION_TABLE_NAME is not set, and settings are kept in that table',
});

const refusedFor = (
  accountIds: readonly string[],
  failure: Failure | undefined,
): readonly SubscriptionState[] =>
  failure === undefined
    ? []
    : [
        {
          kind: 'refused',
          accountIds,
          why: `${failure.during}: ${failure.message}`,
          nextStep: failure.nextStep,
        },
      ];

/** The accounts to subscribe to; those that were named and never get a digest are refused. */
function choose(
  accounts: readonly Account[],
  selection: AccountSelection,
): { readonly chosen: readonly Account[]; readonly refused: readonly SubscriptionState[] } {
  const { onlyAccounts } = selection;
  const missing = onlyAccounts.filter((id) => !accounts.some((account) => account.id === id));
  if (missing.length > 0) {
    throw new InputError(missing.map((id) => `${id}: the organization has no such account`));
  }
  const refused: SubscriptionState[] = [];
  const chosen = accounts.filter((account) => {
    const selected = selectAccount(account, selection);
    if (selected.kind !== 'selected' && onlyAccounts.includes(account.id)) {
      refused.push({
        kind: 'refused',
        accountIds: [account.id],
        why: `it gets no digests: ${selected.cause}`,
        nextStep: 'Leave it out, or change the settings that exclude it.',
      });
    }
    return selected.kind === 'selected';
  });
  return { chosen, refused };
}
