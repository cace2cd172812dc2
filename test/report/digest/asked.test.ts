import { expect } from 'chai';
import type { Outcome } from '../../../src/domain/report/outcome.ts';
import type { Decision } from '../../../src/domain/rotation/decision.ts';
import type { Mode } from '../../../src/domain/rotation/limits.ts';
import { days } from '../../../src/domain/time.ts';
import { applied, decision, held, key, T0, untouched, type KeyFacts } from '../../support/builders.ts';
import { digest, jsonOf, replaced, said, sectionOf, unusedNotice } from '../support.ts';

const wait = (overrides: Partial<Decision>): Outcome => untouched(decision('wait', overrides));
const deletion = (facts: KeyFacts): Outcome =>
  wait({
    key: key({ status: 'inactive', inactiveFor: days(1), ...facts }),
    reason: 'recovery-grace',
    notice: { about: 'delete', date: T0 + days(10) },
  });
const replacedBy = (state: 'moved' | 'adopted' | 'not-adopted'): Outcome =>
  wait({
    reason: state === 'moved' ? 'moved-grace' : 'still-needed',
    notice: { about: 'replaced', date: T0 + days(10), inAnyCase: T0 + days(30) },
    adoption: { replacementId: 'AKIANEW', state },
  });
const off = (reason: Decision['reason']): Outcome =>
  applied(decision('deactivate', { reason, noticeWhenDone: { about: 'delete', date: T0 + days(10) } }));
const only = (outcome: Outcome, mode?: Mode) => jsonOf(digest({ outcomes: [outcome] }, mode)).entries[0];

describe('what is asked of the owner of a key', () => {
  const ASKED: readonly [string, Outcome, string | undefined][] = [
    ['a key that was replaced now', replaced(decision('replace')), '2026-04-30'],
    ['a key whose new one nobody uses yet', replacedBy('not-adopted'), '2026-03-31'],
    ['a key whose new one is used beside it', replacedBy('adopted'), '2026-03-31'],
    ['an unused key that will go', untouched(unusedNotice()), '2026-03-11'],
    ['a key that was switched off at its last date', off('deadline'), '2026-03-11'],
    ['a key that was switched off as unused', off('unused'), '2026-03-11'],
    ['a key that is off and will be deleted', deletion({ deactivatedAs: 'unused' }), '2026-03-11'],
    ['two keys of which one must go', untouched(decision('blocked')), undefined],
    ['a new key that is lost', untouched(decision('blocked', { reason: 'delivery-void' })), undefined],
    [
      'a key that is used after all',
      untouched(decision('blocked', { reason: 'used-after-notice' })),
      undefined,
    ],
  ];
  for (const [what, outcome, date] of ASKED) {
    it(`is to do something about ${what}, by ${date ?? 'no date'}`, () => {
      const entry = only(outcome);
      expect(entry).to.include({ asked: true });
      expect(entry?.lastDate?.slice(0, 10)).to.equal(date);
      const text = said('ASKED OF YOU', [outcome]);
      expect(text).to.match(date === undefined ? /^- ann: / : new RegExp(`^- By ${date}, ann: `));
      expect(text).to.contain('If nothing is done: ');
      expect(digest({ outcomes: [outcome] }).subject).to.contain(
        date === undefined ? '] Asked of you: ' : `] Act by ${date}: `,
      );
    });
  }

  for (const by of ['limit', 'organization-limit', 'readers', 'request'] as const) {
    for (const reason of ['deadline', 'unused'] as const) {
      it(`is as urgent as can be where only ${by} keeps a key on (${reason}), and administrators read of it, too`, () => {
        const notice = { about: reason, date: T0 - days(1) } as const;
        const outcome = held(decision('deactivate', { reason, notice }), by);
        expect(only(outcome)).to.include({ section: 'held-back', asked: true });
        expect(said('ASKED OF YOU', [outcome])).to.match(/^- NOW, ann: .*2026-02-28/);
        expect(said('HELD BACK', [outcome])).to.contain('- ann: AKIATHIS.');
        expect(jsonOf(digest({ outcomes: [outcome] }))).to.deep.include({ cut: 0 });
        expect(jsonOf(digest({ outcomes: [outcome] })).entries).to.have.length(1);
      });
    }
  }

  const NOT_ASKED: readonly [string, Outcome, Mode?][] = [
    ['a key that has moved', replacedBy('moved')],
    ['a key that has moved and was switched off', off('moved')],
    ['a key that has moved, and will be deleted', deletion({ deactivatedAs: 'moved' })],
    ['a key that may have leaked, and will be deleted', deletion({ deactivatedAs: 'emergency' })],
    ['a key that was deleted', applied(decision('delete'))],
    ['a key that signs the run', untouched(decision('blocked', { reason: 'signs-this-run' }))],
    ['a key that has moved, over a limit', held(decision('deactivate'), 'limit')],
    ['a key that the mode leaves on', held(decision('deactivate', { reason: 'deadline' })), 'replace-only'],
    ['an unused key in audit', untouched(unusedNotice()), 'audit'],
    ['an unused key where nothing is deactivated', untouched(unusedNotice()), 'replace-only'],
    ['a key that is off, where nothing is deleted', deletion({}), 'no-delete'],
    ['two keys in audit', untouched(decision('blocked')), 'audit'],
    ['a key that waits, in audit', replacedBy('not-adopted'), 'audit'],
  ];
  for (const [what, outcome, mode] of NOT_ASKED) {
    it(`is nothing for ${what}`, () => {
      const found = digest({ outcomes: [outcome] }, mode);
      expect(only(outcome, mode)).not.to.have.any.keys('asked', 'lastDate');
      expect(sectionOf(found, 'ASKED OF YOU')).to.equal('');
      expect(found.subject).to.match(/\] (Nothing asked of you|Plan only): /);
    });
  }

  it('stands together by user, the user with the earliest date first, and what has no date last', () => {
    const of = (userName: string, id: string, inDays: number) =>
      untouched({
        ...unusedNotice(userName, { id }),
        notice: { about: 'unused', date: T0 + days(inDays) },
      });
    const outcomes = [
      untouched(decision('blocked', { userName: 'undecided' })),
      of('bob', 'AKIABOB', 12),
      of('ann', 'AKIALATER', 20),
      of('ann', 'AKIASOON', 11),
    ];
    const order = [...said('ASKED OF YOU', outcomes).matchAll(/- (?:By (\S+), )?(\w+): /g)];
    expect(order.map(([, date, user]) => [date, user])).to.deep.equal([
      ['2026-03-12', 'ann'],
      ['2026-03-21', 'ann'],
      ['2026-03-13', 'bob'],
      [undefined, 'undecided'],
    ]);
  });

  it('comes with how to use a new key, once, and only where there is one', () => {
    const two = ['ann', 'bob'].map((userName) => replaced(decision('replace', { userName })));
    const { text } = digest({ outcomes: two });
    expect(text.match(/^HOW TO USE A NEW KEY$/gm)).to.have.length(1);
    expect(text).to.contain('docs/use-the-new-key.md');
    expect(digest({ outcomes: [replaced(decision('replace'))] }).text).to.contain(
      'credential_process = access-key-rotation credentials --user ann --from NAME-OF-OLD-PROFILE --region eu-central-1',
    );
    expect(digest({ outcomes: [untouched(unusedNotice())] }).text).not.to.contain('HOW TO USE A NEW KEY');
  });

  it('is the last to be cut, with what failed', () => {
    const many = Array.from({ length: 1_000 }, (_, index) => `user-${index}`);
    const found = digest({
      outcomes: [
        ...many.map((userName) => applied(decision('delete', { userName, message: 'x'.repeat(500) }))),
        ...many.map((userName) => held(decision('deactivate', { userName }))),
        ...many.slice(0, 100).map((userName) => replaced(decision('replace', { userName }))),
        ...many.slice(0, 100).map((userName) => untouched(unusedNotice(userName, { id: 'AKIAUNUSED' }))),
        deletion({ id: 'AKIAOFF' }),
      ],
    });
    const { entries, cut } = jsonOf(found);
    expect(cut).to.be.greaterThan(500);
    expect(entries.filter(({ asked }) => asked === true)).to.have.length(201);
  });
});
