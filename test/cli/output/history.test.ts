import { expect } from 'chai';
import { toJsonHistory, formatHistory } from '../../../src/cli/output/history.ts';
import type { HistoryEntry } from '../../../src/domain/rotation/history.ts';
import { T0 } from '../../support/builders.ts';

const COLOURS = /\u001b\[\d+m/g;
const entry = (overrides: Partial<HistoryEntry> = {}): HistoryEntry => ({
  at: T0,
  runId: '20260301T060000Z-a1b2c3',
  by: 'arn:aws:sts::111122223333:assumed-role/Admin/jane',
  what: 'replaced',
  userName: 'svc-ledger',
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  newAccessKeyId: 'AKIAI44QH8DHBEXAMPLE',
  secretName: 'access-key-rotation/svc-ledger',
  reason: 'emergency',
  message: 'Asked for: it was in a public repository',
  ...overrides,
});
const text = (...entries: readonly HistoryEntry[]) => formatHistory(entries, [], 130).replaceAll(COLOURS, '');
/** The columns of a table with one entry, each in one line. */
const columns = (one: HistoryEntry) =>
  text(one)
    .split('\n')
    .filter((line) => line.startsWith('│'))
    .slice(1)
    .map((line) => line.split('│').slice(1, -1))
    .reduce<readonly string[]>(
      (above, cells) => cells.map((cell, index) => `${above[index] ?? ''} ${cell.trim()}`.trim()),
      [],
    );

describe('the history', () => {
  it('says when, what, of whom, which key, by whom in which run, and why', () => {
    expect(columns(entry())).to.deep.equal([
      '2026-03-01 06:00',
      'replaced',
      'svc-ledger',
      'AKIAIOSFODNN7EXAMPLE -> AKIAI44QH8DHBEXAMPLE',
      'Admin/jane 20260301T060000Z-a1b2c3',
      'Asked for: it was in a public repository',
    ]);
  });

  it('shows what has no user and no key', () => {
    const { userName: _user, accessKeyId: _key, newAccessKeyId: _new, ...rest } = entry();
    expect(
      columns({ ...rest, what: 'settings-changed', message: 'mode: enforce' }).slice(1, 4),
    ).to.deep.equal(['settings changed', '', '']);
  });

  const WHO: readonly [string, string][] = [
    ['arn:aws:sts::111122223333:assumed-role/Admin/jane', 'Admin/jane'],
    ['arn:aws-cn:iam::111122223333:user/jane', 'user/jane'],
    ['arn:aws:iam::111122223333:root', 'root'],
    [
      'arn:aws:sts::111122223333:assumed-role/access-key-rotation/20260301T060000Z',
      'access-key-rotation/ 20260301T060000Z',
    ],
    ['somebody', 'somebody'],
  ];
  for (const [by, who] of WHO) {
    it(`calls ${by} ${who}`, () => {
      expect(columns(entry({ by }))[4]).to.equal(`${who} 20260301T060000Z-a1b2c3`);
    });
  }

  it('keeps the order it is given, and says so when there is none', () => {
    const found = text(entry({ message: 'second' }), entry({ message: 'first' }));
    expect(found.indexOf('second')).to.be.lessThan(found.indexOf('first'));
    expect(text()).to.equal('Nothing was done that is still remembered.\n');
  });

  it('holds no control characters of foreign text', () => {
    const hostile = 'x\u001b]0;owned\u0007\u001b[2J\r\nforged: line\u202e';
    const found = text(
      entry({ userName: hostile, by: hostile, message: hostile, runId: hostile, accessKeyId: hostile }),
    );
    expect(found)
      .not.to.match(/[^\P{Cc}\n]|\p{Cf}/u)
      .and.not.to.match(/^forged/m);
  });

  it('fits into the terminal, with every id whole', () => {
    for (const line of text(entry()).split('\n')) expect(line.length).to.be.at.most(130);
    expect(text(entry())).to.contain('-> AKIAI44QH8DHBEXAMPLE').and.to.contain('20260301T060000Z-a1b2c3');
  });

  it('is JSON for programs, with dates in ISO 8601', () => {
    const { entries, schemaVersion } = toJsonHistory([entry(), entry({ at: NaN })]);
    expect(schemaVersion).to.equal(1);
    expect(entries[0]).to.deep.equal({ ...entry(), at: '2026-03-01T06:00:00.000Z' });
    expect(entries[1]?.at).to.equal(null);
  });
});
