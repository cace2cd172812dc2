import { expect } from 'chai';
import type { Outcome } from '../../../src/domain/report/outcome.ts';
import type { Decision } from '../../../src/domain/rotation/decision.ts';
import type { Told } from '../../../src/domain/rotation/key.ts';
import { days, type Duration } from '../../../src/domain/time.ts';
import { digestOf } from '../../../src/report/digest/digest.ts';
import { applied, decision, held, key, rotatedAccount, T0, untouched } from '../../support/builders.ts';
import { context, digest, jsonOf, said, unwrapped } from '../support.ts';

const HALF_DAY = days(0.5);

/** The outcome as it is when a digest told it in full so long ago. */
const toldBefore = (outcome: Outcome, ago: Duration, told: Partial<Told> = {}): Outcome => {
  const before = digest({ outcomes: [outcome] }).told.get(outcome.decision.key.id);
  if (before === undefined) throw new Error('the digest did not tell it in full');
  const { key: found } = outcome.decision;
  const memory = { ...found.memory, told: { ...before, at: T0 - ago, ...told } };
  return { ...outcome, decision: { ...outcome.decision, key: { ...found, memory } } };
};
const isSent = (...outcomes: readonly Outcome[]): boolean =>
  digestOf(rotatedAccount({ outcomes }), context()) !== undefined;

const waits = (overrides: Partial<Decision>): Outcome => untouched(decision('wait', overrides));
const unused = waits({
  reason: 'unused-notice',
  dueAt: T0 + days(20),
  notice: { about: 'unused', date: T0 + days(20) },
});
const neededUntil = (date: number): Outcome =>
  waits({
    reason: 'still-needed',
    dueAt: T0 + days(25),
    notice: { about: 'replaced', date, inAnyCase: T0 + days(25) },
    adoption: { replacementId: 'AKIANEW', state: 'adopted' },
  });
const inactive = waits({
  key: key({ status: 'inactive' }),
  reason: 'newly-inactive',
  dueAt: T0 + days(20),
  notice: { about: 'delete', date: T0 + days(20) },
});
const blocked = untouched(decision('blocked'));
const note = waits({ reason: 'last-use-unknown' });

describe('what the last digest has told in full', () => {
  const EACH: Record<string, Outcome> = {
    'a notice': unused,
    'a replaced key that is still needed': neededUntil(T0 + days(15)),
    'an inactive key': inactive,
    'a blocked key': blocked,
    'a key of which too little is known': note,
    'a key held back by the mode': held(decision('deactivate', { dueAt: T0 })),
    'a key that this run was not asked for': held(decision('deactivate'), 'request'),
    'a key over the limit of the organization': held(decision('deactivate'), 'organization-limit'),
  };
  for (const [what, outcome] of Object.entries(EACH)) {
    it(`is no reason for another one: ${what}`, () => {
      expect(isSent(outcome)).to.equal(true);
      expect(isSent(toldBefore(outcome, days(7)))).to.equal(false);
    });
  }

  const AGAIN: readonly [string, Outcome][] = [
    ['its reason is another one', toldBefore(unused, days(7), { reason: 'unused' })],
    ['its date is another one', toldBefore(unused, days(7), { dueAt: T0 + days(21) })],
    ['it has no date any more', toldBefore(blocked, days(7), { dueAt: T0 })],
    ['four weeks have passed', toldBefore(blocked, days(28) - HALF_DAY)],
    ['that was in the future', toldBefore(blocked, -days(1))],
    ['its date is within a week', toldBefore(waits({ ...unused.decision, dueAt: T0 + days(7) }), days(7))],
    ['its owner has had the time to move since', toldBefore(neededUntil(T0 - days(1)), days(7))],
    ['a limit of the account holds it back', toldBefore(held(decision('deactivate'), 'limit'), days(7))],
    ['nobody would read of it', toldBefore(held(decision('deactivate'), 'readers'), days(7))],
  ];
  for (const [why, outcome] of AGAIN) {
    it(`is told in full again when ${why}`, () => {
      expect(isSent(outcome)).to.equal(true);
      const found = digest({ outcomes: [outcome] });
      expect(found.told.get(outcome.decision.key.id)?.at).to.equal(T0);
      expect(jsonOf(found).counts).to.include({ unchanged: 0 });
    });
  }

  it('is not told in full one moment before the fourth week', () => {
    expect(isSent(toldBefore(blocked, days(28) - HALF_DAY - 1))).to.equal(false);
  });

  it('is repeated before its notice is void, however seldom runs come', () => {
    const old = (repeatedAgo: Duration) =>
      toldBefore(
        waits({
          ...unused.decision,
          key: key({ notices: { unused: { givenAgo: days(30), repeatedAgo, dateIn: days(20) } } }),
        }),
        days(7),
      );
    expect(isSent(old(days(22.5) - 1))).to.equal(false);
    expect(isSent(old(days(22.5)))).to.equal(true);
  });

  it('is the same story in its second week: announced, then in its grace', () => {
    const next = waits({ ...unused.decision, reason: 'unused-grace' });
    expect(
      isSent({ ...next, decision: { ...next.decision, key: toldBefore(unused, days(7)).decision.key } }),
    ).to.equal(false);
  });

  it('is told of a deactivation, whose deletion is the next thing', () => {
    const off = applied(decision('deactivate', { noticeWhenDone: { about: 'delete', date: T0 + days(10) } }));
    expect(digest({ outcomes: [off] }).told.get('AKIATHIS')).to.deep.equal({
      reason: 'recovery-grace',
      dueAt: T0 + days(10),
      at: T0,
    });
  });
});

describe('a digest with old things in it', () => {
  const news = applied(decision('delete', { userName: 'new', key: key({ id: 'AKIANEWS' }) }));
  const old = (outcome: Outcome) => toldBefore(outcome, days(7));

  it('has one line for an old notice, which announces it all the same', () => {
    const found = digest({ outcomes: [news, old(unused)] });
    expect(said('ASKED OF YOU', [news, old(unused)])).to.match(
      /^As in an earlier mail, which says what to do: - By 2026-03-21, ann: AKIATHIS is deactivated from 2026-03-21 on unless it is used before \(last used yesterday\) $/,
    );
    expect([...found.announces]).to.deep.equal(['AKIATHIS']);
    expect([...found.told.keys()]).to.deep.equal([]);
  });

  it('has one line for an old thing that a person is to decide', () => {
    expect(said('ASKED OF YOU', [news, old(blocked)])).to.match(
      /^As in an earlier mail, which says what to do: - ann: both keys are in use, and a user can have no third: choose the one that may go /,
    );
  });

  it('names both dates of a replaced key in that line', () => {
    const loud = old(waits({ ...neededUntil(T0 - days(9)).decision }));
    expect(said('ASKED OF YOU', [news, loud])).to.contain(
      '- By 2026-03-26, ann: AKIATHIS is deactivated from 2026-02-20 on once everything uses AKIANEW, and on 2026-03-26 in any case',
    );
  });

  it('counts them, and says so to machines', () => {
    const found = digest({ outcomes: [news, old(unused), old(inactive)] });
    expect(unwrapped(found)).to.contain('2 things are as before.');
    expect(jsonOf(found).counts).to.include({ announced: 1, deletionsAnnounced: 1, unchanged: 2 });
    expect(jsonOf(found).entries.map(({ unchanged }) => unchanged)).to.have.members([undefined, true, true]);
  });

  it('is sent where one is wanted every week, though nothing is new', () => {
    const found = digestOf(rotatedAccount({ outcomes: [old(unused)] }), context({ evenIfNothing: true }));
    expect([...(found?.announces ?? [])]).to.deep.equal(['AKIATHIS']);
  });
});
