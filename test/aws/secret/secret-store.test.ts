import { DeleteSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect } from 'chai';
import { secretsManagerStore } from '../../../src/aws/secret/secret-store.ts';
import { sesSmtpPassword } from '../../../src/aws/secret/ses-smtp-password.ts';
import type { SecretLocation } from '../../../src/run/ports/accounts.ts';
import type { CreatedKey } from '../../../src/run/ports/keys.ts';
import type { SecretStore } from '../../../src/run/ports/secrets.ts';
import { createWorld, emulatorForThisFile, START } from '../../support/world.ts';
import { adminOf, callsOf, failureOf, FIRST_MEMBER, once, secretsIn, userNamed } from '../support.ts';
import { prepared } from '../../support/prepared.ts';

const NAME = 'access-key-rotation/ann';
const ann = userNamed('ann', FIRST_MEMBER, '/team/');
const keyNamed = (id: string): CreatedKey => ({
  id,
  status: 'active',
  createdAt: START,
  secret: `secret/of+${id}`,
});
const [K1, K2, K3] = ['AKIA1', 'AKIA2', 'AKIA3'].map(keyNamed) as [CreatedKey, CreatedKey, CreatedKey];

describe('the secrets of an account', () => {
  const emulator = emulatorForThisFile();
  let store: SecretStore;
  const storeWith = async (place: Partial<SecretLocation> = {}, maxAttempts = 1) => {
    const client = new SecretsManagerClient({ ...once(await adminOf(emulator())), maxAttempts });
    return secretsManagerStore(client, secretsIn(place));
  };
  beforeEach(async () => {
    await createWorld(emulator(), { accounts: [{ name: 'app', users: [] }] });
    store = await storeWith();
  });

  const found = async () => (await emulator().snapshot(FIRST_MEMBER))[0]?.secrets[0];
  const valueAt = async (stage: string) =>
    JSON.parse(await emulator().secretValue(FIRST_MEMBER, NAME, stage)) as Record<string, unknown>;
  const put = async (key: CreatedKey) => {
    const state = await prepared(store, ann);
    await store.store(ann, key, state);
    return state;
  };
  async function deliver(key: CreatedKey) {
    const state = await put(key);
    await store.promote(key, state);
  }

  it('are looked for before there are any', async () => {
    expect(await store.look(ann)).to.deep.equal({ name: NAME, exists: false });
  });

  it('are known by their names alone, in the account of their users', async () => {
    expect(await put(K1)).to.have.all.keys('name', 'exists', 'currentVersion');
    expect(await store.look(ann)).to.have.all.keys('name', 'exists', 'currentVersion');
  });

  it('are in the form that credential_process reads, and say whose they are', async () => {
    await deliver(K1);
    expect(await valueAt('AWSCURRENT')).to.deep.equal({
      Version: 1,
      AccessKeyId: K1.id,
      SecretAccessKey: K1.secret,
      AccountId: FIRST_MEMBER,
      UserName: 'ann',
    });
  });

  it('hold the SMTP password of the region in which the key sends mail', async () => {
    const state = await prepared(store, ann);
    await store.store(ann, K1, state, 'eu-central-1');
    expect((await valueAt('AWSPENDING'))['SesSmtpPassword']).to.equal(
      sesSmtpPassword(K1.secret, 'eu-central-1'),
    );
  });

  it('repeat no SMTP password when they are refused', async () => {
    const password = sesSmtpPassword(K1.secret, 'eu-central-1');
    const state = await prepared(store, ann);
    const message = `bad value ${password}, ${K1.secret}`;
    await emulator().inject({
      action: 'secretsmanager:PutSecretValue',
      kind: 'error',
      code: 'InvalidRequestException',
      message,
    });
    const failure = await failureOf(store.store(ann, K1, state, 'eu-central-1'));
    expect(failure.message).to.contain('[secret]');
    expect(JSON.stringify(failure)).not.to.contain(password).and.not.to.contain(K1.secret);
  });

  it('wait until they are promoted when they are the first, too', async () => {
    await put(K1);
    expect(await valueAt('AWSCURRENT')).to.deep.equal({});
    expect((await valueAt('AWSPENDING'))['AccessKeyId']).to.equal(K1.id);
    expect(await store.stageOf(ann, K1.id)).to.equal('pending');
    await store.promote(K1, await store.look(ann));
    expect((await valueAt('AWSCURRENT'))['AccessKeyId']).to.equal(K1.id);
    expect(await store.stageOf(ann, K1.id)).to.equal('delivered');
  });

  it('wait until they are promoted when they are later ones', async () => {
    await deliver(K1);
    await put(K2);
    expect((await valueAt('AWSCURRENT'))['AccessKeyId']).to.equal(K1.id);
    expect((await valueAt('AWSPENDING'))['AccessKeyId']).to.equal(K2.id);
    expect(await store.stageOf(ann, K2.id)).to.equal('pending');
    await store.promote(K2, await store.look(ann));
    expect((await valueAt('AWSCURRENT'))['AccessKeyId']).to.equal(K2.id);
  });

  it('are delivered, pending or nowhere', async () => {
    for (const key of [K1, K2]) await deliver(key);
    await put(K3);
    const stages = await Promise.all([K1, K2, K3, keyNamed('AKIA4')].map(({ id }) => store.stageOf(ann, id)));
    expect(stages).to.deep.equal(['delivered', 'delivered', 'pending', 'none']);
    expect(await store.stageOf(userNamed('nobody'), K1.id)).to.equal('none');
  });

  it('that nobody can read any more are nowhere', async () => {
    for (const key of [K1, K2, K3]) await deliver(key);
    expect(await store.stageOf(ann, K1.id)).to.equal('none');
  });

  it('replace a pending one that was never promoted', async () => {
    await put(K1);
    await put(K2);
    await deliver(K3);
    expect((await valueAt('AWSCURRENT'))['AccessKeyId']).to.equal(K3.id);
    expect(await store.stageOf(ann, K2.id)).to.equal('none');
  });

  it('may be stored twice', async () => {
    await put(K1);
    const state = await store.look(ann);
    await store.store(ann, K2, state);
    await store.store(ann, K2, state);
    expect(Object.keys((await found())?.versions ?? {})).to.have.length(3);
  });

  it('may be promoted twice', async () => {
    await put(K1);
    await put(K2);
    await store.promote(K2, await store.look(ann));
    await store.promote(K2, await store.look(ann));
    expect(await store.stageOf(ann, K2.id)).to.equal('delivered');
  });

  for (const attempts of [1, 3]) {
    it(`are promoted when the answer to it is lost, with ${attempts} attempts`, async () => {
      store = await storeWith({}, attempts);
      await put(K1);
      await put(K2);
      const action = 'secretsmanager:UpdateSecretVersionStage';
      await emulator().inject({ action, kind: 'error', when: 'after', times: 1 });
      await store.promote(K2, await store.look(ann));
      expect((await valueAt('AWSCURRENT'))['AccessKeyId']).to.equal(K2.id);
    });
  }

  it('are not promoted where AWS denies it', async () => {
    await deliver(K1);
    await put(K2);
    const action = 'secretsmanager:UpdateSecretVersionStage';
    await emulator().inject({ action, kind: 'error', code: 'AccessDeniedException' });
    const failure = await failureOf(store.promote(K2, await store.look(ann)));
    expect(failure).to.include({ kind: 'denied', during: action });
    expect((await valueAt('AWSCURRENT'))['AccessKeyId']).to.equal(K1.id);
  });

  it("can't be looked at when they are scheduled for deletion, which is said with the way back", async () => {
    await put(K1);
    const client = new SecretsManagerClient(once(await adminOf(emulator())));
    await client.send(new DeleteSecretCommand({ SecretId: NAME, RecoveryWindowInDays: 7 }));
    const failure = await failureOf(store.look(ann));
    expect(failure).to.include({ kind: 'conflict' });
    expect(failure.nextStep).to.contain(`aws secretsmanager restore-secret --secret-id ${NAME}`);
  });

  for (const [code, kind] of [
    ['AccessDeniedException', 'denied'],
    ['ThrottlingException', 'throttled'],
  ] as const) {
    it(`are not taken for absent after ${code}`, async () => {
      await put(K1);
      await emulator().inject({ action: 'secretsmanager:DescribeSecret', kind: 'error', code });
      expect(await failureOf(store.look(ann))).to.include({ kind });
      expect(await failureOf(store.stageOf(ann, K1.id))).to.include({ kind });
    });
  }

  it('are tagged, and described', async () => {
    await put(K1);
    const tags = {
      'access-key-rotation:managed': 'true',
      'access-key-rotation:user': 'ann',
      'access-key-rotation:user-id': ann.userId,
    };
    expect((await found())?.tags).to.deep.equal(tags);
    expect((await callsOf(emulator(), 'secretsmanager:CreateSecret'))[0]?.params['Description']).to.contain(
      'ann',
    );
  });

  it('belong to users with commas in their names, too', async () => {
    const user = userNamed('a,b');
    await store.store(user, K1, await prepared(store, user));
    expect(await found()).to.deep.include({ name: 'access-key-rotation/a/2Cb' });
    expect((await found())?.tags['access-key-rotation:user']).to.equal('a/2Cb');
    expect(await store.stageOf(user, K1.id)).to.equal('pending');
  });

  for (const [title, settings, expected] of [
    ["the account's own key", {}, undefined],
    ['the key of the settings', { kmsKeyId: 'alias/rotation' }, 'alias/rotation'],
  ] as const) {
    it(`are encrypted with ${title}`, async () => {
      store = await storeWith(settings);
      await put(K1);
      const [created] = await callsOf(emulator(), 'secretsmanager:CreateSecret');
      expect(created?.params['KmsKeyId']).to.equal(expected);
    });
  }
});
