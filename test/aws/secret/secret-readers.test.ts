import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutResourcePolicyCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { expect } from 'chai';
import { secretsManagerStore } from '../../../src/aws/secret/secret-store.ts';
import type { CreatedKey } from '../../../src/run/ports/keys.ts';
import { createWorld, emulatorForThisFile, START } from '../../support/world.ts';
import {
  adminOf,
  callsOf,
  clientThat,
  failureOf,
  FIRST_MEMBER,
  once,
  secretsIn,
  settingsFor,
  userNamed,
} from '../support.ts';
import { prepared } from '../../support/prepared.ts';

const SecretId = 'access-key-rotation/ann';
const [OF_ANN, OF_BOB] = ['AKIAEXAMPLE000000001', 'AKIAEXAMPLE000000002'] as const;
const ann = userNamed('ann', FIRST_MEMBER, '/team/');
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const created: CreatedKey = { id: OF_ANN, status: 'active', createdAt: START, secret: SECRET };

describe('a secret that was stored', () => {
  const emulator = emulatorForThisFile();
  const admin = async () => new SecretsManagerClient(once(await adminOf(emulator())));
  const storeOf = async () => secretsManagerStore(await admin(), secretsIn());
  const put = async () => {
    const store = await storeOf();
    const state = await prepared(store, ann);
    await store.store(ann, created, state);
    await store.promote(created, state);
  };
  beforeEach(async () => {
    const users = [
      { userName: 'ann', path: '/team/', keys: [{ id: OF_ANN, createdAt: START }] },
      { userName: 'bob', path: '/team/', keys: [{ id: OF_BOB, createdAt: START }] },
    ];
    await createWorld(emulator(), { accounts: [{ name: 'app', users }] });
  });

  /** What a user is answered who asks with an access key. */
  async function asked(keyId: string, stage?: string) {
    const credentials = await emulator().keyCredentials(keyId);
    const client = new SecretsManagerClient(once(settingsFor(emulator(), credentials)));
    const nameOf = ({ name }: Error) => name;
    return {
      value: await client
        .send(
          new GetSecretValueCommand({ SecretId, ...(stage === undefined ? {} : { VersionStage: stage }) }),
        )
        .then(
          ({ SecretString }) =>
            (JSON.parse(SecretString ?? '') as { SecretAccessKey: string }).SecretAccessKey,
        )
        .catch(nameOf),
      description: await client
        .send(new DescribeSecretCommand({ SecretId }))
        .then(({ Name }) => Name, nameOf),
    };
  }

  it('is read by its user', async () => {
    await put();
    expect(await asked(OF_ANN)).to.deep.equal({ value: SECRET, description: SecretId });
  });

  it("isn't read by its user before it is made ready", async () => {
    await (await admin()).send(new CreateSecretCommand({ Name: SecretId, SecretString: '{}' }));
    expect((await asked(OF_ANN)).value).to.equal('AccessDeniedException');
  });

  it("isn't read by another user of the account", async () => {
    await put();
    const denied = 'AccessDeniedException';
    expect(await asked(OF_BOB)).to.deep.equal({ value: denied, description: denied });
  });

  it('names its user, and nobody else, in a policy that may not become public', async () => {
    await put();
    const [call] = await callsOf(emulator(), 'secretsmanager:PutResourcePolicy');
    expect(call?.params['BlockPublicPolicy']).to.match(/true/i);
    const { Statement } = JSON.parse(call?.params['ResourcePolicy'] ?? '') as { Statement: unknown[] };
    expect(Statement).to.have.length(1);
    expect(Statement[0]).to.deep.include({ Effect: 'Allow', Principal: { AWS: ann.arn } });
  });

  it('names its user again when somebody has taken that away', async () => {
    await put();
    const ResourcePolicy = JSON.stringify({ Version: '2012-10-17', Statement: [] });
    await (await admin()).send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy }));
    expect((await asked(OF_ANN)).value).to.equal('AccessDeniedException');
    const store = await storeOf();
    await store.store(ann, { ...created, id: 'AKIANEW', secret: 'new' }, await prepared(store, ann));
    expect((await asked(OF_ANN, 'AWSPENDING')).value).to.equal('new');
  });

  it('is not stored when its user may not be let in', async () => {
    const action = 'secretsmanager:PutResourcePolicy';
    await emulator().inject({ action, kind: 'error', code: 'AccessDeniedException' });
    expect(await failureOf(put())).to.include({ kind: 'denied', during: action });
  });

  for (const message of [
    `bad value ${SECRET}`,
    JSON.stringify({ SecretAccessKey: SECRET }),
    `${SECRET}${SECRET}`,
  ]) {
    it(`isn't repeated when it is refused with ${message.replaceAll(SECRET, 'it')}`, async () => {
      const action = 'secretsmanager:PutSecretValue';
      await emulator().inject({ action, kind: 'error', code: 'InvalidRequestException', message });
      const failure = await failureOf(put());
      expect(failure.during).to.equal(action);
      expect(JSON.stringify(failure)).not.to.contain(SECRET);
      expect(failure.message).to.contain('[secret]');
    });
  }

  it('is not in the secret before it was seen to work', async () => {
    const store = await storeOf();
    await store.store(ann, created, await prepared(store, ann));
    expect((await asked(OF_ANN)).value).to.equal(undefined);
  });

  it("isn't repeated when it is refused by something that is no AWS error", async () => {
    const client = clientThat((_, input) => {
      throw new TypeError(`can't send ${JSON.stringify(input)}`);
    });
    const store = secretsManagerStore(client, secretsIn());
    const failure = await failureOf(store.store(ann, created, { name: SecretId, exists: true }));
    expect(JSON.stringify(failure)).not.to.contain(SECRET);
  });
});
