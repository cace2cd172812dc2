import type { Failure } from '../../domain/errors.ts';
import { failureOf, OperationError } from '../../domain/errors.ts';
import { obstacles, readersToMove } from '../../domain/subscriptions/move-to-own-topic.ts';
import type { Step } from '../../domain/subscriptions/plan.ts';
import {
  DIGESTS,
  hasAllDigests,
  type Filter,
  type KnownFilter,
} from '../../domain/subscriptions/subscription.ts';
import type { Topics, TopicSettings } from '../ports/topics.ts';

/** What became of a step. */
export type AppliedSubscriptions =
  | { readonly step: Step; readonly status: 'done' }
  | { readonly step: Step; readonly status: 'failed'; readonly failure: Failure }
  /** A step it depends on failed. */
  | { readonly step: Step; readonly status: 'skipped' };

interface Tools {
  readonly topics: Topics;
  readonly topicSettings?: TopicSettings;
}

/** Applies the steps in order. After one that fails only those are skipped that depend on it. */
export async function applySubscriptions(
  steps: readonly Step[],
  tools: Tools,
): Promise<readonly AppliedSubscriptions[]> {
  const missing = new Set<string>();
  const done: AppliedSubscriptions[] = [];
  for (const step of steps) {
    if (missing.has(step.topicArn)) {
      done.push({ step, status: 'skipped' });
      continue;
    }
    try {
      await applyStep(step, tools);
      done.push({ step, status: 'done' });
    } catch (error) {
      if (step.kind === 'create-topic') missing.add(step.topicArn);
      done.push({ step, status: 'failed', failure: failureOf(error, step.kind) });
    }
  }
  return done;
}

/** Filters are read again: they may have changed while somebody was asked to confirm. */
async function applyStep(step: Step, { topics, topicSettings }: Tools): Promise<void> {
  switch (step.kind) {
    case 'create-topic':
      await topics.createLike(step.topicArn, step.like);
      return;
    case 'subscribe':
      await topics.subscribe(step.topicArn, step);
      return;
    case 'extend':
      await changeFilter(step, topics, (accountIds) => [...new Set([...accountIds, ...step.accountIds])]);
      return;
    case 'widen':
      await changeFilter(step, topics, () => step.filter);
      return;
    case 'leave-out-owners':
      await leaveOutOwners(step, topics);
      return;
    case 'add-owner':
      await changeOwners(step, topics, (owners) => [...new Set([...owners, step.owner])]);
      return;
    case 'remove-owner':
      await changeOwners(step, topics, (owners) => owners.filter((owner) => owner !== step.owner));
      return;
    case 'unsubscribe':
      await topics.unsubscribe(step.subscriptionArn);
      return;
    case 'narrow':
      await changeFilter(step, topics, (accountIds) =>
        accountIds.filter((id) => !step.accountIds.includes(id)),
      );
      return;
    case 'switch':
      await moveDigests(step, topics, topicSettings);
  }
}

/** A subscription without a filter policy gets everything already; one for no account at all is ended. */
async function changeFilter(
  { subscriptionArn, endpoint }: { readonly subscriptionArn: string; readonly endpoint: string },
  topics: Topics,
  change: (accountIds: readonly string[]) => readonly string[] | KnownFilter,
): Promise<void> {
  const filter: Filter = await topics.filterOf(subscriptionArn);
  if (hasAllDigests(filter)) return;
  if (filter.kind !== 'accounts') throw hasChanged(endpoint);
  const changed = change(filter.accountIds);
  if ('kind' in changed) await topics.setFilter(subscriptionArn, changed);
  else if (changed.length === 0) await topics.unsubscribe(subscriptionArn);
  else await topics.setFilter(subscriptionArn, { kind: 'accounts', accountIds: changed });
}

async function leaveOutOwners(
  { subscriptionArn, endpoint }: { readonly subscriptionArn: string; readonly endpoint: string },
  topics: Topics,
): Promise<void> {
  const { kind } = await topics.filterOf(subscriptionArn);
  if (kind === 'everything') await topics.setFilter(subscriptionArn, DIGESTS);
  else if (kind !== 'digests') throw hasChanged(endpoint);
}

/** A subscription for no owner at all is ended. */
async function changeOwners(
  { subscriptionArn, endpoint }: { readonly subscriptionArn: string; readonly endpoint: string },
  topics: Topics,
  change: (owners: readonly string[]) => readonly string[],
): Promise<void> {
  const filter = await topics.filterOf(subscriptionArn);
  if (filter.kind !== 'owners') throw hasChanged(endpoint);
  const owners = change(filter.owners);
  if (owners.length === 0) await topics.unsubscribe(subscriptionArn);
  else await topics.setFilter(subscriptionArn, { kind: 'owners', owners });
}

const hasChanged = (endpoint: string): OperationError =>
  changedMeanwhile('change the filter policy', `somebody has changed the filter policy of ${endpoint}`);

/** Only where everybody who gets the digests now also gets them from the new topic. */
async function moveDigests(
  { accountId, topicArn, insteadOf }: Extract<Step, { kind: 'switch' }>,
  topics: Topics,
  topicSettings: TopicSettings | undefined,
): Promise<void> {
  const [shared, own] = [await topics.read(insteadOf), await topics.read(topicArn)];
  const [obstacle] = obstacles(accountId, readersToMove(shared.subscriptions, accountId), shared, own);
  if (obstacle !== undefined)
    throw changedMeanwhile('move the digests', `they would now wait for ${obstacle}`);
  await topicSettings?.setTopic(accountId, topicArn);
}

const changedMeanwhile = (during: string, message: string): OperationError =>
  new OperationError({ kind: 'changed-meanwhile', during, message, nextStep: 'Run the command again.' });
