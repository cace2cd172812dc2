import { expect } from 'chai';
import { HOUR } from '../../../src/domain/time.ts';
import { recentUseOf } from '../../../src/domain/usage/recent-use.ts';
import { T0 } from '../../support/builders.ts';

const event = (sourceAddress: string, hoursAgo: number, service = 's3', action = 'ListBuckets') => ({
  at: T0 - hoursAgo * HOUR,
  region: 'eu-west-1',
  service,
  action,
  sourceAddress,
  userAgent: 'aws-cli/2.1 Python/3.9',
});
const from = (...events: readonly ReturnType<typeof event>[]) =>
  recentUseOf('AKIA1', { events, region: 'eu-west-1', isComplete: false });

describe('who used a key lately', () => {
  it('is told by program, address, services and the last call', () => {
    expect(from(event('a', 3), event('a', 1, 'sqs'), event('a', 2, 's3', 'GetBucketAcl'))).to.deep.equal({
      accessKeyId: 'AKIA1',
      region: 'eu-west-1',
      workloads: [
        { program: 'aws-cli', sourceAddress: 'a', services: ['s3', 'sqs'], calls: 3, lastAt: T0 - HOUR },
      ],
      more: 0,
      calls: 3,
      isComplete: false,
    });
  });

  it('names those that called last, and counts the others', () => {
    const found = from(...[5, 1, 4, 2, 3].map((hours) => event(`host-${hours}`, hours)));
    expect(found.workloads.map(({ sourceAddress }) => sourceAddress)).to.deep.equal([
      'host-1',
      'host-2',
      'host-3',
    ]);
    expect([found.more, found.calls]).to.deep.equal([2, 5]);
  });
});
