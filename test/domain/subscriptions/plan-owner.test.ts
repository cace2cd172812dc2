import { expect } from 'chai';
import type { AccountTopic } from '../../../src/domain/subscriptions/account-topics.ts';
import {
  DIGESTS,
  EVERYTHING,
  type Filter,
  type Topic,
} from '../../../src/domain/subscriptions/subscription.ts';
import { refusals, statesFor, stepsFor } from '../../support/planned-subscriptions.ts';
import {
  alone,
  ANN,
  APP,
  askedBy,
  BOB,
  byHand,
  confirmed,
  DATA,
  on,
  only,
  own,
  pending,
  readers,
  SHARED,
  topic,
  WEB,
} from '../../support/subscriptions.ts';

const of = (...owners: readonly string[]): Filter => ({ kind: 'owners', owners });
const shared = (...subscriptions: Parameters<typeof topic>[1][]) => topic(SHARED, ...subscriptions);
const both = [on(APP), on(DATA)];
/** Ann is to get the messages for team-a. */
const forOwner = (accounts: readonly AccountTopic[], topics: readonly Topic[]) =>
  askedBy(accounts, topics, { requests: [{ address: ANN, accountIds: 'all', owner: 'team-a' }] });

describe('subscribing an address to the messages for an owner', () => {
  for (const [title, asked, steps, states] of [
    ['takes a filter policy', forOwner(both, [shared()]), [`subscribe ${ANN} digests team-a`], []],
    [
      'on each topic',
      forOwner([on(APP), alone(DATA)], [shared(), topic(own(DATA))]),
      [`subscribe ${ANN} digests team-a`, `subscribe ${ANN} digests-${DATA} team-a`],
      [],
    ],
    [
      'that it has does nothing',
      forOwner(both, [shared(confirmed(ANN, of('x', 'team-a')))]),
      [],
      ['subscribed'],
    ],
    ['that has everything does nothing', forOwner(both, [shared(confirmed(ANN))]), [], ['subscribed']],
    [
      'that reads of another one adds it',
      forOwner(both, [shared(confirmed(ANN, of('team-b')))]),
      [`add-owner ${ANN} digests team-a`],
      [],
    ],
    ['that has not confirmed sends nothing again', forOwner(both, [shared(pending(ANN))]), [], ['pending']],
    ['that reads digests is refused', forOwner(both, [shared(confirmed(ANN, only(APP)))]), [], ['refused']],
    ['that reads all digests is refused', forOwner(both, [shared(confirmed(ANN, DIGESTS))]), [], ['refused']],
    [
      'with a filter policy made by hand is refused',
      forOwner(both, [shared(confirmed(ANN, byHand))]),
      [],
      ['refused'],
    ],
    [
      'whose filter policy can not be read is refused',
      forOwner(both, [shared(confirmed(ANN, { kind: 'unknown' }))]),
      [],
      ['refused'],
    ],
    [
      'of 150 owners is refused',
      forOwner(both, [
        shared(confirmed(ANN, of(...Array.from({ length: 150 }, (_, index) => `team ${index}`)))),
      ]),
      [],
      ['refused'],
    ],
    ['on a topic near its quota is refused', forOwner(both, [shared(...readers(150))]), [], ['refused']],
  ] as const) {
    it(title, () => {
      expect(stepsFor(asked)).to.deep.equal(steps);
      expect(statesFor(asked)).to.deep.equal(states);
    });
  }

  it('says why an address that reads digests is refused', () => {
    const [refusal] = refusals(forOwner(both, [shared(confirmed(ANN, only(APP)))]));
    expect(refusal?.why).to.equal(
      `its subscription to ${SHARED} is for digests of accounts, which tell of all owners, and an address has one subscription to a topic`,
    );
    expect(refusal?.nextStep).to.match(/another address, or .* access-key-rotation unsubscribe/);
  });

  it('refuses the digests of an account to an address that reads of owners', () => {
    const [refusal] = refusals(askedBy([on(APP)], [shared(confirmed(ANN, of('team-a')))]));
    expect(refusal?.why).to.contain('is for the messages of team-a');
  });
});

describe('where owners get messages of their own', () => {
  const perOwner = { perOwner: true } as const;
  const all = (accounts: readonly AccountTopic[], ...topics: readonly Topic[]) =>
    askedBy(accounts, topics, {
      requests: [{ address: ANN, accountIds: 'all' }],
      organizationTopicArn: SHARED,
    });
  for (const [title, asked, steps] of [
    [
      'all digests come without them',
      all([on(APP, perOwner)], shared()),
      [`subscribe ${ANN} digests digests`],
    ],
    ['elsewhere all is everything', all([on(APP)], shared()), [`subscribe ${ANN} digests everything`]],
    [
      'whoever has everything loses the copies',
      all([on(APP, perOwner)], shared(confirmed(ANN))),
      [`leave-out-owners ${ANN} digests`],
    ],
    ['elsewhere it stays', all([on(APP)], shared(confirmed(ANN))), []],
    ['it stays once it is so', all([on(APP, perOwner)], shared(confirmed(ANN, DIGESTS))), []],
    ['it stays near the quota', all([on(APP, perOwner)], shared(confirmed(ANN), ...readers(150))), []],
    [
      'some accounts become all without them',
      all([on(APP, perOwner)], shared(confirmed(ANN, only(APP)))),
      [`widen ${ANN} digests`],
    ],
    [
      'so does a topic of its own',
      askedBy([{ ...alone(APP), ...perOwner }], [topic(own(APP))]),
      [`subscribe ${ANN} digests-${APP} digests`],
    ],
    ['one account of many needs nothing new', askedBy([on(APP, perOwner)], [shared(confirmed(ANN))]), []],
  ] as const) {
    it(title, () => expect(stepsFor(asked)).to.deep.equal(steps));
  }

  it('readers of an owner move along with an account, and are waited for', () => {
    const readersOf = [confirmed(BOB, of('team-a')), confirmed('x@example.com', only(APP))];
    const asked = askedBy(
      [on(APP, perOwner)],
      [shared(...readersOf, ...readers(150, only(WEB))), topic(own(APP))],
    );
    expect(stepsFor(asked)).to.deep.equal([
      `subscribe ${BOB} digests-${APP} team-a`,
      `subscribe x@example.com digests-${APP} digests`,
      `subscribe ${ANN} digests-${APP} digests`,
    ]);
    const without = (filter: Filter) =>
      stepsFor(
        askedBy(
          [on(APP, perOwner)],
          [shared(confirmed(BOB, of('team-a'))), topic(own(APP), confirmed(BOB, filter), confirmed(ANN))],
        ),
      );
    expect(without(of('team-b', 'team-a'))).to.deep.equal([`switch digests-${APP}`]);
    expect(without(EVERYTHING)).to.deep.equal([`switch digests-${APP}`]);
    for (const filter of [of('team-b'), DIGESTS, only(APP)]) expect(without(filter)).to.deep.equal([]);
  });
});
