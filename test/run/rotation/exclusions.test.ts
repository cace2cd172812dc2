import { expect } from 'chai';
import type { SettingValues } from '../../../src/domain/settings/setting.ts';
import { DAY, days } from '../../../src/domain/time.ts';
import { planAccount } from '../../../src/run/rotation/plan-account.ts';
import { accountSettings, T0 } from '../../support/builders.ts';
import { HOW, memoryOrganization } from '../../support/memory/organization.ts';

async function planning(values: Partial<SettingValues>) {
  const organization = memoryOrganization();
  const member = organization.add();
  for (const [userName, age] of [
    ['ann', 300],
    ['bob', 70],
  ] as const) {
    member.iam.addKey(userName, { id: userName.toUpperCase(), age: days(age), usedAgo: DAY });
  }
  member.iam.addKey('bob', { id: 'BOB2', age: days(90), usedAgo: DAY });
  member.iam.tags.set('bob', { rotate: 'no' });
  const run = organization.run();
  const session = await run.sessions.open(member.account, HOW);
  const settings = {
    ...accountSettings(values, member.account),
    sources: { excludeUsers: 'the organization', includeUsers: 'the organization' },
    setBy: { excludeUsers: 'arn:aws:iam::999988887777:user/jane' },
  };
  const view = { run, account: member.account, settings, session };
  return {
    ...member,
    faults: organization.faults,
    go: async () => (await planAccount(view)).report.exclusions,
  };
}

describe('users whom the settings leave out', () => {
  const by = {
    setting: 'excludeUsers',
    from: 'the organization',
    setBy: 'arn:aws:iam::999988887777:user/jane',
  } as const;

  it('are known with the age of their oldest key, what leaves them out and who set that', async () => {
    const { go } = await planning({
      excludeUsers: [
        { by: 'tag', tag: 'rotate', value: 'no' },
        { by: 'name', pattern: 'a*' },
      ],
    });
    expect(await go()).to.have.deep.members([
      { userName: 'ann', ...by, selector: 'name:a*', oldestKey: T0 - days(300) },
      { userName: 'bob', ...by, selector: 'tag:rotate=no', oldestKey: T0 - days(90) },
    ]);
  });

  it('by an inclusion of others, too', async () => {
    const { go } = await planning({ includeUsers: [{ by: 'name', pattern: 'ann' }] });
    expect(await go()).to.deep.equal([
      { userName: 'bob', setting: 'includeUsers', from: 'the organization', oldestKey: T0 - days(90) },
    ]);
  });

  it('stop nothing when their keys can not be read', async () => {
    const { go, faults } = await planning({ excludeUsers: [{ by: 'name', pattern: '*' }] });
    faults.on('inventory.keysOf', 'throttled', { times: Infinity });
    expect((await go())?.map(({ oldestKey }) => oldestKey)).to.deep.equal(['unknown', 'unknown']);
  });

  it('are not mentioned where there are none', async () => {
    const { go } = await planning({});
    expect(await go()).to.equal(undefined);
  });
});
