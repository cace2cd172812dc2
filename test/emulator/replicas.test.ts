import {
  CreateSecretCommand,
  DeleteResourcePolicyCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetResourcePolicyCommand,
  GetSecretValueCommand,
  PutResourcePolicyCommand,
  PutSecretValueCommand,
  RemoveRegionsFromReplicationCommand,
  ReplicateSecretToRegionsCommand,
  TagResourceCommand,
  UpdateSecretVersionStageCommand,
  type ReplicaRegionType,
} from '@aws-sdk/client-secrets-manager';
import { expect } from 'chai';
import { emulatorForThisFile } from '../support/emulator-hooks.ts';
import { adminOf, FIRST_MEMBER, refusalOf, type Clients } from './clients.ts';

const HERE = 'eu-central-1';
const THERE = 'eu-west-1';
const ELSEWHERE = 'us-east-1';
const INVALID = 'InvalidParameterException';
const NAME = `rotation/${HERE}/ann`;
const SecretId = NAME;
const token = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const policy = JSON.stringify({ Version: '2012-10-17', Statement: [] });

describe('emulator: replicas of secrets', () => {
  const emulator = emulatorForThisFile();
  let here: Clients['secrets'];
  let there: Clients['secrets'];

  beforeEach(async () => {
    await emulator().seed({ accounts: [{ name: 'app', users: [] }] });
    here = (await adminOf(emulator(), FIRST_MEMBER)).secrets;
    there = (await adminOf(emulator(), FIRST_MEMBER, THERE)).secrets;
  });

  const regions = (...Region: string[]): ReplicaRegionType[] => Region.map((name) => ({ Region: name }));
  const create = (AddReplicaRegions?: ReplicaRegionType[]) =>
    here.send(
      new CreateSecretCommand({
        Name: NAME,
        SecretString: 'first',
        ClientRequestToken: token(1),
        ...(AddReplicaRegions === undefined ? {} : { AddReplicaRegions }),
      }),
    );
  const replicate = (AddReplicaRegions: ReplicaRegionType[], ForceOverwriteReplicaSecret = false) =>
    here.send(
      new ReplicateSecretToRegionsCommand({ SecretId, AddReplicaRegions, ForceOverwriteReplicaSecret }),
    );
  const put = (secrets: Clients['secrets'], n: number, SecretString: string, stage = 'AWSCURRENT') =>
    secrets.send(
      new PutSecretValueCommand({
        SecretId,
        SecretString,
        ClientRequestToken: token(n),
        VersionStages: [stage],
      }),
    );
  const move = (secrets: Clients['secrets'], from: number, to: number) =>
    secrets.send(
      new UpdateSecretVersionStageCommand({
        SecretId,
        VersionStage: 'AWSCURRENT',
        RemoveFromVersionId: token(from),
        MoveToVersionId: token(to),
      }),
    );
  const valueOf = async (secrets: Clients['secrets'], id = SecretId) =>
    (await secrets.send(new GetSecretValueCommand({ SecretId: id }))).SecretString;
  const describeOf = (secrets: Clients['secrets']) => secrets.send(new DescribeSecretCommand({ SecretId }));
  const statuses = async () => {
    const { ReplicationStatus = [] } = await describeOf(here);
    return ReplicationStatus.map(({ Region, Status }) => [Region, Status]);
  };
  const policyIn = async (secrets: Clients['secrets']) =>
    (await secrets.send(new GetResourcePolicyCommand({ SecretId }))).ResourcePolicy;

  for (const [title, make] of [
    ['when it is created', () => create(regions(THERE, ELSEWHERE))],
    ['later', () => create().then(() => replicate(regions(THERE, ELSEWHERE)))],
  ] as const) {
    it(`a secret is replicated ${title}`, async () => {
      const { ARN = '', ReplicationStatus } = await make();
      expect(ReplicationStatus).to.deep.equal(
        [THERE, ELSEWHERE].map((Region) => ({
          Region,
          KmsKeyId: 'alias/aws/secretsmanager',
          Status: 'InSync',
          StatusMessage: 'Replication succeeded',
        })),
      );
      expect(ARN).to.match(new RegExp(`^arn:aws:secretsmanager:${HERE}:${FIRST_MEMBER}:secret:${NAME}-`));
      const primary = await describeOf(here);
      expect([primary.PrimaryRegion, primary.ReplicationStatus]).to.deep.equal([HERE, ReplicationStatus]);
      const replica = await describeOf(there);
      const arnThere = ARN.replace(HERE, THERE);
      expect([replica.ARN, replica.Name, replica.PrimaryRegion]).to.deep.equal([arnThere, NAME, HERE]);
      expect([await valueOf(there), await valueOf(there, arnThere)]).to.deep.equal(['first', 'first']);
    });
  }

  it('a secret that is not replicated has neither replicas nor a primary region', async () => {
    await create();
    expect(await describeOf(here)).not.to.have.any.keys('PrimaryRegion', 'ReplicationStatus');
    expect(await refusalOf(describeOf(there))).to.equal('ResourceNotFoundException');
  });

  it('a replica has a key of its own', async () => {
    await create();
    await replicate([{ Region: THERE, KmsKeyId: 'alias/there' }]);
    expect((await describeOf(here)).ReplicationStatus?.[0]?.KmsKeyId).to.equal('alias/there');
    const [account] = await emulator().snapshot(FIRST_MEMBER);
    expect(account?.secrets.map(({ kmsKeyId }) => kmsKeyId)).to.deep.equal([undefined, 'alias/there']);
  });

  it('a replica follows its primary: values, labels, policy and tags', async () => {
    await create(regions(THERE));
    await put(here, 2, 'second', 'AWSPENDING');
    expect(await valueOf(there)).to.equal('first');
    await move(here, 1, 2);
    expect(await valueOf(there)).to.equal('second');
    const { VersionIdsToStages } = await describeOf(there);
    expect(VersionIdsToStages?.[token(2)]).to.have.members(['AWSPENDING', 'AWSCURRENT']);
    await here.send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy: policy }));
    expect(await policyIn(there)).to.equal(policy);
    await here.send(new TagResourceCommand({ SecretId, Tags: [{ Key: 'a', Value: 'b' }] }));
    expect((await describeOf(there)).Tags).to.deep.equal([{ Key: 'a', Value: 'b' }]);
    await here.send(new DeleteResourcePolicyCommand({ SecretId }));
    expect(await policyIn(there)).to.equal(undefined);
  });

  it('a replica is changed by nobody but its primary', async () => {
    await create(regions(THERE));
    await put(here, 2, 'second', 'AWSPENDING');
    const answers = [
      await refusalOf(put(there, 3, 'third')),
      await refusalOf(put(there, 2, 'second')),
      await refusalOf(move(there, 1, 2)),
      await refusalOf(there.send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy: policy }))),
      await refusalOf(there.send(new TagResourceCommand({ SecretId, Tags: [] }))),
      await refusalOf(there.send(new DeleteSecretCommand({ SecretId }))),
    ];
    expect(answers).to.deep.equal(Array(6).fill(INVALID));
    expect(await refusalOf(there.send(new CreateSecretCommand({ Name: NAME, SecretString: 'x' })))).to.equal(
      'ResourceExistsException',
    );
    expect([await valueOf(here), await valueOf(there)]).to.deep.equal(['first', 'first']);
  });

  for (const [title, region] of [
    ['into its own region', HERE],
    ['into a region nobody knows', 'eu-nowhere-1'],
    ['where it is replicated already', THERE],
  ] as const) {
    it(`a secret isn't replicated ${title}`, async () => {
      await create(regions(THERE));
      expect(await refusalOf(replicate(regions(ELSEWHERE, region)))).to.equal(INVALID);
      expect(await statuses()).to.deep.equal([[THERE, 'InSync']]);
    });
  }

  it("a secret that can't be replicated is not created", async () => {
    expect(await refusalOf(create(regions(HERE)))).to.equal(INVALID);
    expect(await refusalOf(describeOf(here))).to.equal('ResourceNotFoundException');
  });

  it('replication fails where another secret has the name, unless it may be overwritten', async () => {
    await there.send(new CreateSecretCommand({ Name: NAME, SecretString: 'other' }));
    await create();
    const { ReplicationStatus: [failed] = [] } = await replicate(regions(THERE));
    expect([failed?.Status, failed?.StatusMessage]).to.deep.equal([
      'Failed',
      `Replication failed: Secret name ${NAME} already exists in region ${THERE}.`,
    ]);
    expect(await valueOf(there)).to.equal('other');
    await replicate(regions(THERE), true);
    expect(await statuses()).to.deep.equal([[THERE, 'InSync']]);
    expect(await valueOf(there)).to.equal('first');
  });

  it('a primary is deleted after its replicas are gone', async () => {
    const { ARN } = await create(regions(THERE));
    const deletion = () => refusalOf(here.send(new DeleteSecretCommand({ SecretId })));
    expect(await deletion()).to.equal(INVALID);
    const removed = await here.send(
      new RemoveRegionsFromReplicationCommand({ SecretId, RemoveReplicaRegions: [THERE] }),
    );
    expect([removed.ARN, removed.ReplicationStatus]).to.deep.equal([ARN, []]);
    expect(await refusalOf(describeOf(there))).to.equal('ResourceNotFoundException');
    expect(await deletion()).to.equal('accepted');
  });

  it('a snapshot shows both', async () => {
    await create(regions(THERE));
    await here.send(new PutResourcePolicyCommand({ SecretId, ResourcePolicy: policy }));
    const common = { name: NAME, versions: { [token(1)]: ['AWSCURRENT'] }, tags: {}, policy };
    const [account] = await emulator().snapshot(FIRST_MEMBER);
    expect(account?.secrets).to.deep.equal([
      { ...common, region: HERE },
      { ...common, region: THERE, replicaOf: HERE },
    ]);
    expect(await emulator().secretValue(FIRST_MEMBER, NAME)).to.equal('first');
  });
});
