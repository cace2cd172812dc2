import { expect } from 'chai';
import {
  snapshotAfter,
  changingOne,
  replacingAll,
  type Changing,
  type RowChange,
} from '../../src/config/settings-change.ts';
import { readItems, type RawItem } from '../../src/config/settings-rows.ts';
import type { WrittenValues } from '../../src/config/read-values.ts';
import type { SettingsRow, SettingValues, Target } from '../../src/domain/settings/setting.ts';
import { NOW, valuesOf } from './written.ts';

const A = '111122223333';
const ACCOUNT: Target = { level: 'account', accountId: A };
const ORGANIZATION: Target = { level: 'organization' };
const user = (userName: string): Target => ({ level: 'user', accountId: A, userName });
const stored = (rows: Readonly<Record<string, unknown>>, more: RawItem = {}) =>
  readItems(
    Object.entries(rows).map(([sk, values]) => ({ pk: 'settings', sk, values, ...more })),
    NOW,
  );
const row = (target: Target, values: Partial<SettingValues>): SettingsRow => ({ target, values, final: [] });

function changesOf(changing: Changing): readonly RowChange[] {
  if (changing.kind === 'failed') throw new Error(changing.problems.join('; '));
  return changing.value;
}
const inShort = (changing: Changing) =>
  changesOf(changing).map(
    ({ kind, key, settings }) =>
      `${kind} ${key}: ${settings.map(({ name, from, to }) => `${name} ${JSON.stringify(from)}>${JSON.stringify(to)}`).join(' ')}`,
  );
const setting =
  (values: Readonly<Record<string, unknown>>, final?: unknown) =>
  (written: WrittenValues): WrittenValues => ({
    values: { ...written.values, ...values },
    final: final ?? written.final,
  });
const without =
  (name: string) =>
  ({ values, final }: WrittenValues): WrittenValues => ({
    values: Object.fromEntries(Object.entries(values).filter(([one]) => one !== name)),
    final,
  });

describe('changing one row', () => {
  const KEY = `account#${A}`;
  it('makes it where there is none', () => {
    expect(inShort(changingOne([], ACCOUNT, setting({ owner: 'x' }), NOW))).to.deep.equal([
      `added ${KEY}: owner undefined>"x"`,
    ]);
  });
  it('says what was and what will be, and leaves the rest as it is', () => {
    const changing = changingOne(
      stored({ [KEY]: { owner: 'x', rotateAfter: 30 } }),
      ACCOUNT,
      setting({ owner: 'y' }),
      NOW,
    );
    expect(inShort(changing)).to.deep.equal([`changed ${KEY}: owner "x">"y"`]);
    expect(changesOf(changing)[0]?.after).to.deep.equal(row(ACCOUNT, { owner: 'y', rotateAfter: 30 }));
  });
  it('says what becomes final', () => {
    const changing = changingOne(stored({ [KEY]: { owner: 'x' } }), ACCOUNT, setting({}, ['owner']), NOW);
    expect(inShort(changing)).to.deep.equal([`changed ${KEY}: final undefined>["owner"]`]);
  });
  it('removes it when nothing is left', () => {
    const changing = changingOne(stored({ [KEY]: { owner: 'x' } }), ACCOUNT, without('owner'), NOW);
    expect(inShort(changing)).to.deep.equal([`removed ${KEY}: owner "x">undefined`]);
    expect(changesOf(changing)[0]).not.to.have.property('after');
  });
  for (const [title, rows, edit] of [
    ['it says the same already', { [KEY]: { owner: 'x' } }, setting({ owner: 'x' })],
    [
      'it says the same in other words',
      { [KEY]: { includeUsers: ['svc-*'] } },
      setting({ includeUsers: ['name:svc-*'] }),
    ],
    ['there is nothing to take away', { [KEY]: { owner: 'x' } }, without('rotateAfter')],
    ['there is no row to take from', {}, without('rotateAfter')],
  ] as const) {
    it(`changes nothing where ${title}`, () => {
      expect(changesOf(changingOne(stored(rows), ACCOUNT, edit, NOW))).to.deep.equal([]);
    });
  }
  it('knows a user in another case', () => {
    const rows = stored({ [`user#${A}#Ann`]: { rotateAfter: 30 } });
    const [change] = changesOf(changingOne(rows, user('ann'), setting({ rotateAfter: 40 }), NOW));
    expect([change?.kind, change?.after?.target]).to.deep.equal(['changed', user('Ann')]);
  });
  it('corrects a row that is wrong', () => {
    const rows = stored({ [KEY]: { rotateAfter: '60d', owner: 'x' } });
    expect(inShort(changingOne(rows, ACCOUNT, setting({ rotateAfter: 60 }), NOW))).to.deep.equal([
      `changed ${KEY}: rotateAfter "60d">60`,
    ]);
    expect(inShort(changingOne(rows, ACCOUNT, without('rotateAfter'), NOW))).to.deep.equal([
      `changed ${KEY}: rotateAfter "60d">undefined`,
    ]);
  });
  it('is refused while something else in it is wrong', () => {
    const rows = stored({ [KEY]: { rotateAfter: '60d', owner: 7 } });
    const changing = changingOne(rows, ACCOUNT, setting({ rotateAfter: 60 }), NOW);
    expect(changing.kind === 'failed' && changing.problems).to.deep.equal([
      `account ${A}: owner: must be a text of 1 to 256 characters on one line, not 7`,
    ]);
  });
  it('is refused with an exemption that has ended, but not beside one', () => {
    const over = { exemption: { owner: 'a', reason: 'b', until: '2026-01-01' } };
    const refused = changingOne([], user('ann'), setting(over), NOW);
    expect(refused.kind === 'failed' && refused.problems).to.deep.equal([
      `user ann of account ${A}: exemption.until: must be after now, 2026-11-25, not 2026-01-01`,
    ]);
    const beside = changingOne(
      stored({ [`user#${A}#ann`]: over }),
      user('ann'),
      setting({ rotateAfter: 30 }),
      NOW,
    );
    expect(beside.kind).to.equal('ok');
  });
});

describe('making rows the only ones', () => {
  const rows = stored({
    organization: { owner: 'x', includeUsers: ['svc-*'] },
    [`account#${A}`]: { rotateAfter: 30 },
    [`user#${A}#Ann`]: { rotateAfter: 31 },
    gone: { owner: 'y' },
  });
  it('adds, changes, removes, and leaves alone what says the same', () => {
    const wanted = [
      row(ORGANIZATION, { ...valuesOf({ includeUsers: ['name:svc-*'] }).values, owner: 'x' }),
      row(ACCOUNT, { rotateAfter: 40 }),
      row(user('bob'), { rotateAfter: 20 }),
    ];
    expect(inShort(replacingAll(rows, wanted, NOW))).to.deep.equal([
      `changed account#${A}: rotateAfter 30>40`,
      `added user#${A}#bob: rotateAfter undefined>20`,
      `removed user#${A}#Ann: rotateAfter 31>undefined`,
      `removed gone: owner "y">undefined`,
    ]);
  });
  it('writes the name of a user as the file has it', () => {
    const wanted = [row(user('ann'), { rotateAfter: 31 })];
    expect(
      inShort(replacingAll(stored({ [`user#${A}#Ann`]: { rotateAfter: 31 } }), wanted, NOW)),
    ).to.deep.equal([
      `added user#${A}#ann: rotateAfter undefined>31`,
      `removed user#${A}#Ann: rotateAfter 31>undefined`,
    ]);
  });
  it('writes what can not be used anew, even where it says the same', () => {
    const wrong = stored({ [`account#${A}`]: { owner: 'x' } }, { stray: 1 });
    const [change] = changesOf(replacingAll(wrong, [row(ACCOUNT, { owner: 'x' })], NOW));
    expect(change).to.deep.include({ kind: 'changed', settings: [] });
  });
  it('refuses exemptions that have ended, unless they were there', () => {
    const over = valuesOf({ exemption: { owner: 'a', reason: 'b', until: '2026-01-01' } }, 'user').values;
    const wanted = [row(user('ann'), over)];
    expect(replacingAll([], wanted, NOW).kind).to.equal('failed');
    const before = stored({
      [`user#${A}#ann`]: { exemption: { owner: 'a', reason: 'b', until: '2026-01-01' } },
    });
    expect(changesOf(replacingAll(before, wanted, NOW))).to.deep.equal([]);
  });
});

describe('the settings after a change', () => {
  it('has the new rows, and the old ones that stay, right and wrong', () => {
    const rows = stored({
      organization: { owner: 'x' },
      [`account#${A}`]: { owner: 7 },
      [`user#${A}#ann`]: { mode: 'x' },
    });
    const changes = changesOf(changingOne(rows, ACCOUNT, setting({ owner: 'y' }), NOW));
    const after = snapshotAfter([], rows, changes);
    expect(after.rows).to.deep.equal([row(ORGANIZATION, { owner: 'x' }), row(ACCOUNT, { owner: 'y' })]);
    expect(after.badRows.map(({ target }) => target)).to.deep.equal([user('ann')]);
    const removed = snapshotAfter([], rows, changesOf(replacingAll(rows, [], NOW)));
    expect([removed.rows, removed.badRows]).to.deep.equal([[], []]);
  });
});
