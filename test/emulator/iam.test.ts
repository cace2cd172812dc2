import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  GetAccountSummaryCommand,
  ListAccessKeysCommand,
  ListUserTagsCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { expect } from 'chai';
import { emulatorForThisFile } from '../support/emulator-hooks.ts';
import type { SeedKey } from '../support/emulator/emulator.ts';
import { adminOf, DAY, FIRST_MEMBER, NOW, refusalOf } from './clients.ts';

const KEY = 'AKIAEXAMPLE000000001';
const ann = (...keys: SeedKey[]) => ({ accounts: [{ name: 'app', users: [{ userName: 'ann', keys }] }] });

describe('emulator: users and keys', () => {
  const emulator = emulatorForThisFile();
  const app = () => adminOf(emulator(), FIRST_MEMBER);

  it('gives a user two keys and no third', async () => {
    await emulator().freezeClock(NOW);
    await emulator().seed(ann({ createdAt: NOW - DAY }));
    const { iam } = await app();
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }));
    expect(AccessKey?.CreateDate?.getTime()).to.equal(NOW);
    expect(await emulator().secretsHandedOut()).to.deep.equal([AccessKey?.SecretAccessKey]);
    const third = iam.send(new CreateAccessKeyCommand({ UserName: 'ann' }));
    expect(await refusalOf(third)).to.equal('LimitExceededException');
    expect(await emulator().secretsHandedOut()).to.have.length(1);
  });

  it("doesn't change when a key was created by switching it off and on", async () => {
    await emulator().seed(ann({ id: KEY, createdAt: NOW - 90 * DAY }));
    const { iam } = await app();
    for (const Status of ['Inactive', 'Active'] as const) {
      await iam.send(new UpdateAccessKeyCommand({ UserName: 'ann', AccessKeyId: KEY, Status }));
      const { AccessKeyMetadata } = await iam.send(new ListAccessKeysCommand({ UserName: 'ann' }));
      expect(AccessKeyMetadata).to.deep.equal([
        { UserName: 'ann', AccessKeyId: KEY, Status, CreateDate: new Date(NOW - 90 * DAY) },
      ]);
    }
  });

  it("doesn't delete a user who has keys", async () => {
    await emulator().seed(ann({ id: KEY, createdAt: NOW, status: 'Inactive' }));
    const { iam } = await app();
    const deletion = () => iam.send(new DeleteUserCommand({ UserName: 'ann' }));
    expect(await refusalOf(deletion())).to.equal('DeleteConflictException');
    await iam.send(new DeleteAccessKeyCommand({ UserName: 'ann', AccessKeyId: KEY }));
    expect(await refusalOf(deletion())).to.equal('accepted');
  });

  it("doesn't find a key under another user's name", async () => {
    const bob = { userName: 'bob', keys: [] };
    const [{ name, users }] = ann({ id: KEY, createdAt: NOW }).accounts as [
      ReturnType<typeof ann>['accounts'][number],
    ];
    await emulator().seed({ accounts: [{ name, users: [...users, bob] }] });
    const { iam } = await app();
    const deletion = iam.send(new DeleteAccessKeyCommand({ UserName: 'bob', AccessKeyId: KEY }));
    expect(await refusalOf(deletion)).to.equal('NoSuchEntityException');
  });

  it('lists the tags of users', async () => {
    const tagged = { userName: 'ann', keys: [], tags: { 'rotation:exempt': 'yes' } };
    await emulator().seed({ accounts: [{ name: 'app', users: [tagged] }] });
    const { iam } = await app();
    const { Tags } = await iam.send(new ListUserTagsCommand({ UserName: 'ann' }));
    expect(Tags).to.deep.equal([{ Key: 'rotation:exempt', Value: 'yes' }]);
  });

  for (const rootHasKeys of [true, false]) {
    it(`reports that the root ${rootHasKeys ? 'has' : 'has no'} keys`, async () => {
      await emulator().seed({ accounts: [{ name: 'app', users: [], rootHasKeys }] });
      const { iam } = await app();
      const { SummaryMap } = await iam.send(new GetAccountSummaryCommand({}));
      expect(SummaryMap?.AccountAccessKeysPresent).to.equal(rootHasKeys ? 1 : 0);
    });
  }
});
