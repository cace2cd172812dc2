import { expect } from 'chai';
import {
  needsUnits,
  settingsOfAccount,
  settingsOfOrganization,
  settingsOfUser,
  type AccountSettings,
} from '../../../src/domain/settings/account-settings.ts';
import type { UserFacts } from '../../../src/domain/settings/user-selector.ts';
import type {
  BadSettingsRow,
  SettingsSnapshot,
  SettingsRow,
  SettingValues,
  Target,
} from '../../../src/domain/settings/setting.ts';
import { days } from '../../../src/domain/time.ts';
import { account, snapshotOf, policy, T0 } from '../../support/builders.ts';

const APP = account({ id: '111111111111', ouPath: ['r-1', 'ou-1'] });
const OTHER = account({ id: '222222222222', ouPath: ['r-1', 'ou-2'] });
const ORGANIZATION: Target = { level: 'organization' };
const unit = (ouId: string): Target => ({ level: 'organizational-unit', ouId });
const ofAccount = (accountId: string): Target => ({ level: 'account', accountId });
const ofUser = (userName: string, accountId = APP.id): Target => ({ level: 'user', accountId, userName });

const row = (target: Target, values: Partial<SettingValues>): SettingsRow => ({ target, values, final: [] });
const snapshotWith = (
  rows: readonly SettingsRow[],
  badRows: readonly BadSettingsRow[] = [],
): SettingsSnapshot => ({
  ...snapshotOf(),
  rows,
  badRows,
});
const bad = (target?: Target): BadSettingsRow => ({
  ...(target === undefined ? {} : { target }),
  message: 'what is wrong, and what would be right',
});

function settingsOf(rows: readonly SettingsRow[], of = APP): AccountSettings {
  const resolved = settingsOfAccount(snapshotWith(rows), of);
  if (resolved.kind === 'failed') throw new Error(resolved.failure.message);
  return resolved.value;
}
const ann: UserFacts = { userName: 'ann', path: '/' };
const userIn = (settings: AccountSettings, facts: UserFacts = ann, now = T0) => {
  const resolved = settingsOfUser(settings, facts, now);
  if (resolved.kind === 'failed') throw new Error(resolved.failure.message);
  return resolved.value;
};

describe('the deadline grace, where nobody has set it', () => {
  it('is the time from replacing to deleting, by the settings of the very user', () => {
    const rows = [
      row(ORGANIZATION, { rotateAfter: 40 }),
      row(ofAccount(APP.id), { deleteAfter: 100 }),
      row(ofUser('ann'), { rotateAfter: 70 }),
    ];
    const settings = settingsOf(rows);
    expect(settings.values.deadlineGrace).to.equal(undefined);
    expect(userIn(settings, { userName: 'bob', path: '/' }).policy.deadlineGrace).to.equal(days(60));
    expect(userIn(settings).policy.deadlineGrace).to.equal(days(30));
  });

  it('is what a wider level has set, whatever narrower ones say of the thresholds', () => {
    const rows = [row(ORGANIZATION, { deadlineGrace: 0 }), row(ofUser('ann'), { rotateAfter: 10 })];
    expect(userIn(settingsOf(rows)).policy.deadlineGrace).to.equal(0);
  });
});

describe('what is set for an account', () => {
  const rows = [
    row(ofAccount(OTHER.id), { rotateAfter: 1 }),
    row(unit('ou-1'), { rotateAfter: 30, deleteAfter: 100, owner: 'Unit' }),
    row(unit('r-1'), { rotateAfter: 20, owner: 'Root', adoptionGrace: 20 }),
    row(ORGANIZATION, { rotateAfter: 10, owner: 'All', adoptionGrace: 30, recoveryGrace: 30 }),
    row(ofAccount(APP.id), { rotateAfter: 40 }),
  ];
  it('comes from its own row, the nearest unit, the root, the organization, in whatever order they are', () => {
    const { values, sources, accountId } = settingsOf(rows);
    expect(accountId).to.equal(APP.id);
    expect(values).to.include({ rotateAfter: 40, owner: 'Unit', adoptionGrace: 20, recoveryGrace: 30 });
    expect(sources).to.include({
      rotateAfter: 'account 111111111111',
      owner: 'organizational unit ou-1',
      adoptionGrace: 'organizational unit r-1',
      recoveryGrace: 'the organization',
      deactivateAfter: 'default',
    });
  });
  it('comes from no other unit', () => {
    expect(settingsOf(rows, OTHER).values).to.include({ rotateAfter: 1, owner: 'Root' });
  });
  it('is bounded by what this run may do', () => {
    const resolved = settingsOfAccount(
      snapshotWith([row(ORGANIZATION, { mode: 'enforce' })]),
      APP,
      'no-delete',
    );
    expect(resolved.kind === 'ok' && resolved.value.values.mode).to.equal('no-delete');
  });
  it('needs the units only where a row is about one', () => {
    expect(needsUnits(snapshotWith([row(ORGANIZATION, {})]))).to.equal(false);
    expect(needsUnits(snapshotWith([row(unit('ou-1'), {})]))).to.equal(true);
    expect(needsUnits(snapshotWith([], [bad(unit('ou-1'))]))).to.equal(true);
  });
});

describe('a row that can not be used stops exactly whom it concerns:', () => {
  const stopped = (target: Target | undefined) => {
    const settings = snapshotWith([], [bad(target)]);
    const accounts = [APP, OTHER].filter((one) => settingsOfAccount(settings, one).kind === 'failed');
    const users = ['ann', 'bob'].filter((userName) => {
      const resolved = settingsOfAccount(settings, APP);
      return (
        resolved.kind === 'ok' &&
        settingsOfUser(resolved.value, { userName, path: '/' }, T0).kind === 'failed'
      );
    });
    return [...accounts.map(({ id }) => id.slice(0, 1)), ...users].join(' ');
  };
  for (const [title, target, expected] of [
    ['of nobody knows whom: everybody', undefined, '1 2'],
    ['of the organization: everybody', ORGANIZATION, '1 2'],
    ['of the root: everybody below it', unit('r-1'), '1 2'],
    ['of a unit: the accounts in it', unit('ou-1'), '1'],
    ['of another unit: those', unit('ou-2'), '2'],
    ['of a unit without accounts: nobody', unit('ou-3'), ''],
    ['of an account: this one', ofAccount(APP.id), '1'],
    ['of a user: this one', ofUser('ann'), 'ann'],
    ['of a user in another case: this one', ofUser('ANN'), 'ann'],
    ['of a user of another account: nobody here', ofUser('ann', OTHER.id), ''],
  ] as const) {
    it(title, () => expect(stopped(target)).to.equal(expected));
  }

  it('saying what is wrong and what to do', () => {
    const resolved = settingsOfAccount(snapshotWith([], [bad(), bad(ORGANIZATION), bad(unit('ou-3'))]), APP);
    expect(resolved.kind === 'failed' && resolved.failure).to.include({
      kind: 'unknown',
      during: 'read the settings',
      message: 'what is wrong, and what would be right; what is wrong, and what would be right',
    });
    expect(resolved.kind === 'failed' && resolved.failure.nextStep).to.contain('settings list');
  });

  it('and so do values that contradict each other', () => {
    const rows = [
      row(ofAccount(APP.id), { rotateAfter: 85 }),
      row(ofUser('bob', OTHER.id), { rotateAfter: 85 }),
    ];
    const resolved = settingsOfAccount(snapshotWith(rows), APP);
    expect(resolved.kind === 'failed' && resolved.failure.message).to.match(
      /^deactivateAfter \(default\): must be more/,
    );
    const others = settingsOf(rows, OTHER);
    expect(settingsOfUser(others, { userName: 'bob', path: '/' }, T0).kind).to.equal('failed');
    expect(settingsOfUser(others, ann, T0).kind).to.equal('ok');
  });
});

describe('what is set for the organization as a whole', () => {
  it('is what no account has changed', () => {
    const rows = [row(ORGANIZATION, { rotateAfter: 10 }), row(ofAccount(APP.id), { rotateAfter: 20 })];
    expect(settingsOfOrganization(snapshotWith(rows))?.values.rotateAfter).to.equal(10);
    expect(
      settingsOfOrganization(snapshotWith([row(ORGANIZATION, { mode: 'enforce' })]), 'audit')?.values.mode,
    ).to.equal('audit');
  });
  for (const [title, rows, badRows, known] of [
    ['its own row is wrong', [], [bad(ORGANIZATION)], false],
    ['nobody can tell whom a row is about', [], [bad()], false],
    ['values contradict each other', [row(ORGANIZATION, { rotateAfter: 85 })], [], false],
    ['the row of an account is wrong', [], [bad(ofAccount(APP.id))], true],
  ] as const) {
    it(`is ${known ? 'known' : 'unknown'} where ${title}`, () => {
      expect(settingsOfOrganization(snapshotWith(rows, badRows)) !== undefined).to.equal(known);
    });
  }
});

describe('what is set for a user', () => {
  it('is what is set for the account, and for the very user', () => {
    const settings = settingsOf([
      row(ORGANIZATION, { rotateAfter: 50 }),
      row(ofAccount(APP.id), { deactivateAfter: 70 }),
      row(ofUser('Ann'), { rotateAfter: 30, unusedAfter: 'off' }),
    ]);
    expect(userIn(settings).policy).to.deep.equal(
      policy({ rotateAfter: 30, deactivateAfter: 70, unusedAfter: 'off' }),
    );
    expect(userIn(settings).sources.rotateAfter).to.equal('user Ann of account 111111111111');
    expect(userIn(settings, { userName: 'bob', path: '/' }).policy).to.deep.equal(
      policy({ rotateAfter: 50, deactivateAfter: 70 }),
    );
  });
  it('is refused where the user sets what is final', () => {
    const final = { ...row(ORGANIZATION, { rotateAfter: 50 }), final: ['rotateAfter'] as const };
    const resolved = settingsOfUser(settingsOf([final, row(ofUser('ann'), { rotateAfter: 51 })]), ann, T0);
    expect(resolved.kind === 'failed' && resolved.failure.message).to.contain(
      'the organization sets 50 as final',
    );
  });

  const tagged: UserFacts = { ...ann, tags: { owner: ' Tag ', empty: ' ' } };
  for (const [title, values, own, expected] of [
    ['nobody, where nobody is named', {}, {}, undefined],
    ['nobody, where the tag is named by no setting', {}, {}, undefined],
    ['the one that is set', { owner: 'Set' }, {}, 'Set'],
    ['the one of the tag, before the one set for many', { owner: 'Set', ownerTag: 'owner' }, {}, 'Tag'],
    ['the one set for the very user, before the tag', { ownerTag: 'owner' }, { owner: 'Own' }, 'Own'],
    ['the one that is set, without the tag', { owner: 'Set', ownerTag: 'team' }, {}, 'Set'],
    ['the one that is set, with a blank tag', { owner: 'Set', ownerTag: 'empty' }, {}, 'Set'],
    [
      'the one that is set, where a tag is named like nothing',
      { owner: 'Set', ownerTag: 'toString' },
      {},
      'Set',
    ],
  ] as const) {
    it(`its owner is ${title}`, () => {
      const rows = [row(ofAccount(APP.id), values), row(ofUser('ann'), own)];
      expect(userIn(settingsOf(rows), tagged).owner).to.equal(expected);
    });
  }
});
