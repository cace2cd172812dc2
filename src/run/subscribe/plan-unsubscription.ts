import { parseArn } from '../../domain/arn.ts';
import type { Account } from '../../domain/account.ts';
import type { Failure } from '../../domain/errors.ts';
import { settingsOfAccount } from '../../domain/settings/account-settings.ts';
import type { SettingsSnapshot } from '../../domain/settings/setting.ts';
import { topicsOfAccounts } from '../../domain/subscriptions/account-topics.ts';
import type { SubscriptionPlan, SubscriptionState } from '../../domain/subscriptions/plan.ts';
import {
  planUnsubscription,
  type ReadAccount,
  type Unwanted,
} from '../../domain/subscriptions/plan-unsubscription.ts';
import { InputError } from '../../domain/errors.ts';
import { asksForUnits } from '../context/accounts.ts';
import type { Subscribing } from './plan.ts';
import { neighboursOf, readTopics } from './read-topics.ts';
import { summaryTopic } from './requests.ts';

/**
 * What `unsubscribe` would do; changes nothing. The topics of all accounts are looked at, those that an account is
 * about to move to or has come from, and the organization's.
 * @throws InputError when an account is named that the organization doesn't have
 * @throws OperationError when the accounts, the settings or the caller's own identity can't be read
 */
export async function prepareUnsubscription(
  address: string,
  unwanted: Unwanted,
  subscribing: Subscribing,
): Promise<SubscriptionPlan> {
  const { selection, directory, settings, sessions, topics } = subscribing;
  const snapshot = await settings.read();
  const { accounts } = await directory.list({ withOus: asksForUnits(selection, snapshot) });
  const missing = selection.onlyAccounts.filter((id) => !accounts.some((account) => account.id === id));
  if (missing.length > 0) {
    throw new InputError(missing.map((id) => `${id}: the organization has no such account`));
  }
  const ownId = parseArn(await sessions.caller())?.accountId ?? '';
  const found = topicsOfAccounts(snapshot, accounts, ownId);
  const places = [
    ...found.topics.values(),
    ...(found.organizationTopicArn === undefined ? [] : [summaryTopic(found.organizationTopicArn)]),
  ];
  const neighbours = [...(await neighboursOf(places, found, topics)).values()];
  const arns = [
    ...places.map(({ topicArn }) => topicArn),
    ...neighbours.flatMap(({ next, before }) => [next ?? [], before ?? []].flat()),
  ];
  const read = await readTopics(arns, [], subscribing);
  const readAccounts = accounts.flatMap((account) => readBy(account, snapshot));
  const plan = planUnsubscription(address, unwanted, [...read.topics.values()], readAccounts);
  return {
    steps: plan.steps,
    states: [...[...read.failures].map(([arn, failure]) => unreadable(arn, failure)), ...plan.states],
  };
}

/** None where notices count by events, or nothing of the account can be published. */
function readBy(account: Account, snapshot: SettingsSnapshot): readonly ReadAccount[] {
  const resolved = settingsOfAccount(snapshot, account);
  if (resolved.kind === 'failed') return [];
  const { topicArn, mode, noticesBy } = resolved.value.values;
  return topicArn === undefined || noticesBy === 'events' ? [] : [{ account, topicArn, mode }];
}

const unreadable = (arn: string, { during, message, nextStep }: Failure): SubscriptionState => ({
  kind: 'refused',
  accountIds: [],
  why: `${arn}: ${during}: ${message}`,
  nextStep,
});
