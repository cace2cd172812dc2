import { expect } from 'chai';
import type { SubscriptionInput, SubscriptionState, Step } from '../../../src/domain/subscriptions/plan.ts';
import { EVERYTHING } from '../../../src/domain/subscriptions/subscription.ts';
import { planSubscriptions } from '../../../src/domain/subscriptions/plan-subscriptions.ts';
import { days } from '../../../src/domain/time.ts';
import { T0 } from '../../support/builders.ts';
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

const NUMBERED = Array.from({ length: 151 }, (_, index) => String(200_000_000_000 + index));

/** A step as a line: `subscribe ann@example.com digests 111111111101`. */
function inLine(step: Step): string {
  const topicName = step.topicArn.split(':')[5] ?? '';
  switch (step.kind) {
    case 'create-topic':
    case 'switch':
      return `${step.kind} ${topicName}`;
    case 'subscribe':
      return `subscribe ${step.endpoint} ${topicName} ${step.filter.kind === 'accounts' ? step.filter.accountIds.join(' ') : step.filter.kind}`;
    case 'widen':
      return `widen ${step.endpoint} ${topicName}`;
    case 'extend':
    case 'narrow':
      return `${step.kind} ${step.endpoint} ${topicName} ${step.accountIds.join(' ')}`;
  }
}
const stepsFor = (asked: SubscriptionInput) => planSubscriptions(asked).steps.map(inLine);
const standingsFor = (asked: SubscriptionInput) =>
  planSubscriptions(asked)
    .states.filter(({ kind: is }) => is !== 'note')
    .map(({ kind: is }) => is);
const refusals = (asked: SubscriptionInput) =>
  planSubscriptions(asked).states.filter(
    (one): one is Extract<SubscriptionState, { kind: 'refused' }> => one.kind === 'refused',
  );

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
      expect(standingsFor(asked)).to.deep.equal(standings);
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
      expect(standingsFor(asked)).to.deep.equal(standings);
    });
  }

  it('says that the summary is among it', () => {
    const [note] = planSubscriptions(everything([on(APP)], [topic(SHARED)])).states;
    expect(note)
      .to.have.property('message')
      .that.matches(/of those to come too, and the organization's summary/);
  });
});

describe("a topic's quota of filter policies", () => {
  it('leaves the shared topic to the first 150', () => {
    expect(stepsFor(askedBy([on(APP)], [topic(SHARED, ...readers(149))]))).to.deep.equal([
      `subscribe ${ANN} digests ${APP}`,
    ]);
  });

  for (const [title, subscriptions] of [
    ['of ours', readers(150)],
    ['made by hand', readers(150, byHand)],
    ['that nobody can read yet', [...readers(149), pending('zoe@example.com')]],
  ] as const) {
    it(`sends the account to a topic of its own when there are 150 ${title}`, () => {
      const [create, subscribe] = stepsFor(askedBy([on(APP)], [topic(SHARED, ...subscriptions)]));
      expect(create).to.equal(`create-topic digests-${APP}`);
      expect(subscribe).to.match(/^subscribe .+ digests-111111111101 /);
    });
  }

  it('does not count who has everything', () => {
    const subscriptions = [...readers(149), ...readers(50, EVERYTHING)];
    expect(stepsFor(askedBy([on(APP)], [topic(SHARED, ...subscriptions)]))).to.deep.equal([
      `subscribe ${ANN} digests ${APP}`,
    ]);
  });

  it('is not touched by adding accounts to a filter policy', () => {
    const full = topic(SHARED, ...readers(200), confirmed(ANN, only(WEB)));
    expect(stepsFor(askedBy([on(APP)], [full]))).to.deep.equal([`extend ${ANN} digests ${APP}`]);
  });

  it('counts what is subscribed by the same command', () => {
    const wishes = [ANN, BOB].map((address) => ({ address, accountIds: [APP] }));
    expect(
      stepsFor(askedBy([on(APP)], [topic(SHARED, ...readers(149))], { requests: wishes })),
    ).to.deep.equal([
      `subscribe ${ANN} digests ${APP}`,
      `create-topic digests-${APP}`,
      `subscribe ${ANN} digests-${APP} everything`,
      `subscribe ${BOB} digests-${APP} everything`,
    ]);
  });

  it('refuses what can have no topic of its own, and says why', () => {
    const asked = askedBy(
      [on(APP, { cannotMoveReason: 'topicArn is final for the organization' }), on(DATA)],
      [topic(SHARED, ...readers(150))],
    );
    expect(stepsFor(asked)).to.deep.equal([
      `create-topic digests-${DATA}`,
      `subscribe ${ANN} digests-${DATA} everything`,
    ]);
    const [refused] = refusals(asked);
    expect(refused).to.deep.include({ address: ANN, accountIds: [APP] });
    expect(refused?.why).to.match(/150 filter policies.+: topicArn is final for the organization$/);
  });
});

describe('what an account leaves behind on the shared topic', () => {
  const moved = (changedAgo: number | undefined, old = only(APP), there = confirmed(ANN)) =>
    askedBy([alone(APP)], [topic(SHARED, confirmed(ANN, old)), topic(own(APP), there)], {
      changedAt: new Map(changedAgo === undefined ? [] : [[APP, T0 - changedAgo]]),
    });

  for (const [title, asked, steps] of [
    ['is taken out of filter policies a day later', moved(days(1)), [`narrow ${ANN} digests ${APP}`]],
    ['stays for the first day: a run may be under way', moved(days(1) - 1), []],
    ['stays while nobody knows when it moved', moved(undefined), []],
    ['stays in what has been made by hand', moved(days(9), byHand), []],
    ['stays for those who have everything', moved(days(9), EVERYTHING), []],
    ['is another account', moved(days(9), only(DATA)), []],
    ['stays for who has not confirmed the new topic', moved(days(9), only(APP), pending(ANN)), []],
    [
      'stays for who does not get it from the new topic',
      moved(days(9), only(APP), confirmed(ANN, byHand)),
      [],
    ],
    [
      'stays for who is not subscribed there',
      moved(days(9), only(APP), confirmed(BOB)),
      [`subscribe ${ANN} digests-${APP} everything`],
    ],
  ] as const) {
    it(title, () => {
      expect(stepsFor(asked)).to.deep.equal(steps);
    });
  }

  it('goes together for accounts of the same subscription', () => {
    const topics = [
      topic(SHARED, confirmed(ANN, only(APP, DATA, WEB))),
      topic(own(APP), confirmed(ANN)),
      topic(own(DATA), confirmed(ANN)),
    ];
    const changedAt = new Map([APP, DATA].map((id) => [id, T0 - days(2)]));
    expect(stepsFor(askedBy([alone(APP), alone(DATA)], topics, { changedAt }))).to.deep.equal([
      `narrow ${ANN} digests ${APP} ${DATA}`,
    ]);
  });

  it('is nothing where the own topic is not named after another one', () => {
    const changedAt = new Map([[APP, T0 - days(2)]]);
    const topics = [topic(SHARED, confirmed(ANN, only(APP))), topic(`${SHARED}-app`, confirmed(ANN))];
    expect(stepsFor(askedBy([alone(APP, `${SHARED}-app`)], topics, { changedAt }))).to.deep.equal([]);
  });
});
