import { expect } from 'chai';
import { readOwnSecret, whoAmI } from '../support/workloads.ts';
import { createWorld, emulatorForThisFile, userWithKey, type World } from '../support/world.ts';
import { keysOfUser } from '../support/found.ts';

const SECRET = 'access-key-rotation/doe/2Cjohn';

describe('The secret of a replaced key', function () {
  const emulator = emulatorForThisFile();
  let world: World;
  let accountId: string;

  beforeEach(async () => {
    world = await createWorld(emulator(), {
      accounts: [
        {
          name: 'payments',
          users: [
            userWithKey('doe,john', { age: 100, usedAgo: 1 }),
            userWithKey('colleague', { age: 10, usedAgo: 1 }),
          ],
        },
      ],
    });
    accountId = world.organization.accounts[0]?.id ?? '';
  });

  const keysOf = (userName: string) => keysOfUser(emulator(), accountId, userName);
  const secret = async () => {
    const [account] = await emulator().snapshot(accountId);
    return account?.secrets.find(({ name }) => name === SECRET);
  };

  it('is where its user finds it, also for a user name with a comma', async () => {
    await world.run();
    const [old, created] = await keysOf('doe,john');
    const value = JSON.parse(await emulator().secretValue(accountId, SECRET)) as Record<string, unknown>;
    expect(value).to.include({
      Version: 1,
      AccessKeyId: created?.id,
      AccountId: accountId,
      UserName: 'doe,john',
    });
    const { endpoint } = emulator();
    const own = await readOwnSecret(endpoint, 'doe,john', await emulator().keyCredentials(old?.id ?? ''));
    expect(own?.accessKeyId).to.equal(created?.id);
    expect(own && (await whoAmI(endpoint, own))).to.equal(`arn:aws:iam::${accountId}:user/doe,john`);
  });

  it('is not for a colleague', async () => {
    await world.run();
    const [key] = await keysOf('colleague');
    const credentials = await emulator().keyCredentials(key?.id ?? '');
    expect(await whoAmI(emulator().endpoint, credentials)).to.equal(
      `arn:aws:iam::${accountId}:user/colleague`,
    );
    expect(await readOwnSecret(emulator().endpoint, 'doe,john', credentials)).to.equal(undefined);
  });

  it('becomes a new version of the same secret at the next rotation', async () => {
    await world.run();
    const first = await secret();
    for (let week = 0; week < 12; week++) {
      await world.pass(7);
      const keys = await keysOf('doe,john');
      await emulator().markUsed(keys.slice(-1).map(({ id }) => id));
      await world.run();
    }
    const second = await secret();
    const current = (stages: Readonly<Record<string, readonly string[]>> = {}, stage = 'AWSCURRENT') =>
      Object.keys(stages).find((version) => stages[version]?.includes(stage));
    expect(current(second?.versions)).not.to.equal(current(first?.versions));
    expect(current(second?.versions, 'AWSPREVIOUS')).to.equal(current(first?.versions));
    const value = JSON.parse(await emulator().secretValue(accountId, SECRET)) as { AccessKeyId: string };
    expect((await keysOf('doe,john')).map(({ id }) => id)).to.include(value.AccessKeyId);
  });

  it('can be encrypted with a key of the customer', async () => {
    await world.run({ environment: { ROTATION_SECRET_KMS_KEY_ID: 'alias/rotation' } });
    expect((await secret())?.kmsKeyId).to.equal('alias/rotation');
  });
});
