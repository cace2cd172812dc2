import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  GetAccessKeyLastUsedCommand,
  GetAccountSummaryCommand,
  GetGroupCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListUsersCommand,
  ListUserTagsCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutResourcePolicyCommand,
  PutSecretValueCommand,
  ReplicateSecretToRegionsCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { STSClient } from '@aws-sdk/client-sts';
import { expect } from 'chai';
import { assumeRole } from '../../../src/aws/account/assume-role.ts';
import { READ_ONLY_SESSION_POLICY, readOnly } from '../../../src/aws/client/read-only.ts';
import { createWorld, emulatorForThisFile, userWithKey } from '../../support/world.ts';
import { adminOf, failureOf, FIRST_MEMBER, once, settingsFor } from '../support.ts';

const KEY = 'AKIAEXAMPLE000000001';
const ofAnn = { UserName: 'ann', AccessKeyId: KEY };
const secret = { SecretId: 'ann' };

const READS = [
  new ListUsersCommand({}),
  new ListAccessKeysCommand({ UserName: 'ann' }),
  new GetAccessKeyLastUsedCommand({ AccessKeyId: KEY }),
  new GetAccountSummaryCommand({}),
  new ListUserTagsCommand({ UserName: 'ann' }),
  new GetGroupCommand({ GroupName: 'people' }),
] as const;
const WRITES = [
  new CreateAccessKeyCommand({ UserName: 'ann' }),
  new UpdateAccessKeyCommand({ ...ofAnn, Status: 'Inactive' }),
  new DeleteAccessKeyCommand(ofAnn),
] as const;
const SECRET_WRITES = [
  new CreateSecretCommand({ Name: 'ann', SecretString: 'x' }),
  new PutSecretValueCommand({ ...secret, SecretString: 'x' }),
  new PutResourcePolicyCommand({ ...secret, ResourcePolicy: '{}' }),
  new UpdateSecretVersionStageCommand({ ...secret, VersionStage: 'AWSCURRENT' }),
  new GetSecretValueCommand(secret),
  new ReplicateSecretToRegionsCommand({ ...secret, AddReplicaRegions: [{ Region: 'eu-west-1' }] }),
] as const;

describe('audit', () => {
  const emulator = emulatorForThisFile();
  beforeEach(async () => {
    const users = [{ ...userWithKey('ann', { age: 65, usedAgo: 1, id: KEY }), groups: ['people'] }];
    await createWorld(emulator(), { accounts: [{ name: 'app', users }] });
  });

  describe('with a read-only client', () => {
    for (const command of READS) {
      it(`sends ${command.constructor.name}`, async () => {
        const iam = readOnly(new IAMClient(once(await adminOf(emulator()))));
        await iam.send(command as ListUsersCommand);
        expect(await emulator().calls()).to.have.length(1);
      });
    }

    it('sends DescribeSecretCommand', async () => {
      const secrets = readOnly(new SecretsManagerClient(once(await adminOf(emulator()))));
      const answer = await secrets
        .send(new DescribeSecretCommand(secret))
        .catch((error: unknown) => (error as Error).name);
      expect(answer).to.equal('ResourceNotFoundException');
    });

    for (const command of [...WRITES, ...SECRET_WRITES]) {
      it(`refuses ${command.constructor.name} before anything is sent`, async () => {
        const settings = once(await adminOf(emulator()));
        const Client = (SECRET_WRITES as readonly unknown[]).includes(command)
          ? SecretsManagerClient
          : IAMClient;
        const client = readOnly(new Client(settings) as IAMClient);
        const failure = await failureOf(client.send(command as CreateAccessKeyCommand));
        expect(failure).to.include({ kind: 'denied', during: command.constructor.name });
        expect(await emulator().calls()).to.deep.equal([]);
      });
    }
  });

  describe('with the session policy', () => {
    /** A session of the member role, which may do everything, with the policy of an audit. */
    async function session() {
      const service = await emulator().credentialsFor('123456789012', 'access-key-rotation-service');
      const credentials = await assumeRole(new STSClient(once(settingsFor(emulator(), service))), {
        roleArn: `arn:aws:iam::${FIRST_MEMBER}:role/access-key-rotation`,
        sessionName: 'audit',
        sessionPolicy: READ_ONLY_SESSION_POLICY,
        nextStep: '',
      });
      return once(settingsFor(emulator(), credentials));
    }
    const outcomeOf = (call: Promise<unknown>) =>
      call.then(
        () => 'allowed',
        (error: unknown) => (error as Error).name,
      );

    for (const command of READS) {
      it(`AWS allows ${command.constructor.name}`, async () => {
        const iam = new IAMClient(await session());
        expect(await outcomeOf(iam.send(command as ListUsersCommand))).to.equal('allowed');
      });
    }
    for (const command of WRITES) {
      it(`AWS denies ${command.constructor.name}`, async () => {
        const iam = new IAMClient(await session());
        expect(await outcomeOf(iam.send(command as CreateAccessKeyCommand))).to.equal('AccessDenied');
      });
    }
    for (const command of SECRET_WRITES) {
      it(`AWS denies ${command.constructor.name}`, async () => {
        const secrets = new SecretsManagerClient(await session());
        expect(await outcomeOf(secrets.send(command as CreateSecretCommand))).to.equal(
          'AccessDeniedException',
        );
      });
    }
  });
});
