import { ListAccessKeysCommand, ListUsersCommand } from '@aws-sdk/client-iam';
import { expect } from 'chai';
import { emulatorForThisFile } from '../support/emulator-hooks.ts';
import type { SeedUser } from '../support/emulator/emulator.ts';
import { adminOf, FIRST_MEMBER, NOW, pageLengths, refusalOf } from './clients.ts';

const users = (count: number): SeedUser[] =>
  Array.from({ length: count }, (_, i) => ({ userName: `user-${String(i).padStart(3, '0')}`, keys: [] }));
const account = (...members: SeedUser[]) => ({ accounts: [{ name: 'app', users: members }] });
const twoKeys: SeedUser = { userName: 'ann', keys: [{ createdAt: NOW }, { createdAt: NOW + 1 }] };

const ifAny = (name: string, value: unknown) => (value === undefined ? {} : { [name]: value });

type UserLine = readonly [string, { users: number; asked?: number; size?: number }, readonly number[]];
const USER_LINES: readonly UserLine[] = [
  ['a hundred a page unless asked for more', { users: 230 }, [100, 100, 30]],
  ['as many a page as were asked for', { users: 230, asked: 200 }, [200, 30]],
  ['all at once when they fit', { users: 230, asked: 1000 }, [230]],
  ['no further page after an exact fit', { users: 100 }, [100]],
  ['fewer than were asked for when pages are made small', { users: 5, asked: 1000, size: 2 }, [2, 2, 1]],
  ['one empty page of no users', { users: 0 }, [0]],
];

describe('emulator: lists of IAM', () => {
  const emulator = emulatorForThisFile();

  for (const [title, { users: count, asked, size }, expected] of USER_LINES) {
    it(`ListUsers answers ${title}`, async () => {
      await emulator().seed(account(...users(count)));
      if (size !== undefined) await emulator().setPageSizes({ listUsers: size });
      const { iam } = await adminOf(emulator(), FIRST_MEMBER);
      const seen: string[] = [];
      const lengths = await pageLengths(
        (Marker) =>
          iam.send(new ListUsersCommand({ ...ifAny('Marker', Marker), ...ifAny('MaxItems', asked) })),
        ({ Users = [], Marker, IsTruncated }) => {
          expect(IsTruncated).to.equal(Marker !== undefined);
          seen.push(...Users.map((user) => user.UserName ?? ''));
          return { length: Users.length, next: Marker };
        },
      );
      expect(lengths).to.deep.equal(expected);
      expect(seen).to.deep.equal(users(count).map((user) => user.userName));
    });
  }

  for (const [title, asked, size] of [
    ['one of two keys when asked for one', 1, undefined],
    ['one of two keys when pages are made small', undefined, 1],
  ] as const) {
    it(`ListAccessKeys answers ${title}`, async () => {
      await emulator().seed(account(twoKeys));
      if (size !== undefined) await emulator().setPageSizes({ listAccessKeys: size });
      const { iam } = await adminOf(emulator(), FIRST_MEMBER);
      const lengths = await pageLengths(
        (Marker) =>
          iam.send(
            new ListAccessKeysCommand({
              UserName: 'ann',
              ...ifAny('Marker', Marker),
              ...ifAny('MaxItems', asked),
            }),
          ),
        ({ AccessKeyMetadata = [], Marker }) => ({ length: AccessKeyMetadata.length, next: Marker }),
      );
      expect(lengths).to.deep.equal([1, 1]);
    });
  }

  it('answers an empty page that goes on when a fault wants one', async () => {
    await emulator().seed(account(...users(3)));
    await emulator().inject({ action: 'iam:ListUsers', kind: 'empty-page', times: 1 });
    const { iam } = await adminOf(emulator(), FIRST_MEMBER);
    const lengths = await pageLengths(
      (Marker) => iam.send(new ListUsersCommand(ifAny('Marker', Marker))),
      ({ Users = [], Marker }) => ({ length: Users.length, next: Marker }),
    );
    expect(lengths).to.deep.equal([0, 3]);
  });

  for (const [title, input] of [
    ['a marker it never gave', { Marker: 'nonsense' }],
    ['more than a thousand items', { MaxItems: 1001 }],
  ] as const) {
    it(`refuses ${title}`, async () => {
      await emulator().seed(account(...users(1)));
      const { iam } = await adminOf(emulator(), FIRST_MEMBER);
      expect(await refusalOf(iam.send(new ListUsersCommand(input)))).to.equal('ValidationError');
    });
  }
});
