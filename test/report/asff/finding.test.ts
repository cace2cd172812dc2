import { expect } from 'chai';
import { keyProblemsIn } from '../../../src/domain/report/key-problems.ts';
import type { StoredAccount, StoredKey } from '../../../src/domain/report/stored-run.ts';
import { days } from '../../../src/domain/time.ts';
import { asffFinding } from '../../../src/report/asff/finding.ts';
import { T0 } from '../../support/builders.ts';
import { storedAccount, storedKey, storedRun } from '../../support/stored-runs.ts';

const PRODUCT = {
  arn: 'arn:aws-cn:securityhub:cn-north-1:999988887777:product/999988887777/default',
  partition: 'aws-cn',
  accountId: '999988887777',
};
const iso = (at: number) => new Date(at).toISOString();

const allOf = (account: StoredAccount, state: 'active' | 'archived' = 'active') => {
  const run = storedRun([account]);
  return keyProblemsIn(run).map((one) => asffFinding(one, state, run, PRODUCT));
};
const of = (key: StoredKey, state?: 'active' | 'archived') => {
  const [finding] = allOf(storedAccount({ keys: [key] }), state);
  if (finding === undefined) throw new Error('nothing was found');
  return finding;
};

describe('a finding for Security Hub', () => {
  it('is of the account of the service, and says where the key is', () => {
    const finding = of(storedKey('AKIA1', 100, { owner: 'ann@example.com' }));
    expect(finding).to.deep.include({
      SchemaVersion: '2018-10-08',
      Id: 'access-key-rotation/111111111111/AKIA1/over-limit',
      GeneratorId: 'access-key-rotation/over-limit',
      ProductArn: PRODUCT.arn,
      AwsAccountId: '999988887777',
      Severity: { Label: 'HIGH' },
      Compliance: { Status: 'FAILED' },
      RecordState: 'ACTIVE',
      FirstObservedAt: iso(T0 - days(10)),
      LastObservedAt: iso(T0),
      UpdatedAt: iso(T0),
      Title: 'An access key is older than the settings allow: AKIA1 of ann',
      ProductFields: {
        'access-key-rotation/AccountId': '111111111111',
        'access-key-rotation/AccountName': 'production',
        'access-key-rotation/UserName': 'ann',
        'access-key-rotation/Owner': 'ann@example.com',
        'access-key-rotation/RunId': '20260301T055900Z-a1b2c3',
      },
    });
    expect(finding.Resources).to.deep.equal([
      {
        Type: 'AwsIamAccessKey',
        Id: 'AWS::IAM::AccessKey:AKIA1',
        Partition: 'aws-cn',
        Details: {
          AwsIamAccessKey: {
            AccessKeyId: 'AKIA1',
            AccountId: '111111111111',
            PrincipalType: 'AWS::IAM::User',
            PrincipalName: 'ann',
            Status: 'Active',
            CreatedAt: iso(T0 - days(100)),
          },
        },
      },
      {
        Type: 'AwsIamUser',
        Id: 'AWS::IAM::User:111111111111/ann',
        Partition: 'aws-cn',
        Details: { AwsIamUser: { UserName: 'ann' } },
      },
    ]);
  });

  it('is archived, and passed, once it is gone', () => {
    const finding = of(storedKey('AKIA1', 100), 'archived');
    expect(finding).to.deep.include({
      Id: 'access-key-rotation/111111111111/AKIA1/over-limit',
      RecordState: 'ARCHIVED',
      Compliance: { Status: 'PASSED' },
    });
    expect(finding).not.to.have.property('LastObservedAt');
  });

  it('is of the account itself, where root has keys', () => {
    const [finding] = allOf(storedAccount({ rootKeys: 'present' }));
    expect(finding).to.deep.include({
      Id: 'access-key-rotation/111111111111/root/root-key',
      Severity: { Label: 'CRITICAL' },
      Resources: [{ Type: 'AwsAccount', Id: 'AWS::::Account:111111111111', Partition: 'aws-cn' }],
    });
  });

  it('is a low warning, where somebody answers for the key', () => {
    const exemption = { owner: 'ann', reason: 'the vendor is slow', until: T0 + days(9) };
    const finding = of(storedKey('AKIA1', 100, { action: 'exempt', exemption }));
    expect(finding).to.deep.include({ Severity: { Label: 'LOW' }, Compliance: { Status: 'WARNING' } });
    expect(finding.Description).to.include(
      `until ${iso(T0 + days(9)).slice(0, 10)}: the vendor is slow (ann)`,
    );
  });

  for (const [title, key, problem, label] of [
    ['what only a person can decide', { next: { what: 'person' } }, 'needs-person', 'HIGH'],
    ['what failed', { outcome: 'failed', cause: 'no' }, 'failed', 'HIGH'],
    ['a key that nobody uses', { reason: 'unused' }, 'unused', 'MEDIUM'],
  ] as const) {
    it(`has a rule and a severity for ${title}`, () =>
      expect(of(storedKey('AKIA1', 70, key))).to.deep.include({
        GeneratorId: `access-key-rotation/${problem}`,
        Severity: { Label: label },
        FindingProviderFields: {
          Types: ['Software and Configuration Checks/AWS Security Best Practices'],
          Severity: { Label: label },
        },
      }));
  }

  it('is one for each problem of a key, an ended exemption among them', () => {
    const exemption = { owner: 'ann', reason: 'slow', until: T0 - days(1) };
    const findings = allOf(storedAccount({ keys: [storedKey('AKIA1', 100, { exemption })] }));
    expect(findings.map(({ GeneratorId }) => GeneratorId)).to.deep.equal([
      'access-key-rotation/over-limit',
      'access-key-rotation/exemption-ended',
    ]);
  });

  it('fits, and is one line, whatever names and messages are', () => {
    const foreign = `x\u001b[2J\n\u202e${'y'.repeat(5_000)}`;
    const finding = of(
      storedKey('AKIA1', 100, { userName: foreign, owner: foreign, message: foreign, nextStep: foreign }),
    );
    expect(finding.Title.length).to.be.at.most(256);
    expect(finding.Description.length).to.be.at.most(1_024);
    expect(finding.Remediation.Recommendation.Text.length).to.be.at.most(512);
    expect(JSON.parse(JSON.stringify(finding))).to.satisfy(
      (one: object) => !/\\u001b|\\n|\u202e/.test(JSON.stringify(one)),
    );
  });

  it('has no date that is none', () => {
    const key = storedKey('AKIA1', 0, { createdAt: null as unknown as number, next: { what: 'person' } });
    const finding = of(key);
    expect(finding).not.to.have.property('FirstObservedAt');
    expect(finding.CreatedAt).to.equal(iso(T0));
    expect(JSON.stringify(finding.Resources)).not.to.include('CreatedAt');
  });
});
