import {
  DeleteUserCommand,
  GetGroupCommand,
  ListUserTagsCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam';
import { expect } from 'chai';
import { emulatorForThisFile } from '../support/emulator-hooks.ts';
import type { PagedList, SeedUser } from '../support/emulator/emulator.ts';
import { adminOf, assume, clientsFor, FIRST_MEMBER, MEMBER_ROLE, pageLengths, refusalOf } from './clients.ts';

const robots = (count: number): SeedUser[] =>
  Array.from({ length: count }, (_, i) => ({ userName: `robot-${i}`, keys: [], groups: ['robots'] }));
const tagged: SeedUser = { userName: 'ann', keys: [], tags: { owner: 'bob', team: 'shop', stage: 'prod' } };
const seedOf = (...users: SeedUser[]) => ({ accounts: [{ name: 'app', users }] });

type Line = readonly [string, number, { readonly asked?: number; readonly size?: number }, readonly number[]];
const GROUP_LINES: readonly Line[] = [
  ['a hundred a page unless asked for more', 230, {}, [100, 100, 30]],
  ['as many a page as were asked for', 230, { asked: 200 }, [200, 30]],
  ['fewer than were asked for when pages are made small', 5, { asked: 1000, size: 2 }, [2, 2, 1]],
];

describe('emulator: groups and tags', () => {
  const emulator = emulatorForThisFile();
  const app = () => adminOf(emulator(), FIRST_MEMBER);
  const make = async (name: PagedList, size: number | undefined) => {
    if (size !== undefined) await emulator().setPageSizes({ [name]: size });
  };
  const membersOf = async (GroupName: string) => {
    const { iam } = await app();
    const { Users = [] } = await iam.send(new GetGroupCommand({ GroupName }));
    return Users.map((user) => user.UserName);
  };

  it('a group has the users that the seed puts into it', async () => {
    await emulator().seed(
      seedOf(
        { userName: 'ann', keys: [], groups: ['people', 'on-call'] },
        { userName: 'bob', keys: [], groups: ['people'] },
        { userName: 'eve', keys: [] },
      ),
    );
    expect(await membersOf('people')).to.deep.equal(['ann', 'bob']);
    expect(await membersOf('on-call')).to.deep.equal(['ann']);
    const { iam } = await app();
    const { Group, Users } = await iam.send(new GetGroupCommand({ GroupName: 'on-call' }));
    expect(Group?.Arn).to.equal(`arn:aws:iam::${FIRST_MEMBER}:group/on-call`);
    expect(Users?.[0]?.Arn).to.equal(`arn:aws:iam::${FIRST_MEMBER}:user/ann`);
  });

  for (const [title, count, { asked, size }, expected] of GROUP_LINES) {
    it(`GetGroup answers ${title}`, async () => {
      await emulator().seed(seedOf(...robots(count)));
      await make('getGroup', size);
      const { iam } = await app();
      const seen: (string | undefined)[] = [];
      const lengths = await pageLengths(
        (Marker) => iam.send(new GetGroupCommand({ GroupName: 'robots', Marker, MaxItems: asked })),
        ({ Group, Users = [], Marker, IsTruncated }) => {
          expect([Group?.GroupName, IsTruncated]).to.deep.equal(['robots', Marker !== undefined]);
          seen.push(...Users.map((user) => user.UserName));
          return { length: Users.length, next: Marker };
        },
      );
      expect(lengths).to.deep.equal(expected);
      expect(seen).to.deep.equal(robots(count).map((user) => user.userName));
    });
  }

  it("a group that isn't there is not found", async () => {
    await emulator().seed(seedOf(tagged));
    const { iam } = await app();
    const asking = iam.send(new GetGroupCommand({ GroupName: 'robots' }));
    expect(await refusalOf(asking)).to.equal('NoSuchEntityException');
  });

  it('a user in a group is not deleted before he has left it', async () => {
    await emulator().seed(seedOf(...robots(1)));
    const { iam } = await app();
    const deletion = () => refusalOf(iam.send(new DeleteUserCommand({ UserName: 'robot-0' })));
    expect(await deletion()).to.equal('DeleteConflictException');
    await iam.send(new RemoveUserFromGroupCommand({ GroupName: 'robots', UserName: 'robot-0' }));
    expect(await deletion()).to.equal('accepted');
  });

  for (const [title, asked, size, expected] of [
    ['all tags at once', undefined, undefined, [3]],
    ['as many tags as were asked for', 2, undefined, [2, 1]],
    ['fewer tags when pages are made small', undefined, 1, [1, 1, 1]],
  ] as const) {
    it(`ListUserTags answers ${title}`, async () => {
      await emulator().seed(seedOf(tagged));
      await make('listUserTags', size);
      const { iam } = await app();
      const seen: Record<string, string | undefined> = {};
      const lengths = await pageLengths(
        (Marker) => iam.send(new ListUserTagsCommand({ UserName: 'ann', Marker, MaxItems: asked })),
        ({ Tags = [], Marker }) => {
          for (const { Key = '', Value } of Tags) seen[Key] = Value;
          return { length: Tags.length, next: Marker };
        },
      );
      expect(lengths).to.deep.equal(expected);
      expect(seen).to.deep.equal(tagged.tags);
    });
  }

  it('the tags of a user who is not there are not found', async () => {
    await emulator().seed(seedOf(tagged));
    const { iam } = await app();
    const asking = iam.send(new ListUserTagsCommand({ UserName: 'bob' }));
    expect(await refusalOf(asking)).to.equal('NoSuchEntityException');
  });

  for (const [group, expected] of [
    ['robots', 'accepted'],
    ['people', 'AccessDenied'],
  ] as const) {
    it(`a role that may read one group reads ${group}: ${expected}`, async () => {
      const Resource = 'arn:aws:iam::*:group/robots';
      const policy = {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'iam:GetGroup', Resource }],
      };
      const user: SeedUser = { userName: 'ann', keys: [], groups: ['robots', 'people'] };
      const { credentials } = await emulator().seed({
        accounts: [{ name: 'app', users: [user], memberRole: { policy } }],
      });
      const { iam } = await assume(emulator(), clientsFor(emulator(), credentials), MEMBER_ROLE);
      expect(await refusalOf(iam.send(new GetGroupCommand({ GroupName: group })))).to.equal(expected);
    });
  }
});
