import { expect } from 'chai';
import {
  planUnsubscription,
  type ReadAccount,
  type Unwanted,
} from '../../../src/domain/subscriptions/plan-unsubscription.ts';
import { DIGESTS, type Filter, type Topic } from '../../../src/domain/subscriptions/subscription.ts';
import {
  ANN,
  APP,
  BOB,
  byHand,
  confirmed,
  DATA,
  only,
  own,
  pending,
  SHARED,
  topic,
  WEB,
} from '../../support/subscriptions.ts';

const EVERYTHING: Unwanted = { kind: 'everything' };
const of = (...owners: readonly string[]): Filter => ({ kind: 'owners', owners });
const accounts = (...accountIds: readonly string[]): Unwanted => ({ kind: 'accounts', accountIds });
const owner: Unwanted = { kind: 'owner', owner: 'team-a' };
const shared = (...subscriptions: Parameters<typeof topic>[1][]) => topic(SHARED, ...subscriptions);
const read = (id: string, topicArn = SHARED): ReadAccount => ({
  account: { id, name: 'app' },
  topicArn,
  mode: 'enforce',
});
const planned = (unwanted: Unwanted, topics: readonly Topic[], of: readonly ReadAccount[] = []) => {
  const { steps, states } = planUnsubscription(ANN, unwanted, topics, of);
  return {
    steps: steps.map((step) =>
      [
        step.kind,
        step.topicArn.slice(SHARED.length),
        ...('accountIds' in step ? step.accountIds : []),
        ...('owner' in step ? [step.owner] : []),
        'subscriptionArn' in step ? step.subscriptionArn : '',
      ]
        .filter((part) => part !== '')
        .join(' '),
    ),
    states: states.map((state) =>
      state.kind === 'unread' ? `unread ${state.accountIds.join(' ')}` : state.kind,
    ),
  };
};
const ARN = confirmed(ANN).arn ?? '';

describe('unsubscribing an address', () => {
  for (const [title, unwanted, topics, steps, states] of [
    [
      'takes all of it',
      EVERYTHING,
      [shared(confirmed(ANN, only(APP)), confirmed(BOB))],
      [`unsubscribe ${ARN}`],
      [],
    ],
    [
      'in any case of its letters',
      EVERYTHING,
      [shared(confirmed('Ann@Example.com'))],
      ['unsubscribe arn:subscription:email:Ann@Example.com'],
      [],
    ],
    [
      'takes what was made by hand, too',
      EVERYTHING,
      [shared(confirmed(ANN, byHand))],
      [`unsubscribe ${ARN}`],
      [],
    ],
    [
      'on each topic, as text and as JSON',
      EVERYTHING,
      [shared(confirmed(ANN)), topic(own(APP), confirmed(ANN, of('x'), 'email-json'))],
      [`unsubscribe ${ARN}`, `unsubscribe -${APP} arn:subscription:email-json:${ANN}`],
      [],
    ],
    [
      'leaves what is no mail',
      EVERYTHING,
      [shared(confirmed(ANN, only(APP), 'sms'))],
      [],
      ['not-subscribed'],
    ],
    ['can not take what is pending', EVERYTHING, [shared(pending(ANN))], [], ['pending']],
    ['that has nothing says so', EVERYTHING, [shared(confirmed(BOB))], [], ['not-subscribed']],
    [
      'takes some accounts',
      accounts(APP, WEB),
      [shared(confirmed(ANN, only(APP, DATA)))],
      [`narrow ${APP} ${ARN}`],
      [],
    ],
    [
      'takes no account it has not',
      accounts(APP),
      [shared(confirmed(ANN, only(DATA)))],
      [],
      ['not-subscribed'],
    ],
    ['can not take one of all', accounts(APP), [shared(confirmed(ANN))], [], ['refused']],
    ['can not take one of all digests', accounts(APP), [shared(confirmed(ANN, DIGESTS))], [], ['refused']],
    [
      'can not take one from a policy by hand',
      accounts(APP),
      [shared(confirmed(ANN, byHand))],
      [],
      ['refused'],
    ],
    [
      'can not take one from what nobody sees',
      accounts(APP),
      [shared(confirmed(ANN, { kind: 'unknown' }))],
      [],
      ['refused'],
    ],
    [
      'takes no account from a reader of owners',
      accounts(APP),
      [shared(confirmed(ANN, of('team-a')))],
      [],
      ['not-subscribed'],
    ],
    [
      'takes one owner',
      owner,
      [shared(confirmed(ANN, of('x', 'team-a')))],
      [`remove-owner team-a ${ARN}`],
      [],
    ],
    ['takes no owner it has not', owner, [shared(confirmed(ANN, of('x')))], [], ['not-subscribed']],
    [
      'takes no owner from who reads digests',
      owner,
      [shared(confirmed(ANN, DIGESTS))],
      [],
      ['not-subscribed'],
    ],
    ['can not take one owner of everything', owner, [shared(confirmed(ANN))], [], ['refused']],
  ] as const) {
    it(title, () => expect(planned(unwanted, topics)).to.deep.equal({ steps, states }));
  }

  for (const [title, unwanted, topics, of_, unread] of [
    ['whom nobody else reads', EVERYTHING, [shared(confirmed(ANN))], [read(APP)], [`unread ${APP}`]],
    [
      'that somebody else reads',
      EVERYTHING,
      [shared(confirmed(ANN), confirmed(BOB, only(APP)))],
      [read(APP)],
      [],
    ],
    [
      'that somebody may read',
      EVERYTHING,
      [shared(confirmed(ANN), pending(BOB))],
      [read(APP)],
      [`unread ${APP}`],
    ],
    [
      'of which another one reads only what is critical',
      EVERYTHING,
      [shared(confirmed(ANN), confirmed(BOB, byHand))],
      [read(APP)],
      [`unread ${APP}`],
    ],
    [
      'of which another one reads for an owner',
      EVERYTHING,
      [shared(confirmed(ANN), confirmed(BOB, of('team-a')))],
      [read(APP)],
      [`unread ${APP}`],
    ],
    ['that nobody read before', EVERYTHING, [shared(confirmed(ANN, only(DATA)))], [read(APP)], []],
    ['that keeps its reader', accounts(DATA), [shared(confirmed(ANN, only(APP, DATA)))], [read(APP)], []],
    [
      'that is taken with its last account',
      accounts(APP),
      [shared(confirmed(ANN, only(APP)))],
      [read(APP), read(DATA)],
      [`unread ${APP}`],
    ],
    [
      'elsewhere',
      EVERYTHING,
      [shared(confirmed(ANN)), topic(own(APP), confirmed(BOB))],
      [read(APP, own(APP))],
      [],
    ],
  ] as const) {
    it(`${unread.length === 0 ? 'does not warn' : 'warns'} of an account ${title}`, () => {
      expect(planned(unwanted, topics, of_).states).to.deep.equal(unread);
    });
  }
});
