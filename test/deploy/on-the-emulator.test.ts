import { GetRoleCommand } from '@aws-sdk/client-iam';
import { GetKeyRotationStatusCommand } from '@aws-sdk/client-kms';
import { expect } from 'chai';
import { DAY } from '../../src/domain/time.ts';
import type { JsonReport } from '../../src/report/data/json-report.ts';
import { refusalOf } from '../emulator/clients.ts';
import type { SeedUser } from '../support/emulator/emulator.ts';
import { emulatorForThisFile } from '../support/world.ts';
import { EXTERNAL_ID, ROLE, SERVICE, actionsOf, createMemberRole, resourcesOf } from './deployed-stack.ts';
import { deployService, type DeployedService } from './deployed-service.ts';

/** As old as the first run of a new deployment finds them. */
const user = (userName: string, age: number, usedAgo?: number): SeedUser => {
  const now = Date.now();
  const lastUsed = usedAgo === undefined ? {} : { lastUsedAt: now - usedAgo * DAY };
  return { userName, keys: [{ createdAt: now - age * DAY, ...lastUsed }] };
};

const MEMBER_USERS = [user('alice', 70, 1), user('bob', 5, 1)];

describe('a deployment', function () {
  const emulator = emulatorForThisFile();
  let service: DeployedService;

  before(async () => {
    service = await deployService(emulator(), {
      accounts: [
        { name: 'member', ou: 'Workloads/Prod', memberRole: false, users: MEMBER_USERS },
        { name: 'forgotten', memberRole: false, users: [user('dave', 70, 1)] },
      ],
      management: { memberRole: false, users: [user('erin', 65, 2)] },
    });
  });
  const rotate = (event: object, changed?: Readonly<Record<string, string>>) =>
    service.invoke('RotateLambdaFunction', event, changed) as Promise<JsonReport>;

  describe('makes', () => {
    it('the role that the accounts trust', async () => {
      const { Arn, AssumeRolePolicyDocument = '' } = (await service.role()) ?? {};
      expect(Arn).to.equal(`arn:aws:iam::${SERVICE}:role/${ROLE}`);
      expect(decodeURIComponent(AssumeRolePolicyDocument)).to.include('lambda.amazonaws.com');
    });

    it('the member role of its own account', async () => {
      const { Role: own } = await service.aws.iam.send(
        new GetRoleCommand({ RoleName: service.physical('OwnMemberRole') }),
      );
      expect(own?.Arn).to.equal(`arn:aws:iam::${SERVICE}:role/access-key-rotation`);
    });

    it("a table that can't be deleted by mistake", async () => {
      expect(await service.table()).to.deep.include({
        DeletionProtectionEnabled: true,
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
      });
    });

    it('a key that is renewed every year', async () => {
      const { KeyRotationEnabled } = await service.aws.kms.send(
        new GetKeyRotationStatusCommand({ KeyId: service.physical('Key') }),
      );
      expect(KeyRotationEnabled).to.equal(true);
    });

    it('functions that are told where table and topic are', async () => {
      const { Environment, Runtime, Timeout } = await service.configuration('RotateLambdaFunction');
      expect({ Runtime, Timeout }).to.deep.equal({ Runtime: 'nodejs24.x', Timeout: 900 });
      expect(Environment?.Variables).to.include({
        ROTATION_MODE: 'audit',
        ROTATION_EXTERNAL_ID: EXTERNAL_ID,
        ROTATION_TABLE_NAME: service.physical('Ledger'),
        ROTATION_TOPIC_ARN: service.physical('Topic'),
      });
      expect((await service.configuration('WatchLambdaFunction')).Handler).to.equal(
        'src/watch.daysSinceLastRun',
      );
    });

    it('what the emulator leaves out, as the template that was uploaded says', async () => {
      const { resources: made } = service.stack();
      expect(made['Ledger']?.Properties).to.deep.include({
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: {
          SSEEnabled: true,
          SSEType: 'KMS',
          KMSMasterKeyId: (await service.key())?.Arn ?? '',
        },
      });
      for (const topic of ['Topic', 'OperatorsTopic']) {
        expect(made[topic]?.Properties['KmsMasterKeyId'], topic).to.equal((await service.key())?.Arn);
      }
      expect(made['Schedule']?.Properties).to.include({
        ScheduleExpression: 'cron(0 6 ? * MON *)',
        ScheduleExpressionTimezone: 'UTC',
      });
      expect(made['RotateLambdaEvConf']?.Properties).to.include({ MaximumRetryAttempts: 0 });
      expect(made['TopicPolicy']?.Type).to.equal('AWS::SNS::TopicPolicy');
      expect(made['ServerlessDeploymentBucketPolicy']?.Type).to.equal('AWS::S3::BucketPolicy');
    });

    it('outputs that the doctor and the instructions use', () =>
      expect(service.stack().outputs).to.include({
        ServiceAccountId: SERVICE,
        ServiceRoleArn: 'ServiceRole.Arn',
        TableName: service.physical('Ledger'),
        TopicArn: service.physical('Topic'),
        OperatorsTopicArn: service.physical('OperatorsTopic'),
      }));
  });

  describe('with the member role from the stack set', () => {
    let member: string;
    let audited: JsonReport;
    let report: JsonReport;

    before(async () => {
      const account = service.organization.accounts.find(({ name }) => name === 'member');
      member = account?.id ?? '';
      await createMemberRole(emulator(), service.aws, service.organization, member);
    });

    it('says in audit what it would do, and does nothing', async () => {
      const untouched = await emulator().snapshot();
      audited = await rotate({});
      expect(audited.mode).to.equal('audit');
      expect(actionsOf(audited)).to.deep.equal([
        'management: erin replace held',
        'member: alice replace held',
        'forgotten: unreachable',
      ]);
      expect(await emulator().snapshot()).to.deep.equal(untouched);
      expect(await service.rows()).to.deep.equal([]);
    });

    it('replaces the keys that are due once it is told to, and stores them with their owners', async () => {
      report = await rotate({}, { ROTATION_MODE: 'enforce' });
      expect(actionsOf(report)).to.deep.equal([
        'management: erin replace applied',
        'member: alice replace applied',
        'forgotten: unreachable',
      ]);
      for (const [account, name] of [
        [SERVICE, 'erin'],
        [member, 'alice'],
      ] as const) {
        const secret = await emulator().secretValue(account, `access-key-rotation/${name}`);
        const { AccessKeyId } = JSON.parse(secret) as { AccessKeyId: string };
        const [{ users } = { users: [] }] = await emulator().snapshot(account);
        const keys = users.find(({ userName }) => userName === name)?.keys.map(({ id }) => id);
        expect(keys).to.have.length(2).and.include(AccessKeyId);
      }
    });

    it('remembers it in the table that was deployed, and says so in its topic', async () => {
      expect(await service.rows()).not.to.have.length(0);
      const published = await emulator().notifications();
      expect(new Set(published.map(({ topicArn }) => topicArn))).to.deep.equal(
        new Set([service.physical('Topic')]),
      );
      expect(published.map(({ message }) => message).join()).to.include('alice');
    });

    it('has a watch that runs, and counts the days', async () => {
      expect(await service.invoke('WatchLambdaFunction', {})).to.be.a('number');
    });

    it('has a journal that runs, and tells the operators who changed a setting', async () => {
      const Keys = { pk: { S: 'settings' }, sk: { S: 'organization' } };
      const NewImage = { ...Keys, values: { M: { mode: { S: 'enforce' } } }, updatedBy: { S: 'ann' } };
      await service.invoke('JournalLambdaFunction', { Records: [{ dynamodb: { Keys, NewImage } }] });
      const published = await emulator().notifications();
      const told = published.filter(({ topicArn }) => topicArn === service.physical('OperatorsTopic'));
      expect(told.map(({ message }) => message)).to.have.length(1);
      expect(told[0]?.message).to.include('organization: by ann: mode');
    });
  });

  describe('done again', () => {
    const state = async () => ({
      resources: await resourcesOf(service.aws.cloudformation),
      table: await service.table(),
      rows: await service.rows(),
      key: await service.key(),
      role: await service.role(),
      environment: (await service.configuration('RotateLambdaFunction')).Environment,
    });

    it('does nothing, as nothing has changed', async () => {
      const before = await state();
      expect(await service.deployment.serverless('deploy')).to.include('No changes to deploy');
      expect(await state()).to.deep.equal(before);
    });

    it('changes nothing even if it is forced to', async () => {
      const before = await state();
      await service.deployment.serverless('deploy', '--force');
      expect(await state()).to.deep.equal(before);
    });
  });

  describe('removed', () => {
    before(() => service.deployment.serverless('remove'));

    it('keeps the table with what it remembers', async () => {
      expect((await service.table())?.TableStatus).to.equal('ACTIVE');
      expect(await service.rows()).not.to.have.length(0);
    });

    it('keeps the key that opens it', async () =>
      expect(await service.key()).to.include({ Enabled: true, KeyState: 'Enabled' }));

    it('keeps the secrets', async () => {
      const secret = await emulator().secretValue(SERVICE, 'access-key-rotation/erin');
      expect(secret).to.include('SecretAccessKey');
    });

    it('leaves no role that could do anything', async () =>
      expect(await refusalOf(service.role())).to.equal('NoSuchEntityException'));
  });
});
