import { expect } from 'chai';
import { settingsOfUser } from '../../../src/domain/settings/account-settings.ts';
import type { Exemption } from '../../../src/domain/rotation/policy.ts';
import type { UserFacts } from '../../../src/domain/settings/user-selector.ts';
import type {
  ExemptionRule,
  SettingsSnapshot,
  SettingsRow,
  SettingValues,
  UserSelector,
} from '../../../src/domain/settings/setting.ts';
import { settingsOfAccount } from '../../../src/domain/settings/account-settings.ts';
import { days } from '../../../src/domain/time.ts';
import { account, snapshotOf, T0 } from '../../support/builders.ts';

const APP = account({ ouPath: ['r-1'] });
const exemption = (owner: string, until: number): Exemption => ({ owner, reason: `${owner} says so`, until });
const rule = (owner: string, until: number, ...users: readonly UserSelector[]): ExemptionRule => ({
  ...exemption(owner, until),
  users: users.length === 0 ? [{ by: 'name', pattern: 'ann' }] : users,
});

/** What is set at each level, and what it makes of a user. */
function exemptionOf(
  set: Partial<Record<'organization' | 'unit' | 'account', readonly ExemptionRule[]>> & {
    readonly user?: Exemption;
  },
  facts: Partial<UserFacts> = {},
  now = T0,
): Exemption | undefined {
  const rows: SettingsRow[] = [];
  const add = (target: SettingsRow['target'], values: Partial<SettingValues>) =>
    rows.push({ target, values, final: [] });
  if (set.organization) add({ level: 'organization' }, { exemptions: set.organization });
  if (set.unit) add({ level: 'organizational-unit', ouId: 'r-1' }, { exemptions: set.unit });
  if (set.account) add({ level: 'account', accountId: APP.id }, { exemptions: set.account });
  if (set.user) add({ level: 'user', accountId: APP.id, userName: 'ann' }, { exemption: set.user });
  const book: SettingsSnapshot = { ...snapshotOf(), rows };
  const resolved = settingsOfAccount(book, APP);
  if (resolved.kind === 'failed') throw new Error(resolved.failure.message);
  const user = settingsOfUser(resolved.value, { userName: 'ann', path: '/', ...facts }, now);
  if (user.kind === 'failed') throw new Error(user.failure.message);
  return user.value.policy.exemption;
}
const [SOON, LATER] = [T0 + days(10), T0 + days(20)];

describe('an exemption', () => {
  for (const level of ['organization', 'unit', 'account'] as const) {
    it(`of the ${level} counts for those it means`, () => {
      const set = { [level]: [rule('Bob', SOON)] };
      expect(exemptionOf(set)).to.deep.equal(exemption('Bob', SOON));
      expect(exemptionOf(set, { userName: 'eve' })).to.equal(undefined);
    });
  }
  it('of the very user counts', () => {
    expect(exemptionOf({ user: exemption('Bob', SOON) })).to.deep.equal(exemption('Bob', SOON));
  });
  it('counts for whom any of its selectors means', () => {
    const users = [
      { by: 'name', pattern: 'eve' },
      { by: 'path', path: '/vendor/' },
    ] as const;
    const set = { account: [rule('Bob', SOON, ...users)] };
    expect(exemptionOf(set, { path: '/vendor/x/' })?.owner).to.equal('Bob');
    expect(exemptionOf(set)).to.equal(undefined);
  });

  for (const [title, now, holds] of [
    ['holds 1 ms before its end', SOON - 1, true],
    ['has ended at its end', SOON, false],
    ['has ended after it', SOON + 1, false],
  ] as const) {
    it(title, () => {
      for (const set of [{ organization: [rule('Bob', SOON)] }, { user: exemption('Bob', SOON) }]) {
        expect(exemptionOf(set, {}, now) !== undefined).to.equal(holds);
      }
    });
  }

  const LINES: readonly (readonly [string, Parameters<typeof exemptionOf>[0], string])[] = [
    ['of two levels', { organization: [rule('Wide', LATER)], account: [rule('Narrow', SOON)] }, 'Wide'],
    [
      'of two levels, the narrow one',
      { organization: [rule('Wide', SOON)], account: [rule('Narrow', LATER)] },
      'Narrow',
    ],
    ['of one list', { account: [rule('First', SOON), rule('Second', LATER)] }, 'Second'],
    ['of rule and user', { unit: [rule('Unit', LATER)], user: exemption('User', SOON) }, 'Unit'],
    ['of rule and user, the latter', { unit: [rule('Unit', SOON)], user: exemption('User', LATER) }, 'User'],
    [
      'of those that mean the user',
      { account: [rule('Eve', LATER, { by: 'name', pattern: 'eve' }), rule('Ann', SOON)] },
      'Ann',
    ],
    [
      'of those that have not ended',
      { organization: [rule('Over', T0 - 1)], account: [rule('Ann', SOON)] },
      'Ann',
    ],
  ];
  for (const [title, set, owner] of LINES) {
    it(`that holds longest counts ${title}`, () => expect(exemptionOf(set)?.owner).to.equal(owner));
  }
});

describe('no loosening comes from the own tag of a user', () => {
  const everything = {
    rotate: 'no',
    exempt: 'true',
    'access-key-rotation:exempt': 'true',
    exemption: JSON.stringify(exemption('me', LATER)),
    mode: 'audit',
    rotateAfter: '9999',
    owner: 'me',
    name: 'eve',
    path: '/vendor/',
    group: 'vendors',
  };
  const byTag = (tag: string, value?: string): UserSelector => ({
    by: 'tag',
    tag,
    ...(value === undefined ? {} : { value }),
  });
  it('unless the settings name that tag', () => {
    const set = { organization: [rule('Bob', SOON, byTag('exempt'))] };
    expect(exemptionOf(set, { tags: everything })?.owner).to.equal('Bob');
  });
  for (const [title, selectors] of [
    ['where none is named', []],
    ['where another is named', [byTag('exempt-2')]],
    ['where another value is named', [byTag('exempt', 'yes')]],
    [
      'where name, path or group are named like tags',
      [
        { by: 'name', pattern: 'eve' },
        { by: 'path', path: '/vendor/' },
        { by: 'group', group: 'vendors' },
      ],
    ],
  ] as readonly (readonly [string, readonly UserSelector[]])[]) {
    it(title, () => {
      const set = selectors.length === 0 ? {} : { organization: [rule('Bob', SOON, ...selectors)] };
      const plain = { tags: {}, groups: [] };
      expect(exemptionOf(set, { tags: everything, groups: [] })).to.equal(undefined);
      expect(exemptionOf(set, plain)).to.equal(undefined);
    });
  }
  it('in any setting: with tags and without, all that is decided by is the same', () => {
    const resolved = settingsOfAccount(snapshotOf(), APP);
    if (resolved.kind === 'failed') throw new Error('not resolved');
    const of = (tags: UserFacts['tags'] & object) =>
      settingsOfUser(resolved.value, { userName: 'ann', path: '/', tags, groups: [] }, T0);
    expect(of(everything)).to.deep.equal(of({}));
  });
});
