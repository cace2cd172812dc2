import { expect } from 'chai';
import { toJsonStatus, formatStatus } from '../../../src/cli/output/status.ts';
import type { Outcome } from '../../../src/domain/report/outcome.ts';
import { days } from '../../../src/domain/time.ts';
import type { Facts } from '../../report/support.ts';
import {
  accountSettings,
  decision,
  decisionOn,
  gap,
  held,
  key,
  rotatedAccount,
  T0,
  untouched,
  type Situation,
} from '../../support/builders.ts';

const COLOURS = /\u001b\[\d+m/g;
const text = (facts: Facts, columns?: number) =>
  formatStatus(rotatedAccount(facts), T0, columns).replaceAll(COLOURS, '');
/** The cells of each line of the table, borders and heading left out. */
const rows = (facts: Facts) =>
  text(facts)
    .split('\n')
    .filter((line) => line.startsWith('│'))
    .slice(1)
    .map((line) =>
      line
        .split('│')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
/** One column of one key, in one line. */
const cell = (outcome: Outcome, column: number) =>
  rows({ outcomes: [outcome] })
    .map((cells) => cells[column])
    .join(' ')
    .trim();
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

  const NEXT: readonly [string, Outcome, string][] = [
    ['a young key', on({ key: { age: days(30) } }), 'keep until 2026-03-31 Younger than 60 days.'],
    ['a key that is due', on({ key: { age: days(65) } }), 'replace in the next run Older'],
    [
      'a replaced key',
      on({
        key: { age: days(70), lastUsed: days(8) },
        other: { age: days(9), replacementOf: 'AKIATHIS', deliveredAgo: days(9), lastUsed: days(1) },
      }),
      'will deactivate from 2026-03-11 on Its owner has moved to AKIAOTHER; it is',
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
    ['a blocked key', untouched(decision('blocked')), 'needs a person An example'],
    ['an exempt user', untouched(decision('exempt', { dueAt: T0 + days(9) })), 'exempt until 2026-03-10'],
    [
      'a step the mode holds back',
      held(decision('replace'), 'mode', 'mode audit does not'),
      'would replace An',
    ],
    [
      'a step over a limit',
      held(decision('delete'), 'limit', 'the limit is 5'),
      'delete: held back An example of delete. Held back: the limit is 5.',
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
      'team-ann',
      'bob',
      'team-bob',
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

describe('the status as JSON', () => {
  it('has all of it, with dates in ISO 8601', () => {
    const settings = accountSettings({ mode: 'no-delete' });
    const known = key({ replacementOf: 'AKIABEFORE', deliveredAgo: days(9), lastUsed: days(1) });
    const outcomes = [
      held(decision('delete', { owner: 'team-a', key: known, dueAt: T0 }), 'limit', 'the limit is 5'),
      untouched(
        decision('keep', {
          key: key({
            lastUsed: 'never',
            notices: { unused: { givenAgo: days(1), repeatedAgo: days(1), dateIn: days(9) } },
          }),
        }),
      ),
    ];
    const report = rotatedAccount({ settings, outcomes, gaps: [gap('gus')], uncovered: ['kim'] });
    expect(toJsonStatus(report, T0)).to.deep.equal({
      schemaVersion: 1,
      accountId: '111111111111',
      accountName: 'production',
      mode: 'no-delete',
      checkedAt: '2026-03-01T06:00:00.000Z',
      keys: [
        {
          userName: 'ann',
          owner: 'team-a',
          accessKeyId: 'AKIATHIS',
          status: 'active',
          createdAt: '2026-01-30T06:00:00.000Z',
          age: 30,
          lastUse: 'used',
          lastUsedAt: '2026-02-28T06:00:00.000Z',
          replacementOf: 'AKIABEFORE',
          deliveredAt: '2026-02-20T06:00:00.000Z',
          delivery: 'current',
          action: 'delete',
          reason: 'recovery-grace-over',
          message: 'An example of delete.',
          dueAt: '2026-03-01T06:00:00.000Z',
          heldBack: 'the limit is 5',
        },
        {
          userName: 'ann',
          accessKeyId: 'AKIATHIS',
          status: 'active',
          createdAt: '2026-01-30T06:00:00.000Z',
          age: 30,
          lastUse: 'never',
          noticedAt: '2026-02-28T06:00:00.000Z',
          notices: [
            {
              about: 'unused',
              date: '2026-03-10T06:00:00.000Z',
              firstAt: '2026-02-28T06:00:00.000Z',
              lastAt: '2026-02-28T06:00:00.000Z',
            },
          ],
          action: 'keep',
          reason: 'young',
          message: 'An example of keep.',
        },
      ],
      skipped: [
        {
          userName: 'gus',
          reason: 'unreadable',
          cause: 'iam:ListAccessKeys: not authorized',
          nextStep: 'Allow it in the member role.',
        },
      ],
      usersNotCovered: 1,
      findings: [],
    });
  });

  const NAME = 'access-key-rotation/ann';
  const ARN =
    'arn:aws:secretsmanager:eu-west-1:999999999999:secret:access-key-rotation/central/111111111111/ann-AbCdEf';
  for (const [where, expected] of [
    [NAME, { secretName: NAME }],
    [ARN, { secretArn: ARN }],
  ] as const) {
    it(`says where the secret of a key was delivered to: ${where.slice(0, 20)}`, () => {
      const found = key();
      const outcome = untouched(
        decision('keep', { key: { ...found, memory: { ...found.memory, secretName: where } } }),
      );
      const report = rotatedAccount({ outcomes: [outcome] });
      const [status] = toJsonStatus(report, T0).keys;
      expect(status).to.include(expected);
      expect(Object.keys(status ?? {}).filter((name) => name.startsWith('secret'))).to.have.length(1);
      expect(cell(outcome, 3).replaceAll(' ', '')).to.equal(`secret${where}`);
    });
  }

  it('leaves out a date that no calendar has', () => {
    const odd = untouched(decision('wait', { dueAt: NaN }));
    expect(toJsonStatus(rotatedAccount({ outcomes: [odd] }), T0).keys[0]).not.to.have.property('dueAt');
  });
});
