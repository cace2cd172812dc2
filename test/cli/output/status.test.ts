import { expect } from 'chai';
import type { Outcome } from '../../../src/domain/report/outcome.ts';
import { days, type Duration } from '../../../src/domain/time.ts';
import {
  accountSettings,
  decision,
  decisionOn,
  gap,
  held,
  key,
  T0,
  untouched,
  type Situation,
} from '../../support/builders.ts';
import { cell, rows, text } from './status-cells.ts';

const on = (situation: Situation): Outcome => untouched(decisionOn(situation));

describe('the status of an account', () => {
  it('begins with the account, its mode, and whom the settings leave out', () => {
    const settings = accountSettings({ mode: 'no-delete' });
    const found = text({ settings, outcomes: [on({ key: {} })], uncovered: ['kim', 'lea'] });
    expect(found).to.match(
      /^production 111111111111 {2}mode no-delete, 1 key, 2 users not covered by the settings\n/,
    );
    expect(text({})).to.equal('production 111111111111  mode enforce, no access keys\n');
  });

  it('shows how old a key is, and when it was used', () => {
    const old = on({ key: { age: days(30), lastUsed: days(2) } });
    expect(cell(old, 1)).to.equal('AKIATHIS active, 30 days created 2026-01-30');
    expect(cell(old, 2)).to.equal('2026-02-27 2 days ago');
    expect(cell(on({ key: { lastUsed: 'never' } }), 2)).to.equal('never');
    expect(cell(on({ key: { lastUsed: 'unknown' } }), 2)).to.equal('unknown');
  });

  it('shows what the ledger knows', () => {
    const known = key({
      replacementOf: 'AKIABEFORE',
      deliveredAgo: days(9),
      notices: { unused: { givenAgo: days(5), dateIn: days(5) } },
      inactiveFor: days(3),
      reactivatedAgo: days(20),
    });
    expect(cell(untouched(decision('wait', { key: known })), 3)).to.equal(
      'replaces AKIABEFORE delivered 2026-02-20 announced 2026-02-24 unused: 2026-03-06 off since 2026-02-26 on again 2026-02-09',
    );
    expect(cell(on({ key: {} }), 3)).to.equal('');
  });

  it('shows what used a key last, and how far the owner of a replaced key has come', () => {
    const usedBy = { service: 's3', region: 'ap-northeast-1' };
    const replacement = { age: days(9), replacementOf: 'AKIATHIS', deliveredAgo: days(9) };
    const waits = (other: Duration | 'never') =>
      on({ key: { age: days(70), lastUsed: days(1), usedBy }, other: { ...replacement, lastUsed: other } });
    expect(cell(waits('never'), 2)).to.equal('2026-02-28 yesterday s3 ap-northeast-1');
    expect(cell(waits('never'), 4)).to.contain('Owner has not moved to AKIAOTHER yet.');
    expect(cell(waits(days(0.5)), 4)).to.contain('Owner uses AKIAOTHER, and this key too.');
  });

  const NEXT: readonly [string, Outcome, string][] = [
    ['a young key', on({ key: { age: days(30) } }), 'keep until 2026-03-31: Younger than 60 days.'],
    ['a key that is due', on({ key: { age: days(65) } }), 'replace in the next run: Older'],
    [
      'a replaced key',
      on({
        key: { age: days(70), lastUsed: days(8) },
        other: { age: days(9), replacementOf: 'AKIATHIS', deliveredAgo: days(9), lastUsed: days(1) },
      }),
      'will deactivate from 2026-03-11 on: Its owner has moved to AKIAOTHER; it is',
    ],
    [
      'a key that was switched off',
      on({
        key: {
          status: 'inactive',
          age: days(200),
          lastUsed: days(9),
          inactiveFor: days(4),
          notices: { delete: { givenAgo: days(4), dateIn: days(6) } },
        },
      }),
      'will delete from 2026-03-07 on',
    ],
    ['a blocked key', untouched(decision('blocked')), 'needs a person: An example'],
    ['an exempt user', untouched(decision('exempt', { dueAt: T0 + days(9) })), 'exempt until 2026-03-10'],
    [
      'a step the mode holds back',
      held(decision('replace'), 'mode', 'mode audit does not'),
      'would replace: An',
    ],
    [
      'a step over a limit',
      held(decision('delete'), 'limit', 'the limit is 5'),
      'delete: held back: An example of delete. Held back: the limit is 5.',
    ],
  ];
  for (const [what, outcome, next] of NEXT) {
    it(`says what comes next and when: ${what}`, () => {
      expect(cell(outcome, 4)).to.match(new RegExp(`^${next.replaceAll('.', '\\.')}`));
    });
  }

  it('has the keys of a user together, the name and its owner once', () => {
    const own = (id: string, userName: string) =>
      untouched(decision('keep', { userName, owner: `team-${userName}`, key: key({ id }) }));
    const outcomes = [own('AKIAONE', 'ann'), own('AKIATWO', 'bob'), own('AKIATHREE', 'ann')];
    const found = rows({ outcomes });
    expect(found.map(([user]) => user).filter((user) => user !== '')).to.deep.equal([
      'ann',
      'of team-ann',
      'bob',
      'of team-bob',
    ]);
    expect(found.flatMap(([, id]) => /AKIA\w+/.exec(id ?? '')?.[0] ?? [])).to.deep.equal([
      'AKIAONE',
      'AKIATHREE',
      'AKIATWO',
    ]);
  });

  it('says who could not be read, and what is to be known of the account', () => {
    const findings = [{ severity: 'critical', message: 'The root user has access keys' }] as const;
    const found = text({ gaps: [gap('gus')], findings });
    expect(found).to.contain('skipped gus: iam:ListAccessKeys: not authorized\n  Next step: Allow it');
    expect(found).to.contain('critical The root user has access keys');
  });

  it('holds no control characters of foreign text', () => {
    const hostile = 'x\u001b]0;owned\u0007\u001b[2J\r\nforged: line\u202e';
    const found = text({
      outcomes: [untouched(decision('keep', { userName: hostile, owner: hostile, message: hostile }))],
      gaps: [gap(hostile)],
    });
    expect(found)
      .not.to.match(/[^\P{Cc}\n]|\p{Cf}/u)
      .and.not.to.match(/^forged/m);
    expect(found).to.contain('owned');
  });

  for (const columns of [40, 130, 200]) {
    it(`fits into ${columns} columns, or 110 at least`, () => {
      const long = untouched(
        decision('keep', { userName: 'Q'.repeat(64), key: key({ id: 'AKIAIOSFODNN7EXAMPLE' }) }),
      );
      const widths = text({ outcomes: [long] }, columns)
        .split('\n')
        .map((line) => line.length);
      expect(Math.max(...widths)).to.be.at.most(Math.max(110, columns));
      expect(text({ outcomes: [long] }, columns).replaceAll(/[^Q]/g, '')).to.have.length(64);
    });
  }
});
