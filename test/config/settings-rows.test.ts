import { expect } from 'chai';
import {
  toSnapshotRows,
  itemOf,
  keyOf,
  readItems,
  targetOf,
  type RawItem,
} from '../../src/config/settings-rows.ts';
import type { SettingsRow, Target } from '../../src/domain/settings/setting.ts';
import { NOW } from './written.ts';

const A = '111122223333';
const item = (sk: string, values: unknown, more: RawItem = {}): RawItem => ({
  pk: 'settings',
  sk,
  values,
  ...more,
});
const read = (...items: readonly RawItem[]) => toSnapshotRows(readItems(items, NOW));
/** What is wrong with one row, and whom it stops. */
function problemWith(one: RawItem): { readonly message?: string; readonly target?: Target } {
  const { rows, badRows } = read(one);
  expect(rows.length + badRows.length).to.equal(1);
  return badRows[0] ?? {};
}
const PREFIX = "the settings can't be used: ";

const TARGETS: readonly (readonly [string, Target])[] = [
  ['organization', { level: 'organization' }],
  ['ou#ou-ab12-34cd56ef', { level: 'organizational-unit', ouId: 'ou-ab12-34cd56ef' }],
  ['ou#r-ab12', { level: 'organizational-unit', ouId: 'r-ab12' }],
  [`account#${A}`, { level: 'account', accountId: A }],
  [`user#${A}#a+=,.@-_b`, { level: 'user', accountId: A, userName: 'a+=,.@-_b' }],
];

describe('the key of a row', () => {
  for (const [key, target] of TARGETS) {
    it(`tells whom it is about: ${key}`, () => {
      expect(targetOf(key)).to.deep.equal(target);
      expect(keyOf(target)).to.equal(key);
    });
  }
  for (const key of [
    '',
    'Organization',
    'organization#',
    'ou',
    'ou#',
    'ou#Production',
    'account',
    'account#1',
    `account#${A}#x`,
    `user#${A}`,
    `user#${A}#`,
    `user#1#ann`,
    `user#${A}#a#b`,
    `user#${A}#a b`,
    `role#${A}`,
    A,
  ]) {
    it(`can't be understood: "${key}"; the row concerns everybody`, () => {
      expect(targetOf(key)).to.equal(undefined);
      const { target, message } = problemWith(item(key, {}));
      expect(target).to.equal(undefined);
      expect(message).to.equal(
        `${PREFIX}row ${key}: nobody can tell whom it is about: its sk must be organization, ou#<id>, account#<id> or user#<account id>#<user name>`,
      );
    });
  }
});

describe('a row of settings', () => {
  for (const [key, target] of TARGETS) {
    it(`is read as it was written: ${key}`, () => {
      const row: SettingsRow = { target, values: { rotateAfter: 30.5, owner: 'Ann' }, final: [] };
      const written = itemOf(row, { at: NOW, by: 'arn:aws:iam::1:user/x' });
      expect(written).to.deep.equal({
        pk: 'settings',
        sk: key,
        values: { rotateAfter: 30.5, owner: 'Ann' },
        final: [],
        updatedAt: '2026-11-25T12:00:00.000Z',
        updatedBy: 'arn:aws:iam::1:user/x',
      });
      expect(read(written)).to.deep.equal({
        rows: [{ ...row, changedBy: 'arn:aws:iam::1:user/x' }],
        badRows: [],
      });
      expect(readItems([written], NOW)[0]?.changed).to.deep.equal({
        at: '2026-11-25T12:00:00.000Z',
        by: 'arn:aws:iam::1:user/x',
      });
    });
  }
  it('holds values as people write them', () => {
    const until = '2027-01-31';
    const values = {
      maxDeletions: '10%',
      includeUsers: ['svc-*', 'tag:x=y'],
      exemptions: [{ users: ['name:a'], owner: 'Ann', reason: 'b', until }],
    };
    const [row] = read(item('organization', values, { final: ['maxDeletions'] })).rows;
    expect(row).to.deep.equal({
      target: { level: 'organization' },
      values: {
        maxDeletions: { share: 0.1, atLeast: 5 },
        includeUsers: [
          { by: 'name', pattern: 'svc-*' },
          { by: 'tag', tag: 'x', value: 'y' },
        ],
        exemptions: [
          { users: [{ by: 'name', pattern: 'a' }], owner: 'Ann', reason: 'b', until: Date.parse(until) },
        ],
      },
      final: ['maxDeletions'],
    });
  });

  const LINES: readonly (readonly [string, RawItem, readonly string[]])[] = [
    [
      'a value that is wrong',
      item(`account#${A}`, { rotateAfter: '60d' }),
      ['rotateAfter: must be a number of days above 0, at most 3650, without a unit, not "60d"'],
    ],
    [
      'a name that is wrong',
      item(`account#${A}`, { rotateAfer: 60 }),
      ['rotateAfer: no such setting; did you mean rotateAfter?'],
    ],
    [
      'a setting beside the map',
      item(`account#${A}`, {}, { rotateAfter: 60 }),
      ['rotateAfter: no such attribute; settings belong into the map values'],
    ],
    [
      'a row that is to vanish by itself',
      item(`account#${A}`, {}, { expiresAt: 1 }),
      ['expiresAt: no such attribute; settings belong into the map values'],
    ],
    [
      'no map',
      { pk: 'settings', sk: `account#${A}` },
      ['values: must be a map of names and values, not undefined'],
    ],
    ['a list', item(`account#${A}`, ['audit']), ['values: must be a map of names and values, not ["audit"]']],
    [
      'a set',
      item(`account#${A}`, new Set(['audit'])),
      ['values: must be a map of names and values, not {}'],
    ],
    [
      'a final that is a set',
      item(`account#${A}`, {}, { final: new Set(['mode']) }),
      ['final: must be a list of names of settings, not {}'],
    ],
    [
      'an exemption too long',
      item(`account#${A}`, { exemptions: [{ users: ['x'], owner: 'a', reason: 'b', until: '2028-01-01' }] }),
      ['exemptions.0.until: must be at most a year (366 days) from now, 2027-11-26, not 2028-01-01'],
    ],
    [
      'all of it at once',
      item(`account#${A}`, { rotateAfter: 0, modee: 'x' }, { x: 1 }),
      [
        'x: no such attribute; settings belong into the map values',
        'rotateAfter: must be a number of days above 0, at most 3650, not 0',
        'modee: no such setting; did you mean mode?',
      ],
    ],
  ];
  for (const [title, one, problems] of LINES) {
    it(`can't be used with ${title}, and says so with whom it is about`, () => {
      const { target, message } = problemWith(one);
      expect(target).to.deep.equal({ level: 'account', accountId: A });
      expect(message).to.equal(
        `${PREFIX}${problems.map((problem) => `account ${A}: ${problem}`).join('; ')}`,
      );
    });
  }

  it('that ended an exemption long ago is fine', () => {
    const exemption = { owner: 'a', reason: 'b', until: '2020-01-01' };
    expect(read(item(`user#${A}#ann`, { exemption })).badRows).to.deep.equal([]);
  });

  it("that is wrong doesn't keep others from being read", () => {
    const { rows, badRows } = read(
      item('organization', { owner: 'x' }),
      item(`user#${A}#ann`, { mode: 'audit' }),
    );
    expect(rows.map(({ target }) => target.level)).to.deep.equal(['organization']);
    expect(badRows.map(({ target }) => target)).to.deep.equal([
      { level: 'user', accountId: A, userName: 'ann' },
    ]);
  });

  it('about one user in two cases stops that user', () => {
    const { rows, badRows } = read(
      item(`user#${A}#Ann`, {}),
      item(`user#${A}#ann`, { rotateAfter: 30 }),
      item(`user#${A}#bob`, {}),
    );
    expect(rows.map(({ target }) => keyOf(target))).to.deep.equal([`user#${A}#bob`]);
    expect(badRows.map(({ message }) => message)).to.deep.equal(
      ['Ann', 'ann'].map(
        (name) =>
          `${PREFIX}user ${name} of account ${A}: the same user has rows in upper and lower case; only one may be there`,
      ),
    );
  });
});
