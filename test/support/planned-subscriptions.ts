import type { SubscriptionInput, SubscriptionState, Step } from '../../src/domain/subscriptions/plan.ts';
import { planSubscriptions } from '../../src/domain/subscriptions/plan-subscriptions.ts';

/* What a plan of subscriptions says, short enough for a table. */

/** A step as a line: `subscribe ann@example.com digests 111111111101`. */
function inLine(step: Step): string {
  const topicName = step.topicArn.split(':')[5] ?? '';
  switch (step.kind) {
    case 'create-topic':
    case 'switch':
      return `${step.kind} ${topicName}`;
    case 'subscribe':
      return `subscribe ${step.endpoint} ${topicName} ${step.filter.kind === 'accounts' ? step.filter.accountIds.join(' ') : step.filter.kind === 'owners' ? step.filter.owners.join(' ') : step.filter.kind}`;
    case 'widen':
    case 'leave-out-owners':
      return `${step.kind} ${step.endpoint} ${topicName}`;
    case 'add-owner':
    case 'remove-owner':
      return `${step.kind} ${step.endpoint} ${topicName} ${step.owner}`;
    case 'unsubscribe':
      return `unsubscribe ${step.endpoint} ${topicName} ${step.filter.kind}`;
    case 'extend':
    case 'narrow':
      return `${step.kind} ${step.endpoint} ${topicName} ${step.accountIds.join(' ')}`;
  }
}

export const stepsFor = (asked: SubscriptionInput) => planSubscriptions(asked).steps.map(inLine);

/** What is so already or can't be, without the notes beside it. */
export const statesFor = (asked: SubscriptionInput) =>
  planSubscriptions(asked)
    .states.filter(({ kind }) => kind !== 'note')
    .map(({ kind }) => kind);

export const refusals = (asked: SubscriptionInput) =>
  planSubscriptions(asked).states.filter(
    (one): one is Extract<SubscriptionState, { kind: 'refused' }> => one.kind === 'refused',
  );
