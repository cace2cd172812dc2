import { expect } from 'chai';
import type { SubscriptionInput, Step } from '../../../src/domain/subscriptions/plan.ts';
import { EVERYTHING, type Subscription } from '../../../src/domain/subscriptions/subscription.ts';
import { planSubscriptions } from '../../../src/domain/subscriptions/plan-subscriptions.ts';
import {
  ANN,
  APP,
  askedBy,
  BOB,
  byHand,
  confirmed,
  on,
  only,
  OPS,
  own,
  pending,
  readers,
  SHARED,
  topic,
  WEB,
} from '../../support/subscriptions.ts';

const QUEUE = 'arn:aws:sqs:eu-central-1:999999999999:digests';

/** Ann wishes for the account, whose own topic is there, with these readers. */
const onTheWay = (
  shared: readonly Subscription[],
  there: readonly Subscription[],
  changes: Partial<SubscriptionInput> = {},
) => planSubscriptions(askedBy([on(APP)], [topic(SHARED, ...shared), topic(own(APP), ...there)], changes));
const does = (steps: readonly Step[]) => steps.map((step) => step.kind);
const waitsFor = ({ states: standings }: ReturnType<typeof onTheWay>) =>
  standings.flatMap((one) => (one.kind === 'moving' ? one.waitsFor : []));

describe('an account on its way to a topic of its own', () => {
  it('takes everybody with it who gets its digests, and waits for them', () => {
    const shared = [
      ...readers(150),
      confirmed(OPS),
      confirmed(BOB, only(APP, WEB)),
      confirmed('json@example.com', EVERYTHING, 'email-json'),
      confirmed('critical@example.com', byHand),
    ];
    const plan = planSubscriptions(askedBy([on(APP)], [topic(SHARED, ...shared)]));
    expect(plan.steps[0]).to.deep.equal({
      kind: 'create-topic',
      topicArn: own(APP),
      like: SHARED,
      accountId: APP,
    });
    const subscribed = plan.steps.slice(1).map((step) => step.kind === 'subscribe' && step);
    const insteadOf = SHARED;
    const step = { kind: 'subscribe', topicArn: own(APP), protocol: 'email', filter: EVERYTHING };
    expect(subscribed).to.deep.equal([
      { ...step, endpoint: OPS, insteadOf },
      { ...step, endpoint: BOB, insteadOf },
      { ...step, endpoint: 'json@example.com', protocol: 'email-json', insteadOf },
      { ...step, endpoint: 'critical@example.com', filter: byHand, insteadOf },
      { ...step, endpoint: ANN },
    ]);
    expect(waitsFor(plan)).to.deep.equal(
      [OPS, BOB, 'json@example.com', 'critical@example.com', ANN].map(
        (address) => `${address} to confirm its subscription to ${own(APP)}`,
      ),
    );
  });

  it('moves when everybody has confirmed', () => {
    const { steps, states: standings } = onTheWay([confirmed(OPS)], [confirmed(OPS), confirmed(ANN)]);
    expect(steps).to.deep.equal([{ kind: 'switch', topicArn: own(APP), insteadOf: SHARED, accountId: APP }]);
    expect(standings.map(({ kind: is }) => is)).to.deep.equal(['subscribed']);
  });

  for (const [title, shared, there, waits] of [
    [
      'one who gets everything',
      [confirmed(OPS)],
      [confirmed(ANN), pending(OPS)],
      [`${OPS} to confirm its subscription to ${own(APP)}`],
    ],
    [
      'one who gets this account',
      [confirmed(BOB, only(APP))],
      [confirmed(ANN), pending(BOB)],
      [`${BOB} to confirm its subscription to ${own(APP)}`],
    ],
    [
      'the address that is asked for',
      [],
      [pending(ANN)],
      [`${ANN} to confirm its subscription to ${own(APP)}`],
    ],
    [
      'one who may be for this account',
      [pending(BOB)],
      [confirmed(ANN), confirmed(BOB)],
      [
        `${BOB} to confirm its subscription to ${SHARED}, or AWS to drop it after two days: until then nobody can tell whether it is for this account`,
      ],
    ],
    [
      'one with a filter policy made by hand there',
      [confirmed(OPS)],
      [confirmed(ANN), confirmed(OPS, byHand)],
      [`${OPS} to lose the filter policy of its subscription to ${own(APP)}, which somebody has made`],
    ],
    [
      'a queue, which its owner must open to the topic',
      [confirmed(QUEUE, EVERYTHING, 'sqs')],
      [confirmed(ANN)],
      [
        `somebody to subscribe sqs ${QUEUE} to ${own(APP)} as it is to ${SHARED}, and to allow it to be reached from there`,
      ],
    ],
    [
      'a subscription of another AWS account',
      [confirmed(BOB, { kind: 'unknown' })],
      [confirmed(ANN)],
      [
        `somebody to subscribe email ${BOB} to ${own(APP)} as it is to ${SHARED}, and to allow it to be reached from there`,
      ],
    ],
  ] as const) {
    it(`waits for ${title}`, () => {
      const plan = onTheWay(shared, there);
      expect(plan.steps).to.deep.equal([]);
      expect(waitsFor(plan)).to.deep.equal(waits);
    });
  }

  for (const [title, shared, there] of [
    ['nobody else', [], []],
    ['one who gets other accounts only', [confirmed(BOB, only(WEB))], []],
    ['one who gets it there by the same filter policy', [confirmed(BOB, byHand)], [confirmed(BOB, byHand)]],
    ['one who gets more there than before', [confirmed(BOB, byHand)], [confirmed(BOB)]],
    [
      'a queue that somebody has subscribed there',
      [confirmed(QUEUE, EVERYTHING, 'sqs')],
      [confirmed(QUEUE, EVERYTHING, 'sqs')],
    ],
    ['one who is written in another case there', [confirmed(BOB)], [confirmed(BOB.toUpperCase())]],
    ['one who is new there and not of this command', [], [pending(BOB)]],
  ] as const) {
    it(`does not wait for ${title}`, () => {
      const plan = onTheWay(shared, [confirmed(ANN), ...there]);
      expect(waitsFor(plan)).to.deep.equal([]);
      expect(does(plan.steps)).to.deep.equal(['switch']);
    });
  }

  it('subscribes nobody twice', () => {
    const { steps } = onTheWay([confirmed(OPS), confirmed(ANN, only(APP))], [pending(OPS)]);
    expect(steps.map((step) => step.kind === 'subscribe' && step.endpoint)).to.deep.equal([ANN]);
  });

  it('takes new addresses there, without a filter policy', () => {
    const { steps } = onTheWay([confirmed(OPS)], [confirmed(OPS)]);
    expect(steps).to.deep.equal([
      { kind: 'subscribe', topicArn: own(APP), protocol: 'email', endpoint: ANN, filter: EVERYTHING },
    ]);
  });

  it('takes along whom the same command has just let through', () => {
    const { steps } = onTheWay([confirmed(ANN, only(WEB))], []);
    expect(does(steps)).to.deep.equal(['extend', 'subscribe']);
  });

  it('takes along whom the same command subscribes to everything', () => {
    const wishes = [{ address: ANN, accountIds: 'all' as const }];
    const { steps } = onTheWay([confirmed(OPS)], [confirmed(OPS)], {
      requests: wishes,
      organizationTopicArn: SHARED,
    });
    expect(steps.map(({ kind: what, topicArn }) => [what, topicArn])).to.deep.equal([
      ['subscribe', SHARED],
      ['subscribe', own(APP)],
    ]);
  });

  it('goes on without a new address, when it is asked for by somebody who has the digests', () => {
    const { steps } = onTheWay([confirmed(ANN)], [confirmed(ANN)]);
    expect(does(steps)).to.deep.equal(['switch']);
  });

  it('stays where it is when it may not have a topic of its own any more', () => {
    const asked = askedBy([on(APP, { cannotMoveReason: 'final' })], [topic(SHARED), topic(own(APP))]);
    expect(planSubscriptions(asked).steps.map(({ topicArn }) => topicArn)).to.deep.equal([SHARED]);
  });

  it('trusts no topic that is not encrypted like the shared one', () => {
    const topics = [{ ...topic(SHARED, confirmed(OPS)), keyId: 'key-1' }, topic(own(APP))];
    const plan = planSubscriptions(askedBy([on(APP)], topics));
    expect(plan.steps).to.deep.equal([]);
    expect(waitsFor(plan)).to.deep.equal([
      `${own(APP)}, which somebody else has made, to be encrypted with the key of ${SHARED}`,
    ]);
  });
});
