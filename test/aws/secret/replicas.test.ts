import {
  CreateSecretCommand,
  DeleteSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { expect } from 'chai';
import sinon from 'sinon';
import { replicate } from '../../../src/aws/secret/replicas.ts';
import { secretsManagerStore } from '../../../src/aws/secret/secret-store.ts';
import type { SecretLocation } from '../../../src/run/ports/accounts.ts';
import type { CreatedKey } from '../../../src/run/ports/keys.ts';
import { createWorld, emulatorForThisFile, REGION, START } from '../../support/world.ts';
import {
  adminOf,
  callsOf,
  failureOf,
  FIRST_MEMBER,
  once,
  secretsIn,
  SESSION_OPTIONS,
  userNamed,
} from '../support.ts';
import { prepared } from '../../support/prepared.ts';

const NAME = 'access-key-rotation/ann';
const ann = userNamed('ann');
const keyNamed = (id: string): CreatedKey => ({ id, status: 'active', createdAt: START, secret: `of ${id}` });
const replicaRegions = ['eu-west-1', 'us-east-1'];

describe('the replicas of a secret', () => {
  const emulator = emulatorForThisFile();
  beforeEach(() => createWorld(emulator(), { accounts: [{ name: 'app', users: [] }] }));

  const admin = async (region = REGION) =>
    new SecretsManagerClient({ ...once(await adminOf(emulator())), region });
  /** What a run does before consumers see the key. */
  async function share(id: string, place: Partial<SecretLocation> = { replicaRegions }) {
    const store = secretsManagerStore(await admin(), secretsIn(place));
    const state = await prepared(store, ann);
    await store.store(ann, keyNamed(id), state);
    return () => store.promote({ id }, state);
  }
  const found = async () => {
    const [account] = await emulator().snapshot(FIRST_MEMBER);
    return account?.secrets.filter(({ replicaOf }) => replicaOf === REGION) ?? [];
  };
  const asked = async () =>
    (await callsOf(emulator(), 'secretsmanager:ReplicateSecretToRegions')).map(({ params }) => params);

  it('are in all regions of the settings, with the policy', async () => {
    await share('AKIA1');
    const replicas = await found();
    expect(replicas.map(({ region }) => region)).to.have.members(replicaRegions);
    for (const { policy } of replicas) expect(policy).to.contain(ann.arn);
  });

  it('show the key when the secret itself does', async () => {
    const promote = await share('AKIA1');
    const shown = async () => (await found()).map(({ versions }) => Object.values(versions).flat());
    expect(await shown()).to.deep.equal(Array(2).fill(['AWSCURRENT', 'AWSPENDING']));
    await promote();
    for (const stages of await shown()) expect(stages).to.include('AWSPREVIOUS');
  });

  it('are made once', async () => {
    await (
      await share('AKIA1')
    )();
    await (
      await share('AKIA2')
    )();
    expect(await asked()).to.have.length(1);
  });

  it('are made in a region that the settings name later', async () => {
    await (
      await share('AKIA1', { replicaRegions: ['eu-west-1'] })
    )();
    await (
      await share('AKIA2')
    )();
    expect((await found()).map(({ region }) => region)).to.have.members(replicaRegions);
  });

  for (const regions of [[], [REGION]]) {
    it(`are none where the settings name ${regions.length === 0 ? 'none' : 'only the region of the secret'}`, async () => {
      await share('AKIA1', { replicaRegions: regions });
      expect(await asked()).to.deep.equal([]);
    });
  }

  const ACCOUNT = `arn:aws:kms:${REGION}:${FIRST_MEMBER}`;
  for (const [kmsKeyId, expected] of [
    ['alias/rotation', 'alias/rotation'],
    [`${ACCOUNT}:alias/rotation`, `arn:aws:kms:eu-west-1:${FIRST_MEMBER}:alias/rotation`],
    ['mrk-1234abcd', 'mrk-1234abcd'],
    [`${ACCOUNT}:key/mrk-1234abcd`, `arn:aws:kms:eu-west-1:${FIRST_MEMBER}:key/mrk-1234abcd`],
    [undefined, undefined],
  ] as const) {
    it(`are encrypted with ${expected ?? 'the key of the account'} where the secret is with ${kmsKeyId ?? 'that'}`, async () => {
      const key = kmsKeyId === undefined ? {} : { kmsKeyId };
      await share('AKIA1', { replicaRegions: ['eu-west-1'], ...key });
      const [replica] = await found();
      expect(replica?.kmsKeyId).to.equal(expected);
    });
  }

  it('are refused where there is a secret of that name already, and made when it is gone', async () => {
    const elsewhere = await admin('eu-west-1');
    await elsewhere.send(new CreateSecretCommand({ Name: NAME, SecretString: 'of somebody' }));
    const failure = await failureOf(share('AKIA1'));
    expect(failure).to.include({ during: 'secretsmanager:ReplicateSecretToRegions' });
    expect(failure.message).to.contain(NAME).and.to.contain('eu-west-1').and.to.contain('already exists');
    expect(failure.message).not.to.contain('us-east-1');
    await elsewhere.send(new DeleteSecretCommand({ SecretId: NAME, ForceDeleteWithoutRecovery: true }));
    await (
      await share('AKIA2')
    )();
    expect((await found()).map(({ region }) => region)).to.have.members(replicaRegions);
  });

  for (const [code, kind] of [
    ['AccessDeniedException', 'denied'],
    ['InvalidParameterException', 'unknown'],
    ['ThrottlingException', 'throttled'],
  ] as const) {
    it(`are refused after ${code}`, async () => {
      const action = 'secretsmanager:ReplicateSecretToRegions';
      await emulator().inject({ action, kind: 'error', code });
      expect(await failureOf(share('AKIA1'))).to.include({ kind, during: action });
    });
  }

  it('are there although the answer is lost', async () => {
    const action = 'secretsmanager:ReplicateSecretToRegions';
    await emulator().inject({ action, kind: 'reset', when: 'after', times: 1 });
    expect((await failureOf(share('AKIA1'))).kind).to.equal('transient');
    await (
      await share('AKIA1')
    )();
    expect(await found()).to.have.length(2);
  });

  describe('that AWS is still making', () => {
    const place = { ...SESSION_OPTIONS.secrets, replicaRegions: ['eu-west-1'] };
    /** What DescribeSecret says, one time after the other, and how long was waited. */
    async function follow(...statuses: readonly (string | undefined)[]) {
      const sleep = sinon.fake.resolves(undefined);
      const left = [undefined, ...statuses];
      const send = sinon.fake((command: object) => {
        if (command.constructor.name !== 'DescribeSecretCommand') return Promise.resolve({ ARN: NAME });
        const Status = left.shift();
        const status = { Region: 'eu-west-1', Status, StatusMessage: 'as it is' };
        return Promise.resolve({
          ARN: NAME,
          ...(Status === undefined ? {} : { ReplicationStatus: [status] }),
        });
      });
      const client = { send, config: { region: () => Promise.resolve(REGION) } };
      await replicate(client as never, NAME, place, sleep);
      return sleep.args.flat() as unknown;
    }

    for (const [title, statuses, waits] of [
      ['are looked at again', ['InProgress', 'InProgress', 'InSync'], [1000, 2000]],
      ['are not waited for when they are there', ['InSync'], []],
      ['are left to AWS when it takes long', Array(4).fill('InProgress') as string[], [1000, 2000, 4000]],
    ] as const) {
      it(title, async () => {
        expect(await follow(...statuses)).to.deep.equal(waits);
      });
    }

    for (const [title, statuses, words] of [
      ['fail in the end', ['InProgress', 'Failed'], 'as it is'],
      ['fail at once', ['Failed'], 'as it is'],
      ['are never told of', [undefined], 'no replica'],
      ['are in a state that nobody knows', ['Lost'], 'as it is'],
    ] as const) {
      it(`are refused when they ${title}`, async () => {
        const failure = await failureOf(follow(...statuses));
        expect(failure.message).to.contain('eu-west-1').and.to.contain(words);
      });
    }
  });
});
