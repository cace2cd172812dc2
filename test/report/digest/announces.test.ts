import { expect } from 'chai';
import type { Outcome } from '../../../src/domain/report/outcome.ts';
import type { Decision } from '../../../src/domain/rotation/decision.ts';
import type { Mode } from '../../../src/domain/rotation/limits.ts';
import type { NoticeToGive } from '../../../src/domain/rotation/notice.ts';
import { days } from '../../../src/domain/time.ts';
import { announcedBy, eventsOf } from '../../../src/report/data/events.ts';
import {
  accountSettings,
  applied,
  decision,
  failed,
  held,
  key,
  rotatedAccount,
  T0,
  untouched,
} from '../../support/builders.ts';
import { digest, unwrapped } from '../support.ts';

const DATE = T0 + days(10);
const wait = (notice: NoticeToGive, overrides: Partial<Decision> = {}): Outcome =>
  untouched(decision('wait', { notice, ...overrides }));
const replacedBy = { adoption: { replacementId: 'AKIANEW', state: 'not-adopted' } } as const;
const both = { about: 'replaced', date: DATE, inAnyCase: T0 + days(30) } as const;
const off = { key: key({ status: 'inactive', inactiveFor: days(1), lastUsed: days(20) }) };

/** Each kind of notice, in each place that a digest can have for it. */
const EACH: readonly [string, Outcome, string][] = [
  [
    'unused',
    wait({ about: 'unused', date: DATE }, { reason: 'unused-notice' }),
    'By 2026-03-11, ann: use AKIATHIS, or let it go If nothing is done: AKIATHIS is deactivated from 2026-03-11 on unless it is used before.',
  ],
  [
    'least recently used',
    wait({ about: 'least-recently-used', date: DATE }, { reason: 'least-recently-used-notice' }),
    'By 2026-03-11, ann: use the other key instead of AKIATHIS If nothing is done: AKIATHIS is deactivated from 2026-03-11 on unless it is used before.',
  ],
  [
    'replaced, nobody has used either key',
    wait({ about: 'replaced', date: DATE }, { reason: 'not-adopted', ...replacedBy }),
    'AKIATHIS goes on working until nothing uses it any more; there is no last date. Once everything uses the new key, AKIATHIS is deactivated from 2026-03-11 on.',
  ],
  [
    'replaced, with a last date',
    wait(both, { reason: 'still-needed', ...replacedBy }),
    'By 2026-03-31, ann: put the new key AKIANEW wherever AKIATHIS is used If nothing is done: AKIATHIS is deactivated on 2026-03-31, and what still uses the old key stops working. Once everything uses the new key, AKIATHIS is deactivated from 2026-03-11 on.',
  ],
  [
    'replaced, and the owner had the time to move',
    wait({ ...both, date: T0 - days(1) }, { reason: 'still-needed', ...replacedBy }),
    'AKIATHIS is deactivated on 2026-03-31, and what still uses the old key stops working. Once everything uses the new key, AKIATHIS is deactivated from 2026-02-28 on. Why: the key was replaced, and is STILL IN USE.',
  ],
  [
    'deadline',
    wait({ about: 'deadline', date: DATE }, { reason: 'deadline-notice', ...replacedBy }),
    'By 2026-03-11, ann: put the new key AKIANEW wherever AKIATHIS is used If nothing is done: AKIATHIS is deactivated on 2026-03-11, and what still uses the old key stops working.',
  ],
  [
    'delete',
    wait({ about: 'delete', date: DATE }, { reason: 'recovery-grace', dueAt: DATE, ...off }),
    'By 2026-03-11, ann: switch AKIATHIS on again if something needs it If nothing is done: AKIATHIS is deleted from 2026-03-11 on unless it is switched on again.',
  ],
  [
    'delete, sooner if its place is needed',
    wait({ about: 'delete', date: DATE }, { reason: 'recovery-grace', dueAt: DATE + days(9), ...off }),
    'AKIATHIS is deleted from 2026-03-20 on unless it is switched on again, or from 2026-03-11 on if its place is needed',
  ],
  [
    'delete, of a key that may have leaked',
    wait(
      { about: 'delete', date: DATE },
      {
        reason: 'recovery-grace',
        dueAt: DATE,
        key: key({ status: 'inactive', inactiveFor: days(1), deactivatedAs: 'emergency' }),
      },
    ),
    'leave them off: - ann: AKIATHIS is deleted from 2026-03-11 on (off since',
  ],
  [
    'a replacement',
    applied(decision('replace', { noticeWhenDone: both }), { accessKeyId: 'AKIANEW', secretName: 'x' }),
    'AKIATHIS is deactivated on 2026-03-31, and what still uses the old key stops working. Once everything uses the new key, AKIATHIS is deactivated from 2026-03-11 on.',
  ],
  [
    'a deactivation',
    applied(decision('deactivate', { noticeWhenDone: { about: 'delete', date: DATE } })),
    'It is deleted from 2026-03-11 on unless it is switched on again.',
  ],
  [
    'a step held back, again',
    held(decision('deactivate', { notice: { about: 'deadline', date: DATE } }), 'limit'),
    'Announced for 2026-03-11.',
  ],
  [
    'a step that failed, again',
    failed(decision('delete', { notice: { about: 'delete', date: DATE } })),
    'Announced for 2026-03-11.',
  ],
];

describe('what is announced', () => {
  const events = (outcome: Outcome, mode: Mode = 'enforce') =>
    eventsOf(rotatedAccount({ settings: accountSettings({ mode }), outcomes: [outcome] }), {
      runId: 'run-1',
      mode,
      now: T0,
    });

  for (const [what, outcome, words] of EACH) {
    it(`shows user, key and date in a digest: ${what}`, () => {
      const found = digest({ outcomes: [outcome] });
      expect(unwrapped(found))
        .to.contain(words)
        .and.to.match(/- (By [\d-]+, )?ann: .*AKIATHIS/);
      expect([...found.announces]).to.deep.equal(['AKIATHIS']);
    });

    it(`is in an event, which names the three, too: ${what}`, () => {
      const all = events(outcome);
      expect([...announcedBy(all)]).to.deep.equal(['AKIATHIS']);
      for (const { detail } of all) {
        expect(detail).to.include({ userName: 'ann', accessKeyId: 'AKIATHIS' });
        expect(detail.notice?.date).to.match(/^2026-0[23]-\d\dT/);
      }
    });

    for (const mode of ['audit', 'replace-only'] as const) {
      it(`is no notice in mode ${mode}: ${what}`, () => {
        const found = digest({ outcomes: [outcome] }, mode);
        expect([...found.announces]).to.deep.equal([]);
        expect([...announcedBy(events(outcome, mode))]).to.deep.equal([]);
        expect(unwrapped(found)).not.to.match(/\bBy 20|is de(activat|let)ed (from|on) 20/);
      });
    }
  }

  it('is no deletion in mode no-delete', () => {
    const [, outcome] = EACH.find(([what]) => what === 'delete') ?? [];
    if (outcome === undefined) throw new Error('no such line');
    expect([...digest({ outcomes: [outcome] }, 'no-delete').announces]).to.deep.equal([]);
    expect(events(outcome, 'no-delete')).to.deep.equal([]);
  });
});
