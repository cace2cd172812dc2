import {
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  GetKeyPolicyCommand,
} from '@aws-sdk/client-kms';
import {
  DeleteSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  ReplicateSecretToRegionsCommand,
} from '@aws-sdk/client-secrets-manager';
import { expect } from 'chai';
import { emulatorForThisFile } from '../support/emulator-hooks.ts';
import { adminOf, clientsFor, refusalOf } from './clients.ts';
import {
  allow,
  ANNS_KEY,
  APP,
  by,
  DENIED,
  document,
  NAME,
  newKey,
  openVault,
  READ,
  read,
  REGION,
  setKeyPolicy,
  VAULT,
  WORDS,
} from './vault.ts';

describe('emulator: a secret of another account that may be read', () => {
  const emulator = emulatorForThisFile();
  let at: Awaited<ReturnType<typeof openVault>>;

  beforeEach(async () => {
    at = await openVault(emulator());
  });

  const idIn = (keyArn: string) => keyArn.split('/')[1] ?? '';
  const aliasArn = (accountId: string) => `arn:aws:kms:${REGION}:${accountId}:alias/rotation`;
  /** Secrets encrypted with each of the keys, as ann reads them when this one's policy lets her. */
  const readWith = async (key: string, kmsKeyIds: readonly (string | undefined)[]) => {
    const answers: string[] = [];
    for (const kmsKeyId of kmsKeyIds) {
      const secret = await at.newSecret(kmsKeyId);
      await at.say({ secret, key });
      answers.push(await read(at.ann, secret));
      await at.vault.secrets.send(
        new DeleteSecretCommand({ SecretId: NAME, ForceDeleteWithoutRecovery: true }),
      );
    }
    return answers;
  };

  it('is read with its value', async () => {
    const { secret } = await at.allowed();
    const { SecretString, ARN } = await at.ann.secrets.send(new GetSecretValueCommand({ SecretId: secret }));
    expect([SecretString, ARN]).to.deep.equal(['hush', secret]);
  });

  it('has a key by its id, ARN or alias', async () => {
    const key = await newKey(at.vault);
    await at.vault.kms.send(new CreateAliasCommand({ AliasName: 'alias/rotation', TargetKeyId: key }));
    const ofVault = [key, idIn(key), 'alias/rotation', aliasArn(VAULT)];
    expect(await readWith(key, ofVault)).to.deep.equal(ofVault.map(() => 'accepted'));
  });

  it("isn't read with a key that isn't there, or of yet another account", async () => {
    const key = await newKey(at.vault);
    const foreign = await newKey(await adminOf(emulator(), APP));
    await at.vault.kms.send(new CreateAliasCommand({ AliasName: 'alias/rotation', TargetKeyId: key }));
    const others = ['alias/nothing', foreign, aliasArn(APP)];
    expect(await readWith(key, others)).to.deep.equal(others.map(() => DENIED));
  });

  it("isn't read with the key that AWS makes for the account, whatever is said of it", async () => {
    const KeyId = 'alias/aws/secretsmanager';
    const { KeyMetadata } = await at.vault.kms.send(new DescribeKeyCommand({ KeyId }));
    const key = KeyMetadata?.Arn ?? '';
    expect(await readWith(key, [undefined, KeyId, key])).to.deep.equal([DENIED, DENIED, DENIED]);
  });

  it("isn't read with a key that is switched off", async () => {
    const { secret, key } = await at.allowed();
    await at.vault.kms.send(new DisableKeyCommand({ KeyId: idIn(key) }));
    expect(await read(at.ann, secret)).to.equal(DENIED);
  });

  it('has a key whose policy it is made with', async () => {
    const Policy = document(WORDS.key);
    const { KeyMetadata } = await at.vault.kms.send(new CreateKeyCommand({ Policy }));
    const told = await at.vault.kms.send(
      new GetKeyPolicyCommand({ KeyId: KeyMetadata?.KeyId, PolicyName: 'default' }),
    );
    expect(told.Policy).to.equal(Policy);
  });

  it('goes by its full ARN only', async () => {
    const { secret } = await at.allowed();
    const partial = secret.replace(/-[^-]+$/, '');
    const answers = [await read(at.ann, partial), await read(at.ann, NAME), await read(at.ann, `${secret}x`)];
    expect(answers).to.deep.equal([DENIED, DENIED, DENIED]);
  });

  it('is in one region', async () => {
    const { secret } = await at.allowed();
    const credentials = await emulator().keyCredentials(ANNS_KEY);
    expect(await read(clientsFor(emulator(), credentials, 'eu-west-1'), secret)).to.equal(DENIED);
  });

  it('is read, not written, nor by anybody else', async () => {
    const { secret: SecretId, key } = await at.allowed();
    const role = allow([READ], by(`arn:aws:iam::${APP}:role/administrator`));
    await at.say({ secret: SecretId, key }, { secret: [...WORDS.secret, role] });
    const admin = await adminOf(emulator(), APP);
    const operator = clientsFor(emulator(), { accessKeyId: 'operator', secretAccessKey: 'x' });
    const answers = [
      await refusalOf(at.ann.secrets.send(new PutSecretValueCommand({ SecretId, SecretString: 'x' }))),
      await refusalOf(at.ann.secrets.send(new ListSecretVersionIdsCommand({ SecretId }))),
      await read(admin, SecretId),
      await read(operator, SecretId),
    ];
    expect(answers).to.deep.equal(Array(4).fill(DENIED));
    expect(await emulator().secretValue(VAULT, NAME)).to.equal('hush');
  });

  it('is read in the other regions it is replicated to, with the keys it has there', async () => {
    const { secret, key } = await at.allowed();
    const region = 'eu-west-1';
    const there = await adminOf(emulator(), VAULT, region);
    const keyThere = await newKey(there);
    await at.vault.secrets.send(
      new ReplicateSecretToRegionsCommand({
        SecretId: secret,
        AddReplicaRegions: [{ Region: region, KmsKeyId: keyThere }],
      }),
    );
    const credentials = await emulator().keyCredentials(ANNS_KEY);
    const reading = () => read(clientsFor(emulator(), credentials, region), secret.replace(REGION, region));
    expect(await reading()).to.equal(DENIED);
    await setKeyPolicy(there, keyThere, WORDS.key);
    expect(await reading()).to.equal('accepted');
    await setKeyPolicy(at.vault, key, []);
    expect([await reading(), await read(at.ann, secret)]).to.deep.equal(['accepted', DENIED]);
  });

  it('is worked on as ever by the role of the account it is in', async () => {
    const { secret } = await at.allowed();
    const service = clientsFor(emulator(), at.credentials);
    const answers = [
      await read(service, NAME),
      await read(service, secret),
      await refusalOf(service.secrets.send(new PutSecretValueCommand({ SecretId: NAME, SecretString: 'x' }))),
    ];
    expect(answers).to.deep.equal(['accepted', 'accepted', 'accepted']);
  });
});
