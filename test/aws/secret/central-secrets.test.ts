import { IAMClient, PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { expect } from 'chai';
import { stsSessions } from '../../../src/aws/account/sts-sessions.ts';
import { readOwnKey } from '../../support/own-key.ts';
import type { CreatedKey } from '../../../src/run/ports/keys.ts';
import type { SecretStore } from '../../../src/run/ports/secrets.ts';
import { createWorld, emulatorForThisFile, REGION, START, type World } from '../../support/world.ts';
import { accountWith, adminOf, callsOf, FIRST_MEMBER, MANAGEMENT, once, userNamed } from '../support.ts';
import { prepared } from '../../support/prepared.ts';

const SECOND_MEMBER = '111111111102';
const [OF_ANN, OF_BOB, OF_OTHER_ANN] = [1, 2, 3].map((digit) => `AKIAEXAMPLE00000000${digit}`) as [
  string,
  string,
  string,
];
const ann = userNamed('ann', FIRST_MEMBER, '/team/');
const NAME = `access-key-rotation/central/${FIRST_MEMBER}/ann`;
const created: CreatedKey = { id: 'AKIANEW', status: 'active', createdAt: START, secret: 'of AKIANEW' };
const role = { roleName: 'access-key-rotation', rolePath: '/', runId: 'run-1' };

describe('a central secret', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  let kmsKeyId: string;
  beforeEach(async () => {
    const user = (userName: string, id: string) => ({
      userName,
      path: '/team/',
      keys: [{ id, createdAt: START }],
    });
    world = await createWorld(emulator(), {
      accounts: [
        { name: 'app', users: [user('ann', OF_ANN), user('bob', OF_BOB)] },
        { name: 'data', users: [user('ann', OF_OTHER_ANN)] },
      ],
    });
    kmsKeyId = await newKey('*');
  });

  /** @returns the ARN of a key that these users may decrypt with */
  async function newKey(principal: string): Promise<string> {
    const kms = new KMSClient(once(await adminOf(emulator(), MANAGEMENT)));
    const statement = { Effect: 'Allow', Principal: { AWS: principal }, Action: 'kms:*', Resource: '*' };
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    return (await kms.send(new CreateKeyCommand({ Policy }))).KeyMetadata?.Arn ?? '';
  }
  async function storeOf(accountId: string, key = kmsKeyId): Promise<SecretStore> {
    const secrets = {
      delivery: 'central',
      kmsKeyId: key,
      replicaRegions: [],
      readers: [],
      access: 'open',
    } as const;
    const sessions = stsSessions(world.aws, role, world.clock);
    return (await sessions.open(accountWith(accountId), { readOnly: false, secrets })).secrets;
  }
  /** @returns the ARN of the secret */
  async function deliver(key = kmsKeyId): Promise<string> {
    const store = await storeOf(FIRST_MEMBER, key);
    const state = await prepared(store, ann);
    await store.store(ann, created, state);
    await store.promote(created, state);
    return state.arn ?? '';
  }
  async function allowReading(accountId: string, userName: string, resource: string): Promise<void> {
    const iam = new IAMClient(once(await adminOf(emulator(), accountId)));
    const statement = { Effect: 'Allow', Action: ['secretsmanager:GetSecretValue'], Resource: resource };
    const decrypting = { Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*' };
    const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [statement, decrypting] });
    const input = { UserName: userName, PolicyName: 'read-own-key', PolicyDocument };
    await iam.send(new PutUserPolicyCommand(input));
  }
  const readWith = async (keyId: string, arn: string) =>
    readOwnKey(
      { region: REGION, endpoint: emulator().endpoint },
      'ann',
      await emulator().keyCredentials(keyId),
      arn,
    );
  const secretsOf = async (accountId: string) => (await emulator().snapshot(accountId))[0]?.secrets ?? [];

  it('is in the account of the service, and says whose it is', async () => {
    await deliver();
    expect(await secretsOf(FIRST_MEMBER)).to.deep.equal([]);
    const [secret, ...more] = await secretsOf(MANAGEMENT);
    expect(more).to.deep.equal([]);
    expect(secret).to.deep.include({ name: NAME, region: REGION, kmsKeyId });
    expect(secret?.tags).to.deep.equal({
      'access-key-rotation:managed': 'true',
      'access-key-rotation:user': 'ann',
      'access-key-rotation:user-id': ann.userId,
      'access-key-rotation:account': FIRST_MEMBER,
    });
    const [call] = await callsOf(emulator(), 'secretsmanager:CreateSecret');
    expect(call?.accountId).to.equal(MANAGEMENT);
    expect(call?.params['Description']).to.contain('ann').and.to.contain(FIRST_MEMBER);
  });

  it('is known by its ARN, new or old', async () => {
    const store = await storeOf(FIRST_MEMBER);
    expect(await store.look(ann)).to.deep.equal({ name: NAME, exists: false });
    const arn = await deliver();
    expect(arn).to.match(
      new RegExp(`^arn:aws:secretsmanager:${REGION}:${MANAGEMENT}:secret:${NAME}-\\w{6}$`),
    );
    expect(await store.look(ann)).to.include({ name: NAME, exists: true, arn });
    expect(await store.stageOf(ann, created.id)).to.equal('delivered');
  });

  it('is another one for the user of that name in another account, or in that of the service', async () => {
    await deliver();
    for (const accountId of [SECOND_MEMBER, MANAGEMENT]) {
      const store = await storeOf(accountId);
      const user = { ...userNamed('ann', accountId), userId: `AIDA${accountId}` };
      expect(await store.look(user)).to.deep.equal({
        name: `access-key-rotation/central/${accountId}/ann`,
        exists: false,
      });
      await store.store(user, { ...created, id: `AKIA${accountId}` }, await prepared(store, user));
    }
    expect(await secretsOf(MANAGEMENT)).to.have.length(3);
  });

  it('is read by its user with its own key', async () => {
    const arn = await deliver();
    await allowReading(FIRST_MEMBER, 'ann', arn);
    expect(await readWith(OF_ANN, arn)).to.deep.equal({
      accessKeyId: created.id,
      secretAccessKey: created.secret,
    });
  });

  it('is not read by its user as long as its own account does not let it', async () => {
    const arn = await deliver();
    expect(await readWith(OF_ANN, arn)).to.equal(undefined);
    await allowReading(FIRST_MEMBER, 'ann', arn.replace('/ann-', '/bob-'));
    expect(await readWith(OF_ANN, arn)).to.equal(undefined);
  });

  it('is not read by its user with an encryption key that is for others', async () => {
    const arn = await deliver(await newKey(`arn:aws:iam::${FIRST_MEMBER}:user/team/bob`));
    await allowReading(FIRST_MEMBER, 'ann', arn);
    expect(await readWith(OF_ANN, arn)).to.equal(undefined);
  });

  for (const [title, accountId, userName, keyId] of [
    ['another user of its account', FIRST_MEMBER, 'bob', OF_BOB],
    ['a user of that name in another account', SECOND_MEMBER, 'ann', OF_OTHER_ANN],
  ] as const) {
    it(`is not read by ${title}, whatever that account lets it`, async () => {
      const arn = await deliver();
      await allowReading(accountId, userName, '*');
      expect(await readWith(keyId, arn)).to.equal(undefined);
    });
  }
});
