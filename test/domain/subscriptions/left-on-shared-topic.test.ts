import { expect } from 'chai';
import { EVERYTHING } from '../../../src/domain/subscriptions/subscription.ts';
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
  only,
  own,
  pending,
  SHARED,
  topic,
  WEB,
} from '../../support/subscriptions.ts';
import { stepsFor } from '../../support/planned-subscriptions.ts';

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
