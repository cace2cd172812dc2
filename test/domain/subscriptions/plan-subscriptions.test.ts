import { expect } from 'chai';
import { EVERYTHING } from '../../../src/domain/subscriptions/subscription.ts';
import { planSubscriptions } from '../../../src/domain/subscriptions/plan-subscriptions.ts';
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
import { refusals, statesFor, stepsFor } from '../../support/planned-subscriptions.ts';

const NUMBERED = Array.from({ length: 151 }, (_, index) => String(200_000_000_000 + index));

describe('subscribing an address', () => {
  const shared = (...subscriptions: Parameters<typeof topic>[1][]) => topic(SHARED, ...subscriptions);
  const both = [on(APP), on(DATA)];

  for (const [title, asked, steps, standings] of [
    [
      'to several accounts takes one filter policy',
      askedBy(both, [shared()]),
      [`subscribe ${ANN} digests ${APP} ${DATA}`],
      [],
    ],
    [
      'that has them does nothing',
      askedBy(both, [shared(confirmed(ANN, only(APP, DATA, WEB)))]),
      [],
      ['subscribed'],
    ],
    ['that has everything does nothing', askedBy(both, [shared(confirmed(ANN))]), [], ['subscribed']],
    [
      'that is written in another case does nothing',
      askedBy(both, [shared(confirmed(ANN.toUpperCase()))]),
      [],
      ['subscribed'],
    ],
    [
      'that has some of them adds the others',
      askedBy(both, [shared(confirmed(ANN, only(WEB, APP)))]),
      [`extend ${ANN} digests ${DATA}`],
      [],
    ],
    ['that has not confirmed sends nothing again', askedBy(both, [shared(pending(ANN))]), [], ['pending']],
    [
      'that gets them as JSON subscribes it to the text',
      askedBy([on(APP)], [shared(confirmed(ANN, EVERYTHING, 'email-json'))]),
      [`subscribe ${ANN} digests ${APP}`],
      [],
    ],
    [
      'says nothing of what others have',
      askedBy([on(APP)], [shared(confirmed(BOB), pending('x@example.com'))]),
      [`subscribe ${ANN} digests ${APP}`],
      [],
    ],
    [
      'with a filter policy made by hand is refused',
      askedBy([on(APP)], [shared(confirmed(ANN, byHand))]),
      [],
      ['refused'],
    ],
    [
      'whose filter policy can not be read is refused',
      askedBy([on(APP)], [shared(confirmed(ANN, { kind: 'unknown' }))]),
      [],
      ['refused'],
    ],
    [
      'to an account with a topic of its own needs no filter policy',
      askedBy([alone(APP), on(DATA)], [shared(), topic(own(APP))]),
      [`subscribe ${ANN} digests-${APP} everything`, `subscribe ${ANN} digests ${DATA}`],
      [],
    ],
    [
      'that reads the own topic of an account does nothing',
      askedBy([alone(APP)], [topic(own(APP), confirmed(ANN, only(APP)))]),
      [],
      ['subscribed'],
    ],
    [
      'whose filter policy on the own topic of an account lacks it adds it',
      askedBy([alone(APP)], [topic(own(APP), confirmed(ANN, only(WEB)))]),
      [`extend ${ANN} digests-${APP} ${APP}`],
      [],
    ],
  ] as const) {
    it(title, () => {
      expect(stepsFor(asked)).to.deep.equal(steps);
      expect(statesFor(asked)).to.deep.equal(standings);
    });
  }

  it('leaves the order of the accounts it had, and names what it adds', () => {
    const { steps } = planSubscriptions(askedBy(both, [shared(confirmed(ANN, only('organization', APP)))]));
    expect(steps).to.deep.equal([
      {
        kind: 'extend',
        topicArn: SHARED,
        protocol: 'email',
        endpoint: ANN,
        subscriptionArn: confirmed(ANN).arn,
        accountIds: [DATA],
      },
    ]);
  });

  it('says which filter policy was made by hand, and what to do', () => {
    const [refused] = refusals(askedBy([on(APP)], [shared(confirmed(ANN, byHand))]));
    expect(refused).to.deep.include({ address: ANN, accountIds: [APP] });
    expect(refused?.why).to.match(/made by hand \(\{"severity":\["critical"\]\}\)/);
    expect(refused?.nextStep).to.match(/run the command again/);
  });

  it('takes 150 accounts in one filter policy, and refuses one more', () => {
    const accounts = NUMBERED.map((id) => on(id));
    expect(stepsFor(askedBy(accounts.slice(0, 150), [shared()]))).to.have.length(1);
    const [refused, ...more] = refusals(askedBy(accounts, [shared()]));
    expect(more).to.deep.equal([]);
    expect(refused?.why).to.match(/150 accounts at most, and these would make 151/);
    expect(refused?.nextStep).to.contain('--all');
    expect(stepsFor(askedBy(accounts, [shared()]))).to.deep.equal([]);
  });

  it('refuses to make a filter policy longer than that', () => {
    const had = shared(confirmed(ANN, only(...NUMBERED.slice(0, 150))));
    expect(stepsFor(askedBy([on(APP)], [had]))).to.deep.equal([]);
    expect(refusals(askedBy([on(APP)], [had]))[0]).to.deep.include({ address: ANN, accountIds: [APP] });
  });

  it('does for each contact what it does for one', () => {
    const wishes = [
      { address: ANN, accountIds: [APP, DATA] },
      { address: BOB, accountIds: [WEB] },
    ];
    expect(
      stepsFor(
        askedBy([on(APP), on(DATA), on(WEB)], [shared(confirmed(BOB, only(APP)))], { requests: wishes }),
      ),
    ).to.deep.equal([`subscribe ${ANN} digests ${APP} ${DATA}`, `extend ${BOB} digests ${WEB}`]);
  });

  for (const [plaintext, says] of [
    ['confirmed', /they go out by mail/],
    ['refused', /no longer replaced/],
  ] as const) {
    it(`warns where secrets are published to the topic (${plaintext})`, () => {
      const { states: standings } = planSubscriptions(askedBy([on(APP, { plaintext })], [shared()]));
      expect(standings).to.have.length(1);
      expect(standings[0]).to.have.property('message').that.matches(says);
    });
  }
});

describe('subscribing an address to everything', () => {
  const everything = (accounts: Parameters<typeof askedBy>[0], topics: Parameters<typeof askedBy>[1]) =>
    askedBy(accounts, topics, {
      requests: [{ address: ANN, accountIds: 'all' }],
      organizationTopicArn: SHARED,
    });

  for (const [title, asked, steps, standings] of [
    [
      'takes no filter policy',
      everything([on(APP), on(DATA)], [topic(SHARED)]),
      [`subscribe ${ANN} digests everything`],
      [],
    ],
    [
      'goes to the topics of all accounts, and to the one of the organization',
      everything([alone(APP)], [topic(SHARED), topic(own(APP))]),
      [`subscribe ${ANN} digests everything`, `subscribe ${ANN} digests-${APP} everything`],
      [],
    ],
    [
      'leaves a filter policy where it lets everything there is through',
      everything([alone(APP)], [topic(SHARED, confirmed(ANN)), topic(own(APP), confirmed(ANN, only(APP)))]),
      [],
      ['subscribed', 'subscribed'],
    ],
    [
      'takes the filter policy away that it had',
      everything([on(APP)], [topic(SHARED, confirmed(ANN, only(APP)))]),
      [`widen ${ANN} digests`],
      [],
    ],
    ['that has it does nothing', everything([on(APP)], [topic(SHARED, confirmed(ANN))]), [], ['subscribed']],
    [
      'that has not confirmed sends nothing again',
      everything([on(APP)], [topic(SHARED, pending(ANN))]),
      [],
      ['pending'],
    ],
    [
      'with a filter policy made by hand is refused',
      everything([on(APP)], [topic(SHARED, confirmed(ANN, byHand))]),
      [],
      ['refused'],
    ],
    [
      'is possible however many filter policies there are',
      everything([on(APP)], [topic(SHARED, ...readers(200))]),
      [`subscribe ${ANN} digests everything`],
      [],
    ],
  ] as const) {
    it(title, () => {
      expect(stepsFor(asked)).to.deep.equal(steps);
      expect(statesFor(asked)).to.deep.equal(standings);
    });
  }

  it('says that the summary is among it', () => {
    const [note] = planSubscriptions(everything([on(APP)], [topic(SHARED)])).states;
    expect(note)
      .to.have.property('message')
      .that.matches(/of those to come too, and the organization's summary/);
  });
});
