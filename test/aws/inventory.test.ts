import { fail } from 'node:assert/strict';
import { IAMClient } from '@aws-sdk/client-iam';
import { expect } from 'chai';
import { iamInventory } from '../../src/aws/inventory.ts';
import { DAY } from '../../src/domain/time.ts';
import type { KeyInventory } from '../../src/run/ports.ts';
import type { Fault, SeedUser } from '../support/emulator/emulator.ts';
import { createWorld, emulatorForThisFile, START, userWithKey } from '../support/world.ts';
import { adminOf, callsOf, clientThat, failureOf, FIRST_MEMBER, once } from './support.ts';
import { startOddAws, type OddAws } from './wire.ts';

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

  it('holds users with their path and partition', async () => {
    const found = await inventory([{ userName: 'ann', path: '/team/', keys: [] }]);
    const arn = `arn:aws:iam::${FIRST_MEMBER}:user/team/ann`;
    expect(await found.users()).to.deep.equal([{ userName: 'ann', arn }]);
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

  it('knows when a key was used', async () => {
    const found = await inventory([userWithKey('ann', { age: 65, usedAgo: 3, id: KEY })]);
    expect(await found.lastUse(KEY)).to.deep.equal({ kind: 'used', at: START - 3 * DAY });
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
    for (const [action, read] of [
      ['iam:ListUsers', (from: KeyInventory) => from.users()],
      ['iam:ListAccessKeys', (from: KeyInventory) => from.keysOf('ann')],
      ['iam:GetAccessKeyLastUsed', (from: KeyInventory) => from.lastUse(KEY)],
      ['iam:GetAccountSummary', (from: KeyInventory) => from.rootHasKeys()],
    ] as const) {
      it(`refuses rather than guesses when ${action} is ${title}`, async () => {
        const found = await inventory([userWithKey('ann', { age: 65, usedAgo: 3, id: KEY })]);
        await emulator().inject({ action, ...fault });
        expect(await failureOf(read(found))).to.include({ kind, during: action });
      });
    }
  }

  it('refuses a list that breaks off at its second page', async () => {
    const found = await inventory(many(10));
    await emulator().setPageSizes({ listUsers: 5 });
    await emulator().inject({ action: 'iam:ListUsers', kind: 'error', code: 'AccessDenied', skip: 1 });
    expect(await failureOf(found.users())).to.include({ kind: 'denied' });
  });
});

describe('an answer of IAM that lacks what it promises', () => {
  const user = { UserName: 'ann', Arn: 'arn:aws:iam::1:user/ann' };
  const key = { AccessKeyId: KEY, Status: 'Active', CreateDate: new Date(START) };
  const users = (from: KeyInventory) => from.users();
  const keysOf = (from: KeyInventory) => from.keysOf('ann');
  const LINES: readonly (readonly [string, object, (from: KeyInventory) => Promise<unknown>])[] = [
    ['the name of a user', { Users: [{ ...user, UserName: undefined }] }, users],
    ['the ARN of a user', { Users: [{ ...user, Arn: undefined }] }, users],
    ['the marker of the next page', { Users: [user], IsTruncated: true }, users],
    ['the marker of the next page of keys', { AccessKeyMetadata: [key], IsTruncated: true }, keysOf],
    ['a marker that leads on', { Users: [user], IsTruncated: true, Marker: 'again' }, users],
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

  for (const [title, answer] of [
    ['nothing about the last use', {}],
    ['a date that is none', { AccessKeyLastUsed: { LastUsedDate: new Date(NaN) } }],
  ] as const) {
    it(`doesn't mean that a key was never used: ${title}`, async () => {
      const inventory = iamInventory(clientThat(() => answer));
      expect(await inventory.lastUse(KEY)).to.deep.equal({ kind: 'unknown' });
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
