import { expect } from 'chai';
import type { SettingValues } from '../../../src/domain/settings/setting.ts';
import { factsReader } from '../../../src/run/settings/user-facts.ts';
import { accountSettings } from '../../support/builders.ts';

/** What is found out about these users, and what was asked for it. */
async function read(values: Partial<SettingValues>, ...userNames: readonly string[]) {
  const asked: string[] = [];
  const factsOf = factsReader(
    {
      tagsOf: async (userName) => {
        asked.push(`tags of ${userName}`);
        return userName === 'gone' ? undefined : { team: 'app' };
      },
      membersOf: async (group) => {
        asked.push(`members of ${group}`);
        return group === 'CI' ? ['Ann', 'bob'] : [];
      },
    },
    accountSettings(values),
  );
  const facts = await Promise.all(userNames.map((userName) => factsOf({ userName, path: '/' })));
  return { facts, asked };
}

const groups = ['CI', 'ops'].map((group) => ({ by: 'group', group }) as const);

describe("what settings depend on of a user's facts", () => {
  it('is not asked for where the name alone decides', async () => {
    const includeUsers = [{ by: 'name', pattern: 'svc-*' }] as const;
    expect(await read({ includeUsers }, 'ann')).to.deep.equal({
      facts: [{ userName: 'ann', path: '/' }],
      asked: [],
    });
  });

  for (const [what, values] of [
    ['the tag of an owner', { ownerTag: 'team' }],
    ['a tag that includes users', { includeUsers: [{ by: 'tag', tag: 'team' }] }],
    [
      'a tag that exempts users',
      {
        exemptions: [{ users: [{ by: 'tag', tag: 'team' }], owner: 'ann', reason: 'moves', until: 1 }],
      },
    ],
  ] as const) {
    it(`is its tags, for ${what}`, async () => {
      expect(await read(values, 'ann')).to.deep.equal({
        facts: [{ userName: 'ann', path: '/', tags: { team: 'app' } }],
        asked: ['tags of ann'],
      });
    });
  }

  it('leaves out the tags of a user who is gone meanwhile', async () => {
    const { facts } = await read({ ownerTag: 'team' }, 'gone');
    expect(facts).to.deep.equal([{ userName: 'gone', path: '/' }]);
  });

  it('is its groups, asked for once an account and compared whatever their case', async () => {
    const { facts, asked } = await read({ excludeUsers: groups }, 'ANN', 'bob', 'carol');
    expect(facts.map((one) => one.groups)).to.deep.equal([['ci'], ['ci'], []]);
    expect(asked).to.deep.equal(['members of CI', 'members of ops']);
  });
});
