import { expect } from 'chai';
import * as sinon from 'sinon';
import type { SettingValues, UserSelector } from '../../../src/domain/settings/setting.ts';
import { DAY, days } from '../../../src/domain/time.ts';
import { gather } from '../../../src/run/rotation/gather.ts';
import { accountSettings, T0 } from '../../support/builders.ts';
import { HOW, memoryOrganization } from '../../support/memory/organization.ts';

const name = (pattern: string): UserSelector => ({ by: 'name', pattern });
const path = (at: string): UserSelector => ({ by: 'path', path: at });
const group = (of: string): UserSelector => ({ by: 'group', group: of });
const tag = (key: string, value?: string): UserSelector => ({
  by: 'tag',
  tag: key,
  ...(value === undefined ? {} : { value }),
});

/** ann, bob (group CI) and cem (tag rotate=no), each with a key that is due. */
async function gathering(values: Partial<SettingValues>) {
  const organization = memoryOrganization();
  const member = organization.add();
  const { iam } = member;
  for (const userName of ['ann', 'bob', 'cem']) {
    iam.addKey(userName, { id: userName.toUpperCase(), age: days(70), usedAgo: DAY });
  }
  iam.groups.set('CI', ['Bob']);
  iam.tags.set('cem', { rotate: 'no', team: 'payments' });
  const run = organization.run();
  const session = await run.sessions.open(member.account, HOW);
  const spies = sinon.spy({ ...session.inventory });
  const settings = accountSettings(values, member.account);
  const view = { run, account: member.account, settings, session: { ...session, inventory: spies } };
  const go = () => gather(view, organization.ledger.of(member.id));
  return { ...organization, ...member, go, spies };
}

describe('who is covered', () => {
  const rows: readonly (readonly [string, Partial<SettingValues>, readonly string[]])[] = [
    ['everybody, where nothing is set', {}, ['ann', 'bob', 'cem']],
    ['only the listed user', { includeUsers: [name('ann')] }, ['ann']],
    ['names in any case', { includeUsers: [name('ANN')] }, ['ann']],
    ['names by pattern', { includeUsers: [name('?e*')] }, ['cem']],
    ['all but the excluded', { excludeUsers: [name('b*')] }, ['ann', 'cem']],
    [
      'exclusion before inclusion',
      { includeUsers: [name('*')], excludeUsers: [name('ann')] },
      ['bob', 'cem'],
    ],
    ['a path', { includeUsers: [path('/')] }, ['ann', 'bob', 'cem']],
    ['no other path', { includeUsers: [path('/service/')] }, []],
    ['a group, in any case', { includeUsers: [group('CI')] }, ['bob']],
    ['all but a group', { excludeUsers: [group('CI')] }, ['ann', 'cem']],
    ['a group the account does not have', { includeUsers: [group('nobody')] }, []],
    ['a tag with its value', { includeUsers: [tag('rotate', 'no')] }, ['cem']],
    ['a tag with another value', { includeUsers: [tag('rotate', 'yes')] }, []],
    ['a tag, whatever its value', { excludeUsers: [tag('rotate')] }, ['ann', 'bob']],
    ['a tag whose name is written in another case', { includeUsers: [tag('Rotate', 'no')] }, ['cem']],
    ['no tag value in another case', { includeUsers: [tag('rotate', 'No')] }, []],
    ['a tag named like what every object has', { includeUsers: [tag('constructor')] }, []],
  ];
  for (const [title, values, covered] of rows) {
    it(`is ${title}`, async () => {
      const { go } = await gathering(values);
      const { users, leftOut, gaps } = await go();
      const uncovered = leftOut.map(({ userName }) => userName);
      expect(users.map(({ user }) => user.userName)).to.deep.equal(covered);
      expect([...users.map(({ user }) => user.userName), ...uncovered]).to.have.members([
        'ann',
        'bob',
        'cem',
      ]);
      expect(gaps).to.deep.equal([]);
    });
  }

  it('costs no call for users that name or path rule out', async () => {
    const { go, spies } = await gathering({ includeUsers: [name('ann')] });
    await go();
    expect(spies.keysOf.args.flat()).to.deep.equal(['ann']);
    sinon.assert.notCalled(spies.tagsOf);
    sinon.assert.notCalled(spies.membersOf);
  });

  it('asks for each named group once, and for tags only where a tag is named', async () => {
    const { go, spies } = await gathering({ excludeUsers: [group('CI'), group('ops')] });
    await go();
    expect(spies.membersOf.args.flat()).to.deep.equal(['CI', 'ops']);
    sinon.assert.notCalled(spies.tagsOf);
  });

  for (const [call, values] of [
    ['inventory.tagsOf', { excludeUsers: [tag('rotate')] }],
    ['inventory.membersOf', { excludeUsers: [group('CI')] }],
    ['inventory.tagsOf', { exemptions: [exemption(tag('rotate'))] }],
    ['inventory.membersOf', { exemptions: [exemption(group('CI'))] }],
  ] as const) {
    it(`is not guessed where ${call} fails (${Object.keys(values)[0] ?? ''}): everybody waits`, async () => {
      const { go, faults } = await gathering(values);
      faults.on(call, 'throttled', { times: Infinity });
      const { users, gaps } = await go();
      expect(users).to.deep.equal([]);
      expect(gaps.map(({ userName, reason }) => `${userName}: ${reason}`)).to.deep.equal([
        'ann: unreadable',
        'bob: unreadable',
        'cem: unreadable',
      ]);
    });
  }
});

function exemption(...users: readonly UserSelector[]): SettingValues['exemptions'][number] {
  return { users, owner: 'platform', reason: 'vendor', until: T0 + days(30) };
}

describe('an exemption', () => {
  const policies = async (values: Partial<SettingValues>) => {
    const { go, spies } = await gathering(values);
    const { users } = await go();
    const exempt = users.filter(({ policy }) => policy.exemption !== undefined);
    return { exempt: exempt.map(({ user }) => user.userName), read: spies.lastUse.args.flat() };
  };

  it('by tag or group is that of the users who have it', async () => {
    const { exempt, read } = await policies({ exemptions: [exemption(tag('rotate', 'no'), group('CI'))] });
    expect(exempt).to.deep.equal(['bob', 'cem']);
    expect(read, 'last uses that matter').to.deep.equal(['ANN']);
  });

  it('counts no more from the moment it ends', async () => {
    const ended = { ...exemption(name('*')), until: T0 };
    expect((await policies({ exemptions: [ended] })).exempt).to.deep.equal([]);
    expect((await policies({ exemptions: [{ ...ended, until: T0 + 1 }] })).exempt).to.have.length(3);
  });
});

describe('the owner of keys', () => {
  it('comes from the tag that the settings name, and else from the settings', async () => {
    const { go } = await gathering({ ownerTag: 'Team', owner: 'security' });
    const owners = (await go()).users.map(({ user }) => `${user.userName}: ${user.owner ?? 'nobody'}`);
    expect(owners).to.deep.equal(['ann: security', 'bob: security', 'cem: payments']);
  });
});
