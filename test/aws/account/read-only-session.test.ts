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
import { READ_ONLY_SESSION_POLICY } from '../../../src/aws/account/read-only-session.ts';
import { createWorld, emulatorForThisFile, userWithKey } from '../../support/world.ts';
import { FIRST_MEMBER, MANAGEMENT, once, settingsFor } from '../support.ts';

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

const outcomeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'allowed',
    (error: unknown) => (error as Error).name,
  );

for (const [where, accountId] of [
  ['a member', FIRST_MEMBER],
  ['the account the service runs in', MANAGEMENT],
] as const) {
  describe(`a session of an audit in ${where}`, () => {
    const emulator = emulatorForThisFile();
    beforeEach(async () => {
      const users = [{ ...userWithKey('ann', { age: 65, usedAgo: 1, id: KEY }), groups: ['people'] }];
      const ofMember = accountId === FIRST_MEMBER ? users : [];
      await createWorld(emulator(), {
        accounts: [{ name: 'app', users: ofMember }],
        management: { users: accountId === MANAGEMENT ? users : [] },
      });
    });

    /** Of the member role, which may do everything, with the policy of an audit. */
    async function session() {
      const service = await emulator().credentialsFor(MANAGEMENT, 'access-key-rotation-service');
      const credentials = await assumeRole(new STSClient(once(settingsFor(emulator(), service))), {
        roleArn: `arn:aws:iam::${accountId}:role/access-key-rotation`,
        sessionName: 'audit',
        sessionPolicy: READ_ONLY_SESSION_POLICY,
        nextStep: '',
      });
      return once(settingsFor(emulator(), credentials));
    }

    for (const command of READS) {
      it(`AWS allows ${command.constructor.name}`, async () => {
        const iam = new IAMClient(await session());
        expect(await outcomeOf(iam.send(command as ListUsersCommand))).to.equal('allowed');
      });
    }

    it('AWS allows DescribeSecretCommand', async () => {
      const secrets = new SecretsManagerClient(await session());
      const answer = await outcomeOf(secrets.send(new DescribeSecretCommand(secret)));
      expect(answer).to.equal('ResourceNotFoundException');
    });

    for (const command of WRITES) {
      it(`AWS denies ${command.constructor.name}`, async () => {
        const iam = new IAMClient(await session());
        expect(await outcomeOf(iam.send(command as CreateAccessKeyCommand))).to.equal('AccessDenied');
      });
    }
    for (const command of SECRET_WRITES) {
      it(`AWS denies ${command.constructor.name}`, async () => {
        const secrets = new SecretsManagerClient(await session());
        const answer = await outcomeOf(secrets.send(command as CreateSecretCommand));
        expect(answer).to.equal('AccessDeniedException');
      });
    }
  });
}
