import { readFileSync } from 'node:fs';
import { CreateStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  DescribeKeyCommand,
  GetKeyRotationStatusCommand,
  ListAliasesCommand,
  PutKeyPolicyCommand,
} from '@aws-sdk/client-kms';
import { expect } from 'chai';
import { centralSecretNameOf } from '../../src/domain/secrets/secret-name.ts';
import { emulatorForThisFile } from '../support/world.ts';
import { create, readTemplate, type Resource, type Stack } from './cloudformation.ts';
import { inTheServiceAccount, moreClientsFor } from './deployed-stack.ts';
import { actionsOf, statementsOf } from './roles.ts';
import { file } from './templates-for-accounts.ts';

const OrganizationId = 'o-ab12cd34ef';
const PrimaryKeyArn = 'arn:aws-cn:kms:cn-north-1:999988887777:key/mrk-1234';
const ours = (kind: string): string => `arn:aws-cn:secretsmanager:*:999988887777:secret:${kind}`;

const template = readTemplate(file('central-key'));
const stackWith = (parameters: Readonly<Record<string, string>> = {}): Stack =>
  create(template, { OrganizationId, ...parameters });
const keyOf = ({ resources }: Stack, name = 'Key'): Resource => {
  const found = resources[name];
  if (found === undefined) throw new Error(`the stack has no ${name}`);
  return found;
};
const statementOf = (key: Resource, sid: string) =>
  statementsOf(key.Properties['KeyPolicy']).find(({ Sid }) => Sid === sid);

describe('the key for central secrets', () => {
  it('is renewed every year, and stays when the stack goes: nobody could read the secrets without', () => {
    const key = keyOf(stackWith());
    expect(key).to.include({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(key.Properties).to.include({ EnableKeyRotation: true, MultiRegion: 'false' });
  });

  it('must know the organization', () => {
    expect(() => create(template)).to.throw('OrganizationId');
    expect(() => stackWith({ OrganizationId: '*' })).to.throw('OrganizationId');
  });

  it('lets users decrypt through Secrets Manager what is for their own account', () =>
    expect(statementOf(keyOf(stackWith()), 'ReadInTheAccountOfTheUser')).to.deep.include({
      Principal: { AWS: '*' },
      Action: ['kms:Decrypt'],
      Condition: {
        StringEquals: {
          'aws:PrincipalOrgID': OrganizationId,
          'kms:ViaService': 'secretsmanager.cn-north-1.amazonaws.com.cn',
        },
        StringLike: {
          'kms:EncryptionContext:SecretARN': ours('access-key-rotation/central/${aws:PrincipalAccount}/*'),
        },
      },
    }));

  it('knows the secrets by the names that the service gives them', () =>
    expect(centralSecretNameOf('${aws:PrincipalAccount}', '*')).to.equal(
      'access-key-rotation/central/${aws:PrincipalAccount}/*',
    ));

  it('lets the member role of its account write through Secrets Manager, and nobody else there', () => {
    const written = (stack: Stack) => statementOf(keyOf(stack), 'WrittenByTheService');
    const writer = (name: string) => ({
      ArnEquals: { 'aws:PrincipalArn': `arn:aws-cn:iam::999988887777:role${name}` },
      StringLike: {
        'kms:ViaService': 'secretsmanager.*.amazonaws.com.cn',
        'kms:EncryptionContext:SecretARN': ours('access-key-rotation/central/*'),
      },
    });
    expect(written(stackWith())).to.deep.include({
      Principal: { AWS: 'arn:aws-cn:iam::999988887777:root' },
      Action: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'],
      Condition: writer('/access-key-rotation'),
    });
    const moved = stackWith({ RoleName: 'rotator', RolePath: '/security/' });
    expect(written(moved)?.Condition).to.deep.equal(writer('/security/rotator'));
  });

  it('can be administered without being used', () => {
    const actions = actionsOf(
      statementsOf(keyOf(stackWith()).Properties['KeyPolicy']).filter(
        ({ Condition }) => Condition === undefined,
      ),
    );
    expect(actions).to.include('kms:PutKeyPolicy'); // else nobody could ever change it
    expect(actions.filter((action) => /crypt|DataKey|Grant$/.test(action))).to.deep.equal([]);
  });

  it('has replicas in other regions with the same policy, where it is one for several', () => {
    const primary = stackWith({ MultiRegion: 'true' });
    expect(keyOf(primary).Properties).to.include({ MultiRegion: 'true' });
    const replica = stackWith({ PrimaryKeyArn });
    expect(Object.keys(replica.resources)).to.deep.equal(['ReplicaKey', 'KeyAlias']);
    const { Properties, DeletionPolicy } = keyOf(replica, 'ReplicaKey');
    expect({ ...Properties, DeletionPolicy }).to.deep.include({ PrimaryKeyArn, DeletionPolicy: 'Retain' });
    expect(Properties['KeyPolicy']).to.deep.equal(keyOf(primary).Properties['KeyPolicy']);
    expect(() => stackWith({ PrimaryKeyArn: PrimaryKeyArn.replace('mrk-', '') })).to.throw('PrimaryKeyArn');
  });

  it('says what the setting has to be', () => {
    expect(stackWith().outputs).to.deep.equal({ KeyArn: 'Key.Arn' });
    expect(stackWith({ PrimaryKeyArn }).outputs).to.deep.equal({ KeyArn: 'ReplicaKey.Arn' });
  });

  describe('as a stack', function () {
    const emulator = emulatorForThisFile();

    it('is there at once, under its alias, as a key the settings can name', async () => {
      await emulator().seed({ accounts: [] });
      const { cloudformation, kms } = moreClientsFor(emulator());
      await cloudformation.send(
        new CreateStackCommand({
          StackName: 'access-key-rotation-central-key',
          TemplateBody: readFileSync(file('central-key'), 'utf8'),
          Parameters: [{ ParameterKey: 'OrganizationId', ParameterValue: OrganizationId }],
        }),
      );
      const { Stacks } = await cloudformation.send(new DescribeStacksCommand({}));
      const keyArn = Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'KeyArn')?.OutputValue;
      expect(keyArn).to.match(/^arn:aws:kms:eu-central-1:123456789012:key\/[\w-]+$/);
      // The emulator's CloudFormation keeps the policy in a form that its KMS can't read.
      const { Properties } = keyOf(stackWith({ ...inTheServiceAccount({}), OrganizationId }));
      const Policy = JSON.stringify(Properties['KeyPolicy']);
      await kms.send(new PutKeyPolicyCommand({ KeyId: keyArn, PolicyName: 'default', Policy }));
      const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: keyArn }));
      expect(KeyMetadata).to.include({
        Enabled: true,
        Description: 'Central secrets of access-key-rotation',
      });
      const rotation = await kms.send(new GetKeyRotationStatusCommand({ KeyId: keyArn }));
      expect(rotation.KeyRotationEnabled).to.equal(true);
      const { Aliases = [] } = await kms.send(new ListAliasesCommand({ KeyId: keyArn }));
      expect(Aliases.map(({ AliasName }) => AliasName)).to.deep.equal(['alias/access-key-rotation-central']);
    });
  });
});
