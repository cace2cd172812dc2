import { IAMClient } from '@aws-sdk/client-iam';
import { expect } from 'chai';
import { fail } from 'node:assert/strict';
import { iamInventory } from '../../../src/aws/account/inventory.ts';
import { DAY } from '../../../src/domain/time.ts';
import type { KeyInventory } from '../../../src/run/ports/keys.ts';
import type { Fault, SeedUser } from '../../support/emulator/emulator.ts';
import { createWorld, emulatorForThisFile, START, userWithKey } from '../../support/world.ts';
import { adminOf, callsOf, clientThat, failureOf, FIRST_MEMBER, once } from '../support.ts';
import { startOddAws, type OddAws } from '../wire.ts';

const KEY = 'AKIAEXAMPLE000000001';
const OTHER = 'AKIAEXAMPLE000000002';
const many = (count: number): readonly SeedUser[] =>
  Array.from({ length: count }, (_, index) => ({ userName: `user-${index}`, keys: [] }));

describe('the inventory of an account', () => {
  const emulator = emulatorForThisFile();
  async function inventory(users: readonly SeedUser[], rootHasKeys = false): Promise<KeyInventory> {
    await createWorld(emulator(), { accounts: [{ name: 'app', users, rootHasKeys }] });
    return iamInventory(new IAMClient(once(await adminOf(emulator()))));
  }

  for (const [count, page, calls] of [
    [120, 50, 3],
    [120, undefined, 1],
    [1001, undefined, 2],
    [0, undefined, 1],
  ] as const) {
    it(`holds all ${count} users, in ${calls} pages of ${page ?? 1000}`, async () => {
      const found = await inventory(many(count));
      if (page !== undefined) await emulator().setPageSizes({ listUsers: page });
      const names = (await found.users()).map(({ userName }) => userName);
      expect(names).to.have.members(many(count).map(({ userName }) => userName));
      expect(await callsOf(emulator(), 'iam:ListUsers')).to.have.length(calls);
    });
  }

  it('holds the users behind an empty page', async () => {
    const found = await inventory(many(3));
    await emulator().inject({ action: 'iam:ListUsers', kind: 'empty-page', times: 1 });
    expect(await found.users()).to.have.length(3);
  });

  it('holds users with their id, path and partition', async () => {
    const found = await inventory([{ userName: 'ann', path: '/team/', keys: [] }]);
    const arn = `arn:aws:iam::${FIRST_MEMBER}:user/team/ann`;
    const [user, ...more] = await found.users();
    expect(more).to.deep.equal([]);
    expect(user).to.include({ userName: 'ann', arn, path: '/team/' });
    expect(user?.userId).to.match(/^\w{16,128}$/);
  });

  for (const page of [1, 100]) {
    it(`holds both keys of a user, in pages of ${page}`, async () => {
      const createdAt = START - 65 * DAY;
      const found = await inventory([
        {
          userName: 'ann',
          keys: [
            { id: KEY, createdAt },
            { id: OTHER, createdAt: START - DAY, status: 'Inactive' },
          ],
        },
      ]);
      await emulator().setPageSizes({ listAccessKeys: page });
      expect(await found.keysOf('ann')).to.deep.equal([
        { id: KEY, status: 'active', createdAt },
        { id: OTHER, status: 'inactive', createdAt: START - DAY },
      ]);
    });
  }

  it('holds no keys of a user who has none', async () => {
    const found = await inventory(many(1));
    expect(await found.keysOf('user-0')).to.deep.equal([]);
  });

  it('knows that a key was never used', async () => {
    const found = await inventory([userWithKey('ann', { age: 65, id: KEY })]);
    expect(await found.lastUse(KEY)).to.deep.equal({ kind: 'never' });
  });

  it('knows when a key was used, by what and where', async () => {
    const found = await inventory([userWithKey('ann', { age: 65, usedAgo: 3, id: KEY })]);
    expect(await found.lastUse(KEY)).to.deep.equal({
      kind: 'used',
      at: START - 3 * DAY,
      service: 's3',
      region: 'eu-central-1',
    });
  });

  const tags = { owner: 'team-pay', Rotate: '', ['__proto__']: 'x' };
  for (const page of [1, 100]) {
    it(`holds all tags of a user, in pages of ${page}`, async () => {
      const found = await inventory([{ userName: 'ann', tags, keys: [] }]);
      await emulator().setPageSizes({ listUserTags: page });
      expect(await found.tagsOf('ann')).to.deep.equal(tags);
    });
  }

  it('holds no tags of a user who has none', async () => {
    const found = await inventory(many(1));
    expect(await found.tagsOf('user-0')).to.deep.equal({});
  });

  const robots = (count: number) => many(count).map((user) => ({ ...user, groups: ['robots'] }));
  for (const [count, page, calls] of [
    [7, 3, 3],
    [120, undefined, 1],
  ] as const) {
    it(`holds all ${count} members of a group, in ${calls} pages`, async () => {
      const found = await inventory([...robots(count), { userName: 'ann', groups: ['people'], keys: [] }]);
      if (page !== undefined) await emulator().setPageSizes({ getGroup: page });
      expect(await found.membersOf('robots')).to.have.members(many(count).map(({ userName }) => userName));
      expect(await callsOf(emulator(), 'iam:GetGroup')).to.have.length(calls);
    });
  }

  it('holds no members of a group that is not there', async () => {
    const found = await inventory(robots(1));
    expect(await found.membersOf('people')).to.deep.equal([]);
  });

  it('knows the user of a key', async () => {
    const found = await inventory([userWithKey('ann', { age: 65, id: KEY })]);
    expect(await found.userOf(KEY)).to.equal('ann');
    expect(await found.userOf(OTHER)).to.equal(undefined);
  });

  it('knows no user of a key that IAM does not find', async () => {
    const found = await inventory([]);
    const code = 'NoSuchEntity';
    await emulator().inject({ action: 'iam:GetAccessKeyLastUsed', kind: 'error', code, httpStatus: 404 });
    expect(await found.userOf(KEY)).to.equal(undefined);
  });

  for (const present of [true, false]) {
    it(`knows that root has ${present ? 'keys' : 'no keys'}`, async () => {
      const found = await inventory([], present);
      expect(await found.rootHasKeys()).to.equal(present);
    });
  }

  const FAULTS: readonly (readonly [string, Omit<Fault, 'action'>, string])[] = [
    ['throttled', { kind: 'error', code: 'Throttling', httpStatus: 400 }, 'throttled'],
    ['denied', { kind: 'error', code: 'AccessDenied', httpStatus: 403 }, 'denied'],
    ['answered with an internal failure', { kind: 'error' }, 'transient'],
    ['cut off', { kind: 'reset' }, 'transient'],
    ['answered in half', { kind: 'malformed' }, 'unknown'],
    ['about a key that is gone', { kind: 'error', code: 'NoSuchEntity', httpStatus: 404 }, 'not-found'],
  ];
  for (const [title, fault, kind] of FAULTS) {
    for (const [action, read, answers] of [
      ['iam:ListUsers', (from: KeyInventory) => from.users()],
      ['iam:ListAccessKeys', (from: KeyInventory) => from.keysOf('ann')],
      ['iam:GetAccessKeyLastUsed', (from: KeyInventory) => from.lastUse(KEY)],
      ['iam:GetAccountSummary', (from: KeyInventory) => from.rootHasKeys()],
      ['iam:ListUserTags', (from: KeyInventory) => from.tagsOf('ann')],
      ['iam:GetGroup', (from: KeyInventory) => from.membersOf('people'), 'not-found'],
      ['iam:GetAccessKeyLastUsed', (from: KeyInventory) => from.userOf(KEY), 'not-found'],
    ] as const) {
      if (kind === answers) continue; // an answer like any other
      it(`refuses rather than guesses when ${action} is ${title}`, async () => {
        const found = await inventory([userWithKey('ann', { age: 65, usedAgo: 3, id: KEY })]);
        await emulator().inject({ action, ...fault });
        expect(await failureOf(read(found))).to.include({ kind, during: action });
      });
    }
  }

  for (const [title, action, read] of [
    ['users', 'iam:ListUsers', (from: KeyInventory) => from.users()],
    ['members', 'iam:GetGroup', (from: KeyInventory) => from.membersOf('robots')],
  ] as const) {
    it(`refuses a list of ${title} that breaks off at its second page`, async () => {
      const found = await inventory(robots(10));
      await emulator().setPageSizes({ listUsers: 5, getGroup: 5 });
      await emulator().inject({ action, kind: 'error', code: 'AccessDenied', skip: 1 });
      expect(await failureOf(read(found))).to.include({ kind: 'denied', during: action });
    });
  }
});

describe('an answer of IAM that lacks what it promises', () => {
  const user = { UserName: 'ann', Arn: 'arn:aws:iam::1:user/ann', Path: '/' };
  const key = { AccessKeyId: KEY, Status: 'Active', CreateDate: new Date(START) };
  const users = (from: KeyInventory) => from.users();
  const keysOf = (from: KeyInventory) => from.keysOf('ann');
  const tagsOf = (from: KeyInventory) => from.tagsOf('ann');
  const membersOf = (from: KeyInventory) => from.membersOf('people');
  const more = { IsTruncated: true, Marker: 'again' };
  const LINES: readonly (readonly [string, object, (from: KeyInventory) => Promise<unknown>])[] = [
    ['the name of a user', { Users: [{ ...user, UserName: undefined }] }, users],
    ['the ARN of a user', { Users: [{ ...user, Arn: undefined }] }, users],
    ['the path of a user', { Users: [{ ...user, Path: undefined }] }, users],
    ['the marker of the next page', { Users: [user], IsTruncated: true }, users],
    ['the marker of the next page of keys', { AccessKeyMetadata: [key], IsTruncated: true }, keysOf],
    ['a marker that leads on', { Users: [user], ...more }, users],
    ['a marker that leads on to more keys', { AccessKeyMetadata: [key], ...more }, keysOf],
    ['a marker that leads on to more tags', { Tags: [], ...more }, tagsOf],
    ['a marker that leads on to more members', { Users: [user], ...more }, membersOf],
    ['the key of a tag', { Tags: [{ Value: 'x' }] }, tagsOf],
    ['the value of a tag', { Tags: [{ Key: 'x' }] }, tagsOf],
    ['the name of a member', { Users: [{ ...user, UserName: undefined }] }, membersOf],
    ['the id of a key', { AccessKeyMetadata: [{ ...key, AccessKeyId: undefined }] }, keysOf],
    ['the creation date of a key', { AccessKeyMetadata: [{ ...key, CreateDate: undefined }] }, keysOf],
    ['a date that is one', { AccessKeyMetadata: [{ ...key, CreateDate: new Date(NaN) }] }, keysOf],
    ['the status of a key', { AccessKeyMetadata: [{ ...key, Status: undefined }] }, keysOf],
    ['a status anybody knows', { AccessKeyMetadata: [{ ...key, Status: 'Expired' }] }, keysOf],
    ['the count of keys of root', { SummaryMap: {} }, (from) => from.rootHasKeys()],
  ];
  for (const [title, answer, read] of LINES) {
    it(`is refused: ${title}`, async () => {
      let calls = 0;
      const inventory = iamInventory(clientThat(() => (calls++ < 5 ? answer : fail('asked for ever'))));
      const failure = await failureOf(read(inventory));
      expect(failure).to.include({ kind: 'unknown' });
      expect(failure.message).to.match(/^the answer lacks /);
    });
  }

  it("doesn't mean that a key was never used: nothing about the last use", async () => {
    const failure = await failureOf(iamInventory(clientThat(() => ({}))).lastUse(KEY));
    expect(failure).to.include({ kind: 'unknown', during: 'iam:GetAccessKeyLastUsed' });
  });

  for (const [title, use, kind] of [
    [
      "doesn't mean that a key was never used: a date that is none",
      { LastUsedDate: new Date(NaN) },
      'unknown',
    ],
    ["doesn't mean that a key was never used: no date, and no word", {}, 'unknown'],
    ["doesn't mean that a key was never used: a service without a date", { ServiceName: 's3' }, 'unknown'],
    ['means that a key was never used: no date, and N/A', { ServiceName: 'N/A', Region: 'N/A' }, 'never'],
  ] as const) {
    it(title, async () => {
      const inventory = iamInventory(clientThat(() => ({ AccessKeyLastUsed: use })));
      expect((await inventory.lastUse(KEY)).kind).to.equal(kind);
    });
  }

  describe('on the wire', () => {
    let odd: OddAws | undefined;
    afterEach(() => odd?.stop());
    const inventory = async (answer: string) => {
      odd = await startOddAws(() => answer);
      const credentials = () => Promise.resolve({ accessKeyId: KEY, secretAccessKey: 'secret' });
      return iamInventory(new IAMClient(once({ region: 'us-east-1', endpoint: odd.endpoint, credentials })));
    };

    it('is refused when a creation date is none', async () => {
      const key = `<AccessKeyId>${KEY}</AccessKeyId><Status>Active</Status><CreateDate>yesterday</CreateDate>`;
      const found = await inventory(
        `<AccessKeyMetadata><member>${key}</member></AccessKeyMetadata><IsTruncated>false</IsTruncated>`,
      );
      expect(await failureOf(found.keysOf('ann'))).to.include({ kind: 'unknown' });
    });

    it("doesn't mean that a key was never used when the date of its last use is none", async () => {
      const found = await inventory(
        '<AccessKeyLastUsed><LastUsedDate>soon</LastUsedDate><ServiceName>s3</ServiceName></AccessKeyLastUsed>',
      );
      expect(await failureOf(found.lastUse(KEY))).to.include({ kind: 'unknown' });
    });
  });
});
