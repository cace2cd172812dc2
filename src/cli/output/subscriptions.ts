import pc from 'picocolors';
import type { SubscriptionState, Step } from '../../domain/subscriptions/plan.ts';
import { FILTERS_OF_A_TOPIC, FILTERS_WE_USE, type Filter } from '../../domain/subscriptions/subscription.ts';
import { clean, whole } from '../../report/common/sanitize.ts';
import { counted } from '../../report/common/wording.ts';
import type { AppliedSubscriptions } from '../../run/subscribe/apply.ts';
import { SUMMARY } from '../../run/subscribe/requests.ts';

/* What `subscribe` and `unsubscribe` will do, have done and can't do, as people read it in a terminal. */

/** The subscriptions as they are; an empty text when there are none to speak of. */
export const formatStates = (states: readonly SubscriptionState[]): string =>
  states.map((standing) => `${describeState(standing)}\n`).join('');

function describeState(state: SubscriptionState): string {
  switch (state.kind) {
    case 'subscribed':
      return `${pc.green('subscribed')}  ${clean(state.address)}: gets ${state.owner === undefined ? describeDigests(state.accountIds) : messagesOf([state.owner])} (${state.topicArn})`;
    case 'pending':
      return `${pc.yellow('pending')}  ${clean(state.address)}: has not confirmed its subscription to ${state.topicArn}. The mail with the link is from AWS Notifications; AWS drops the subscription two days after it was sent. Confirm it, then run this command again: what it lets through can't be seen or changed before.`;
    case 'moving':
      return `${pc.yellow('moving')}  account ${state.accountId}: its digests go on as before, and will go to ${state.topicArn} once this command is run again; it waits for${asList(state.waitsFor)}`;
    case 'refused': {
      const whom = [
        state.address === undefined ? [] : clean(state.address),
        state.accountIds.length > 0 ? describeAccounts(state.accountIds) : [],
      ].flat();
      return `${pc.red('refused')}  ${whom.length > 0 ? `${whom.join(', ')}: ` : ''}${clean(state.why)}\n  Next step: ${whole(state.nextStep)}`;
    }
    case 'not-subscribed':
      return `${pc.cyan('note')}  ${clean(state.address)}: gets nothing of this already`;
    case 'unread':
      return `${pc.red('NOBODY')}  would be sure to receive the digests of ${describeAccounts(state.accountIds)} then. What is announced there does not count any more: no key is switched off or deleted by its date until somebody else is subscribed and has confirmed (access-key-rotation subscribe).`;
    case 'note':
      return `${pc.cyan('note')}  ${clean(state.message)}`;
  }
}

/** The question that is asked before anything is done, in whole lines. */
export function formatSteps(steps: readonly Step[]): string {
  const mails = steps.filter(({ kind: does }) => does === 'subscribe').length;
  const about =
    mails === 0
      ? ''
      : `AWS sends ${counted(mails, 'mail', 'mails')} with a link; nothing reaches an address before it was opened there.\n`;
  return `This will\n${steps.map((step) => `  - ${describeStep(step)}\n`).join('')}${about}`;
}

function describeStep(step: Step): string {
  switch (step.kind) {
    case 'create-topic':
      return `make the topic ${step.topicArn} for account ${step.accountId}, like ${step.like}, where we use ${FILTERS_WE_USE} of ${FILTERS_OF_A_TOPIC} filter policies at most`;
    case 'subscribe':
      return step.insteadOf === undefined
        ? `subscribe ${clean(step.endpoint)} to ${describeFilter(step.filter)} of ${step.topicArn}`
        : `subscribe ${clean(step.protocol)} ${clean(step.endpoint)} to ${step.topicArn} too, so that it misses nothing when the account moves there from ${step.insteadOf}`;
    case 'extend':
      return `let ${clean(step.endpoint)} have ${describeAccounts(step.accountIds)} of ${step.topicArn} too`;
    case 'widen':
      return `let ${clean(step.endpoint)} have ${describeFilter(step.filter)} of ${step.topicArn}`;
    case 'leave-out-owners':
      return `keep from ${clean(step.endpoint)} the messages for owners on ${step.topicArn}, since the digests have all that is in them`;
    case 'add-owner':
      return `let ${clean(step.endpoint)} have ${messagesOf([step.owner])} of ${step.topicArn} too`;
    case 'remove-owner':
      return `no longer send ${messagesOf([step.owner])} of ${step.topicArn} to ${clean(step.endpoint)}`;
    case 'unsubscribe':
      return `unsubscribe ${clean(step.endpoint)} from ${describeFilter(step.filter)} of ${step.topicArn}`;
    case 'switch':
      return `send the digests of account ${step.accountId} to ${step.topicArn} from now on, instead of ${step.insteadOf}: everybody who gets them has confirmed`;
    case 'narrow':
      return `take ${describeAccounts(step.accountIds)} out of what ${clean(step.endpoint)} gets from ${step.topicArn}: it gets that from a topic of its own`;
  }
}

const describeFilter = (filter: Filter): string => {
  switch (filter.kind) {
    case 'digests':
      return 'everything but the messages for owners';
    case 'owners':
      return messagesOf(filter.owners);
    case 'unknown':
      return 'what its owner has chosen';
    case 'everything':
      return 'everything';
    case 'accounts':
      return describeAccounts(filter.accountIds);
    case 'custom':
      return `what its filter policy lets through (${clean(filter.policy)})`;
  }
};

/** What became of the steps. */
export function formatResults(done: readonly AppliedSubscriptions[]): string {
  const failed = done.flatMap((one) => {
    if (one.status === 'done') return [];
    const what = describeStep(one.step);
    return one.status === 'skipped'
      ? [`${pc.yellow('skipped')}  ${what}\n`]
      : [
          `${pc.red('failed')}  ${what}\n  ${one.failure.during}: ${clean(one.failure.message)}\n  Next step: ${whole(one.failure.nextStep)}\n`,
        ];
  });
  const count = done.length - failed.length;
  return `${failed.join('')}${pc.bold(`${count} of ${counted(done.length, 'step', 'steps')} done`)}\n`;
}

const messagesOf = (owners: readonly string[]): string =>
  `the messages for ${owners.map((owner) => clean(owner)).join(', ')}`;

const describeDigests = (accountIds: readonly string[] | 'all'): string =>
  accountIds !== 'all' && accountIds.every((id) => id === SUMMARY)
    ? describeAccounts(accountIds)
    : `the digests of ${describeAccounts(accountIds)}`;

/** How many account ids are listed before "and n more". */
const NAMED = 5;

function describeAccounts(accountIds: readonly string[] | 'all'): string {
  if (accountIds === 'all') return 'all accounts';
  const ids = accountIds.filter((id) => id !== SUMMARY);
  if (ids.length < accountIds.length) {
    const summary = "the organization's summary";
    return ids.length === 0 ? summary : `${summary} and ${describeAccounts(ids)}`;
  }
  const rest = accountIds.length - NAMED;
  const named = accountIds.slice(0, NAMED).join(', ');
  return `${accountIds.length === 1 ? 'account' : 'accounts'} ${named}${rest > 0 ? ` and ${rest} more` : ''}`;
}

const asList = (what: readonly string[]): string => what.map((one) => `\n    - ${clean(one)}`).join('');
