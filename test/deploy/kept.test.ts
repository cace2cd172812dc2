import { expect } from 'chai';
import { LEASE_ROW, partitionOf } from '../../src/aws/table/ledger-rows.ts';
import { create, type Fields, type Resource, type Stack } from './cloudformation.ts';
import { packagedByDefault } from './packaged.ts';
import { actionsOf, statementsOf } from './roles.ts';

describe('what the service keeps', () => {
  let stack: Stack;

  const resource = (name: string): Resource => {
    const found = stack.resources[name];
    if (found === undefined) throw new Error(`the stack has no ${name}`);
    return found;
  };

  before(async function () {
    stack = create((await packagedByDefault()).template);
  });

  it('stays when the stack goes, and the key to it too', () => {
    for (const name of ['Ledger', 'Key', 'Reports']) {
      expect(resource(name), name).to.include({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    }
  });

  it('has rows by account and kind, which DynamoDB removes when they are of no more use', () => {
    expect([partitionOf('1'), LEASE_ROW]).to.deep.equal(['account#1', 'lease']);
    expect(resource('Ledger').Properties).to.deep.include({
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
  });

  it('can be brought back, and not be deleted by mistake', () =>
    expect(resource('Ledger').Properties).to.deep.include({
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    }));

  it('is encrypted with a key of its own', () => {
    expect(resource('Ledger').Properties['SSESpecification']).to.deep.equal({
      SSEEnabled: true,
      SSEType: 'KMS',
      KMSMasterKeyId: 'Key.Arn',
    });
    for (const name of ['Topic', 'OperatorsTopic', 'FailedRuns']) {
      expect(resource(name).Properties, name).to.include({ KmsMasterKeyId: 'Key.Arn' });
    }
  });

  it('has a key that is renewed every year', () =>
    expect(resource('Key').Properties).to.include({ EnableKeyRotation: true }));

  it('has a key that encrypts nothing but through the services it is for', () => {
    const cryptography = /^kms:(.*crypt.*|GenerateDataKey.*|CreateGrant)$/i;
    const statements = statementsOf(resource('Key').Properties['KeyPolicy']);
    const free = statements.filter(({ Condition }) => Condition === undefined);
    expect(actionsOf(free).filter((action) => cryptography.test(action))).to.deep.equal([]);
    expect(actionsOf(free)).to.include('kms:PutKeyPolicy'); // else nobody could ever change it
    for (const { Sid, Condition, Principal } of statements) {
      if (Sid === 'UsedByAlarms' || Sid === 'UsedForWhatIsNotDelivered') continue;
      expect(Principal, Sid).to.deep.equal({ AWS: 'arn:aws-cn:iam::999988887777:root' });
      if (Condition === undefined) continue;
      expect((Condition['StringEquals'] as Fields)['kms:ViaService'], Sid).not.to.equal(undefined);
    }
  });

  it('has a key for every topic of this account, so that those of single accounts can have it, too', () => {
    const statements = statementsOf(resource('Key').Properties['KeyPolicy']);
    const throughSns = statements.filter(({ Condition }) =>
      JSON.stringify(Condition ?? {}).includes('sns.cn-north-1'),
    );
    expect(throughSns.map(({ Action }) => Action).flat()).to.include.members([
      'kms:Decrypt',
      'kms:GenerateDataKey',
    ]);
    // SNS names the topic in the encryption context; nothing here asks for it.
    expect(JSON.stringify(statements)).not.to.include('EncryptionContext');
  });

  it('has a key that alarms and rules can use, of this account only: else nothing of theirs would arrive', () => {
    const statements = statementsOf(resource('Key').Properties['KeyPolicy']);
    const allowed = (Sid: string, Service: string) => ({
      Sid,
      Effect: 'Allow',
      Principal: { Service },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
      Resource: '*',
      Condition: { StringEquals: { 'aws:SourceAccount': '999988887777' } },
    });
    expect(statements.filter(({ Principal }) => (Principal as Fields)['AWS'] === undefined)).to.deep.equal([
      allowed('UsedByAlarms', 'cloudwatch.amazonaws.com'),
      allowed('UsedForWhatIsNotDelivered', 'events.amazonaws.com'),
    ]);
  });

  describe('of reports, in a bucket of its own', () => {
    it('is encrypted, private, in versions, and for as long as it is told', () => {
      const { Properties } = resource('Reports');
      expect(JSON.stringify(Properties['BucketEncryption'])).to.include('"KMSMasterKeyID":"Key.Arn"');
      expect(Object.values(Properties['PublicAccessBlockConfiguration'] as Fields)).to.deep.equal(
        Array(4).fill(true),
      );
      expect(Properties['VersioningConfiguration']).to.deep.equal({ Status: 'Enabled' });
      const { Rules } = Properties['LifecycleConfiguration'] as Fields;
      expect(Rules).to.deep.equal([
        {
          Id: 'remove-reports',
          Prefix: 'reports/',
          Status: 'Enabled',
          ExpirationInDays: 396,
          NoncurrentVersionExpiration: { NoncurrentDays: 90 },
        },
        {
          Id: 'remove-working-files-after-90-days',
          Prefix: 'runs/',
          Status: 'Enabled',
          ExpirationInDays: 90,
          NoncurrentVersionExpiration: { NoncurrentDays: 90 },
        },
        {
          Id: 'remove-unfinished-uploads',
          Status: 'Enabled',
          AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
        },
      ]);
    });

    it('is written by the roles of the service only, each its own, and over encrypted connections', () => {
      const [bare, files, reports, read, pages, ...others] = statementsOf(
        resource('ReportsPolicy').Properties['PolicyDocument'],
      );
      expect(bare).to.deep.include({
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Condition: { Bool: { 'aws:SecureTransport': false } },
      });
      const denied = { Effect: 'Deny', Principal: '*', Action: ['s3:PutObject'] };
      const toAllBut = (...roles: readonly string[]) => ({ ArnNotEquals: { 'aws:PrincipalArn': roles } });
      expect(files).to.deep.include({
        ...denied,
        Resource: 'Reports.Arn/runs/*',
        Condition: toAllBut('ServiceRole.Arn'),
      });
      expect(reports).to.deep.include({
        ...denied,
        Resource: 'Reports.Arn/reports/*',
        Condition: toAllBut('ServiceRole.Arn', 'PageRole.Arn'),
      });
      expect(read).to.deep.include({
        ...denied,
        Resource: ['Reports.Arn/reports/runs/*', 'Reports.Arn/reports/quiet/*'],
        Condition: { ArnEquals: { 'aws:PrincipalArn': 'PageRole.Arn' } },
      });
      expect(pages).to.deep.include({
        ...denied,
        Resource: ['Reports.Arn/reports/pages/*', 'Reports.Arn/reports/latest.html'],
        Condition: { ArnNotEquals: { 'aws:PrincipalArn': 'PageRole.Arn' } },
      });
      expect(others).to.deep.equal([]);
    });

    it('is where the function is told that it is', () => {
      const { Variables } = resource('RotateLambdaFunction').Properties['Environment'] as Fields;
      expect((Variables as Fields)['REPORTS_URL']).to.equal('https://Reports.RegionalDomainName');
    });
  });

  it('leaves only over encrypted connections', () => {
    const [refusal] = statementsOf(resource('TopicPolicy').Properties['PolicyDocument']);
    expect(refusal).to.deep.include({
      Effect: 'Deny',
      Principal: '*',
      Action: 'sns:Publish',
      Condition: { Bool: { 'aws:SecureTransport': false } },
    });
  });
});
