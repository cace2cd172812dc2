import { expect } from 'chai';
import {
  globalRegion,
  groupUsage,
  programOf,
  regionsToLookIn,
  type UsageEvent,
} from '../../../src/domain/usage/usage.ts';
import { T0 } from '../../support/builders.ts';

const event = (facts: Partial<UsageEvent> = {}): UsageEvent => ({
  at: T0,
  region: 'eu-central-1',
  service: 's3',
  action: 'ListBuckets',
  sourceAddress: '198.51.100.7',
  userAgent: 'Boto3/1.26.1 Python/3.9',
  ...facts,
});

describe('the program of a user agent', () => {
  for (const [userAgent, program] of [
    ['Boto3/1.26.1 md/Botocore#1.29 Python/3.9.2 Linux/5.10', 'Boto3'],
    ['Boto3/1.34 exec-env/AWS_Lambda_python3.13 Botocore/1.34', 'Boto3 in AWS_Lambda_python3.13'],
    ['aws-cli/2.15.0 Python/3.11 exec-env/CloudShell', 'aws-cli in CloudShell'],
    ['aws-sdk-java/1.12.400 Linux/4.14 OpenJDK/11', 'aws-sdk-java'],
    [
      'APN/1.0 HashiCorp/1.0 Terraform/1.5.7 (+https://www.terraform.io) terraform-provider-aws/5.1',
      'Terraform',
    ],
    ['[S3Console/0.4, aws-internal/3]', 'S3Console'],
    ['cloudformation.amazonaws.com', 'cloudformation.amazonaws.com'],
    ['', 'unknown program'],
    ['https://evil.example.com/now', 'https'],
    ['evil.example.com click-here', 'evil'],
    ['s3.amazonaws.com.evil.example', 's3'],
    ['Boto3/1 exec-env/evil.example.com', 'Boto3 in evil'],
    ['/evil', 'unknown program'],
  ] as const) {
    it(`of ${userAgent.slice(0, 40) || 'none'} is ${program}`, () =>
      expect(programOf(userAgent)).to.equal(program));
  }
});

describe('the use of a key', () => {
  it('is grouped by program and address, the latest first', () => {
    const groups = groupUsage([
      event({ at: T0 - 50 }),
      event({ at: T0 - 10, userAgent: 'Boto3/1.30 Python/3.12', action: 'GetBucketLocation' }),
      event({ at: T0 - 20, errorCode: 'AccessDenied', region: 'us-east-1' }),
      event({ at: T0 - 5, sourceAddress: '203.0.113.9' }),
      event({ at: T0 - 99, userAgent: 'aws-cli/2.1' }),
    ]);
    expect(groups.map(({ program, sourceAddress, count }) => [program, sourceAddress, count])).to.deep.equal([
      ['Boto3', '203.0.113.9', 1],
      ['Boto3', '198.51.100.7', 3],
      ['aws-cli', '198.51.100.7', 1],
    ]);
    expect(groups[1]).to.deep.include({
      firstAt: T0 - 50,
      lastAt: T0 - 10,
      actions: [
        { name: 's3:ListBuckets', count: 2 },
        { name: 's3:GetBucketLocation', count: 1 },
      ],
      regions: ['eu-central-1', 'us-east-1'],
      errors: [{ name: 'AccessDenied', count: 1 }],
    });
  });

  it('is nothing where there is nothing', () => expect(groupUsage([])).to.deep.equal([]));

  it('of ten thousand calls is grouped in no time', () => {
    const events = Array.from({ length: 10_000 }, (_, at) => event({ at }));
    expect(groupUsage(events)[0]).to.include({ count: 10_000, firstAt: 0, lastAt: 9_999 });
  }).timeout(2_000);
});

describe('the regions to look in', () => {
  for (const [lastUsed, own, regions] of [
    ['eu-west-1', 'eu-central-1', ['eu-west-1', 'us-east-1', 'eu-central-1']],
    ['us-east-1', 'us-east-1', ['us-east-1']],
    [undefined, 'eu-central-1', ['us-east-1', 'eu-central-1']],
    ['N/A', 'eu-central-1', ['us-east-1', 'eu-central-1']],
    ['../evil', 'eu-central-1', ['us-east-1', 'eu-central-1']],
    ['aws-global', 'us-gov-east-1', ['us-gov-west-1', 'us-gov-east-1']],
  ] as const) {
    it(`are ${regions.join(', ')} for ${lastUsed ?? 'no last use'} and ${own}`, () =>
      expect(regionsToLookIn(lastUsed, own)).to.deep.equal(regions));
  }
  it('know where China keeps events without a region', () =>
    expect(globalRegion('cn-northwest-1')).to.equal('cn-north-1'));
});
