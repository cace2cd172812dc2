import { expect } from 'chai';
import { coverageOf, isCovered, isRuledOut, neededFacts } from '../../../src/domain/settings/coverage.ts';
import type { SettingValues } from '../../../src/domain/settings/setting.ts';
import type { UserFacts } from '../../../src/domain/settings/user-selector.ts';
import { days } from '../../../src/domain/time.ts';
import { accountSettings, T0 } from '../../support/builders.ts';

describe('what must be read of users', () => {
  const needed = (values: Partial<SettingValues>) => neededFacts(accountSettings(values));
  const rule = { owner: 'a', reason: 'b', until: T0 + days(1) };
  for (const [title, values, expected] of [
    ['nothing where nothing asks for it', {}, { tags: false, groups: [] }],
    [
      'nothing for names and paths',
      { includeUsers: [{ by: 'name', pattern: 'x' }] },
      { tags: false, groups: [] },
    ],
    ['tags for an owner', { ownerTag: 'owner' }, { tags: true, groups: [] }],
    ['tags for a selector', { excludeUsers: [{ by: 'tag', tag: 'x' }] }, { tags: true, groups: [] }],
    [
      'the groups that are named, once each',
      {
        includeUsers: [{ by: 'group', group: 'ci' }],
        exemptions: [
          {
            ...rule,
            users: [
              { by: 'group', group: 'ci' },
              { by: 'group', group: 'ops' },
            ],
          },
        ],
      },
      { tags: false, groups: ['ci', 'ops'] },
    ],
    [
      'tags for an exemption',
      { exemptions: [{ ...rule, users: [{ by: 'tag', tag: 'x' }] }] },
      { tags: true, groups: [] },
    ],
  ] as const) {
    it(title, () => expect(needed(values)).to.deep.equal(expected));
  }
});

describe('who is covered', () => {
  const svc = { by: 'name', pattern: 'svc-*' } as const;
  const service = { by: 'path', path: '/service/' } as const;
  const tag = { by: 'tag', tag: 'rotate', value: 'no' } as const;
  const user: UserFacts = { userName: 'svc-1', path: '/service/', tags: { rotate: 'no' }, groups: ['ci'] };
  const person: UserFacts = { userName: 'ann', path: '/', tags: {}, groups: [] };
  for (const [title, values, expected] of [
    ['everybody by default', {}, ['svc-1', 'ann']],
    ['only those included', { includeUsers: [svc] }, ['svc-1']],
    [
      'whoever any inclusion means',
      { includeUsers: [service, { by: 'name', pattern: 'ann' }] },
      ['svc-1', 'ann'],
    ],
    ['nobody who is excluded', { excludeUsers: [svc] }, ['ann']],
    ['nobody who is excluded and included', { includeUsers: [svc], excludeUsers: [service] }, []],
    ['nobody who is excluded by a tag', { excludeUsers: [tag] }, ['ann']],
    ['only the members of a group', { includeUsers: [{ by: 'group', group: 'CI' }] }, ['svc-1']],
  ] as const) {
    it(title, () => {
      const settings = accountSettings(values);
      const covered = [user, person].filter((facts) => isCovered(settings, facts));
      expect(covered.map(({ userName }) => userName)).to.deep.equal(expected);
    });
  }

  const bare = { userName: 'svc-1', path: '/service/' };
  for (const [title, values, expected] of [
    ['nothing rules out whom nothing leaves out', {}, false],
    ['an exclusion by name does', { excludeUsers: [tag, svc] }, true],
    ['an exclusion by tag may not apply', { excludeUsers: [tag] }, false],
    ['inclusions of others by name do', { includeUsers: [{ by: 'name', pattern: 'x' }] }, true],
    ['an inclusion by tag may apply', { includeUsers: [{ by: 'name', pattern: 'x' }, tag] }, false],
    ['an inclusion by path applies', { includeUsers: [service] }, false],
  ] as const) {
    it(`by name and path alone: ${title}`, () => {
      expect(isRuledOut(accountSettings(values), bare)).to.equal(expected);
    });
  }
});

describe('why a user is covered or not:', () => {
  const ann: UserFacts = { userName: 'ann', path: '/' };
  const name = (pattern: string) => ({ by: 'name', pattern }) as const;
  for (const [values, covered, why] of [
    [{}, true, 'no setting leaves this user out'],
    [{ excludeUsers: [name('x'), name('a*')] }, false, 'excludeUsers (environment) has name:a*'],
    [{ excludeUsers: [name('x')] }, true, 'no setting leaves this user out'],
    [{ includeUsers: [name('x')] }, false, 'includeUsers (environment) names others only'],
    [{ includeUsers: [name('x'), name('a*')] }, true, 'includeUsers (environment) has name:a*'],
    [
      { includeUsers: [name('ann')], excludeUsers: [name('a*')] },
      false,
      'excludeUsers (environment) has name:a*',
    ],
  ] as const) {
    it(`${covered ? 'covered' : 'not covered'}, ${why}`, () => {
      expect(coverageOf(accountSettings(values), ann)).to.deep.equal({ covered, why });
    });
  }
});
