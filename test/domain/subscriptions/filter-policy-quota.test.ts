import { expect } from 'chai';
import { EVERYTHING } from '../../../src/domain/subscriptions/subscription.ts';
import {
  ANN,
  APP,
  askedBy,
  BOB,
  byHand,
  confirmed,
  DATA,
  on,
  only,
  pending,
  readers,
  SHARED,
  topic,
  WEB,
} from '../../support/subscriptions.ts';
import { refusals, stepsFor } from '../../support/planned-subscriptions.ts';

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
