import {
  CreateSecretCommand,
  PutResourcePolicyCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { expect } from 'chai';
import { readOwnSecret } from '../../../src/aws/secret/own-secret.ts';
import { secretsManagerStore } from '../../../src/aws/secret/secret-store.ts';
import type { Credentials, Fault } from '../../support/emulator/emulator.ts';
import { readOwnKey } from '../../support/own-key.ts';
import { createWorld, emulatorForThisFile, REGION, START } from '../../support/world.ts';
import { adminOf, callsOf, failureOf, once, secretsIn, userNamed } from '../support.ts';
import { prepared } from '../../support/prepared.ts';

const [OF_ANN, OF_BOB] = ['AKIAEXAMPLE000000001', 'AKIAEXAMPLE000000002'] as const;
const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const ann = userNamed('ann');
const key = (id: string, secret: string) => ({ id, status: 'active', createdAt: START, secret }) as const;

describe('a user who reads its own key', () => {
  const emulator = emulatorForThisFile();
  let held: Credentials;
  const admin = async () => new SecretsManagerClient(once(await adminOf(emulator())));
  const store = async () => secretsManagerStore(await admin(), secretsIn());
  const read = (credentials = held, secretId?: string, region = REGION) =>
    readOwnKey({ region, endpoint: emulator().endpoint }, 'ann', credentials, secretId);

  const letIn = async (SecretId: string) => {
    const statement = { Effect: 'Allow', Principal: { AWS: ann.arn }, Action: '*', Resource: '*' };
    const ResourcePolicy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await (await admin()).send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy }));
  };

  beforeEach(async () => {
    const users = [
      { userName: 'ann', keys: [{ id: OF_ANN, createdAt: START }] },
      { userName: 'bob', keys: [{ id: OF_BOB, createdAt: START }] },
    ];
    await createWorld(emulator(), { accounts: [{ name: 'app', users }] });
    held = await emulator().keyCredentials(OF_ANN);
  });

  it('gets the key that is current, not the one that waits', async () => {
    const secrets = await store();
    const state = await prepared(secrets, ann);
    await secrets.store(ann, key('AKIANEW', SECRET), state);
    await secrets.promote({ id: 'AKIANEW' }, state);
    await secrets.store(ann, key('AKIAWAITING', 'no'), await secrets.look(ann));
    expect(await read()).to.deep.equal({ accessKeyId: 'AKIANEW', secretAccessKey: SECRET });
  });

  it('gets the key of the secret it names, in the region of its ARN', async () => {
    const Name = 'elsewhere/key-of-ann';
    const SecretString = JSON.stringify({ AccessKeyId: 'AKIANEW', SecretAccessKey: SECRET });
    const { ARN } = await (await admin()).send(new CreateSecretCommand({ Name, SecretString }));
    await letIn(Name);
    const expected = { accessKeyId: 'AKIANEW', secretAccessKey: SECRET };
    expect(await read(held, Name)).to.deep.equal(expected);
    expect(await read(held, ARN, 'us-east-1')).to.deep.equal(expected);
    expect(await read(held, Name, 'us-east-1')).to.equal(undefined);
  });

  it('gets nothing before the first replacement', async () => {
    expect(await read()).to.equal(undefined);
  });

  it("gets nothing of another user's", async () => {
    const secrets = await store();
    await secrets.store(ann, key('AKIANEW', SECRET), await prepared(secrets, ann));
    expect(await read(await emulator().keyCredentials(OF_BOB))).to.equal(undefined);
  });

  it('gets nothing where AWS says that there is nothing', async () => {
    const code = 'ResourceNotFoundException';
    await emulator().inject({ action: 'secretsmanager:*', kind: 'error', code });
    expect(await read()).to.equal(undefined);
  });

  it('is refused with a key that was switched off, and told what to check', async () => {
    await emulator().setKey(OF_ANN, { status: 'Inactive' });
    const failure = await failureOf(read());
    expect(failure).to.include({ kind: 'denied', during: 'secretsmanager:GetSecretValue' });
    expect(failure.nextStep).to.contain(OF_ANN).and.to.contain('switched off');
  });

  const answer = (credentials = held) =>
    readOwnSecret({ region: REGION, endpoint: emulator().endpoint }, credentials, 'access-key-rotation/ann');

  it('can tell why there is no key', async () => {
    expect(await answer()).to.deep.equal({ kind: 'none' });
    await prepared(await store(), ann);
    expect(await answer()).to.deep.equal({ kind: 'no-key-yet' });
    await emulator().setKey(OF_ANN, { status: 'Inactive' });
    expect((await answer()).kind).to.equal('refused');
    await emulator().inject({ action: 'secretsmanager:GetSecretValue', kind: 'reset' });
    expect((await answer()).kind).to.equal('unreachable');
  });

  it('gets to know whose key it is', async () => {
    const secrets = await store();
    const state = await prepared(secrets, ann);
    await secrets.store(ann, key('AKIANEW', SECRET), state);
    await secrets.promote({ id: 'AKIANEW' }, state);
    expect(await answer()).to.deep.equal({
      kind: 'key',
      key: { accessKeyId: 'AKIANEW', secretAccessKey: SECRET },
      userName: 'ann',
      accountId: '111111111101',
    });
  });

  const FAULTS: readonly (readonly [string, Omit<Fault, 'action'>, string])[] = [
    ['throttles', { kind: 'error', code: 'ThrottlingException' }, 'throttled'],
    ['fails', { kind: 'error' }, 'transient'],
    ['breaks off', { kind: 'reset' }, 'transient'],
    ['answers in half', { kind: 'malformed' }, 'unknown'],
  ];
  for (const [title, fault, kind] of FAULTS) {
    it(`is refused when AWS ${title}, after no more than two attempts`, async () => {
      await emulator().inject({ action: 'secretsmanager:GetSecretValue', ...fault });
      expect(await failureOf(read())).to.include({ kind, during: 'secretsmanager:GetSecretValue' });
      expect((await callsOf(emulator(), 'secretsmanager:GetSecretValue')).length).to.be.at.most(2);
    });
  }

  for (const [title, SecretString] of [
    ['no JSON', `${SECRET}{`],
    ['no key', JSON.stringify({ AccessKeyId: 'AKIA', Secret: SECRET })],
    ['an empty key', JSON.stringify({ AccessKeyId: '', SecretAccessKey: SECRET })],
    ['a list', JSON.stringify([SECRET])],
  ] as const) {
    it(`is refused a secret that holds ${title}, without a word of it`, async () => {
      const client = await admin();
      const SecretId = 'access-key-rotation/ann';
      await client.send(new CreateSecretCommand({ Name: SecretId, SecretString }));
      await letIn(SecretId);
      const failure = await failureOf(read());
      expect(failure.kind).to.equal('unknown');
      expect(JSON.stringify(failure)).not.to.contain(SECRET);
    });
  }
});
