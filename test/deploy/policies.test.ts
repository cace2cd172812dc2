import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { create, list, readTemplate, type Stack } from './cloudformation.ts';
import { packagedByDefault } from './packaged.ts';
import { allStatements, ofType, type Statement } from './roles.ts';
import { AGREED, file } from './templates-for-accounts.ts';

/** IAM knows no resources for them, or none that would narrow them down. */
const ON_EVERYTHING =
  /^(organizations:List\w+|iam:ListUsers|iam:GetAccountSummary|iam:\w+CredentialReport|secretsmanager:ListSecrets|cloudtrail:LookupEvents|sns:ListTopics|cloudwatch:GetMetricStatistics|xray:(Put|GetSampling)\w+|logs:\w+(LogDelivery|LogDeliveries|LogGroups|ResourcePolicies|ResourcePolicy)|ec2:\w+|dynamodb:ListStreams)$/;

const everything = {
  ServiceAccountId: '111122223333',
  OrganizationsRoleArn: 'arn:aws-cn:iam::111122223333:role/lister',
  SecretKmsKeyId: 'alias/secrets',
  Scale: 'map',
  Xray: 'on',
  Vpc: 'subnet-0a1b2c3d/sg-0a1b2c3d',
  AllowUsage: 'true',
  SecretKmsKeyArn: 'arn:aws-cn:kms:cn-north-1:999988887777:key/1234',
  ...AGREED,
  OperatorArn: 'arn:aws-cn:iam::999988887777:role/operators',
  TableName: 'access-key-rotation-Ledger-1A2B3C4D5E6F',
  TopicArn: 'arn:aws-cn:sns:cn-north-1:999988887777:access-key-rotation',
  KeyArn: 'arn:aws-cn:kms:cn-north-1:999988887777:key/5678',
  ReportsBucket: 'access-key-rotation-reports-1a2b3c',
};

for (const name of ['the service', 'member-role', 'organizations-role', 'central-key', 'operator-policy']) {
  describe(`the policies of ${name}`, () => {
    let stack: Stack;
    let own: readonly (readonly [string, Statement])[];

    before(async function () {
      const template =
        name === 'the service' ? (await packagedByDefault()).template : readTemplate(file(name));
      stack = create(template, everything);
      // Buckets deny everything over bare HTTP, that of the framework and ours.
      own = allStatements(stack).filter(
        ([resource, { Sid }]) =>
          resource !== 'ServerlessDeploymentBucketPolicy' &&
          !(resource === 'ReportsPolicy' && Sid === 'OnlyEncryptedConnections'),
      );
    });

    it('name every action', () => {
      expect(own).not.to.have.length(0);
      for (const [resource, { Action }] of own) {
        for (const action of list(Action)) expect(action, resource).to.match(/^[a-z0-9]+:[A-Z]\w+$/);
      }
    });

    it('are all written out: none is borrowed from AWS', () => {
      for (const { Properties } of ofType(stack, 'AWS::IAM::Role')) {
        expect(Properties).not.to.have.property('ManagedPolicyArns');
      }
    });

    it('allow on everything only what can only be allowed on everything', () => {
      const identity = own.filter(([, { Principal }]) => Principal === undefined);
      for (const [resource, { Effect, Action, Resource }] of identity) {
        if (Effect === 'Deny' || !list(Resource).includes('*')) continue;
        for (const action of list(Action)) expect(action, resource).to.match(ON_EVERYTHING);
      }
    });
  });
}

describe('the deployment', () => {
  const texts = [
    ...globSync(fileURLToPath(new URL('*.yml', file('x')))),
    fileURLToPath(new URL('../../serverless.yml', import.meta.url)),
  ].map((path) => [path, readFileSync(path, 'utf8')] as const);

  it('takes no partition for granted', async function () {
    expect(texts).to.have.length.above(5);
    for (const [path, text] of texts) expect(text, path).not.to.match(/arn:aws\b/);
    expect(JSON.stringify((await packagedByDefault()).template)).not.to.match(/arn:aws\b/);
  });

  it('grants full access to nothing', () => {
    for (const [path, text] of texts) expect(text, path).not.to.match(/FullAccess|AdministratorAccess/);
  });
});
