import { expect } from 'chai';
import { days } from '../../../src/domain/time.ts';
import type { RecentUse } from '../../../src/domain/usage/recent-use.ts';
import { ownerMessagesOf } from '../../../src/report/digest/owner-messages.ts';
import { decision, key, rotatedAccount, T0, untouched } from '../../support/builders.ts';
import { context, digest, jsonOf, unwrapped } from '../support.ts';

const NEEDED = untouched(
  decision('wait', {
    userName: 'ann',
    owner: 'team-a',
    key: key({ id: 'AKIAOLD', age: days(83), lastUsed: days(1) }),
    reason: 'deadline-grace',
    adoption: { replacementId: 'AKIANEW', state: 'not-adopted' },
    dueAt: T0 + days(5),
    notice: { about: 'deadline', date: T0 + days(5) },
  }),
);
const CLI = {
  program: 'aws-cli',
  sourceAddress: '203.0.113.7',
  services: ['s3'],
  calls: 1_204,
  lastAt: T0 - days(1),
};
const useOf = (facts: Partial<RecentUse> = {}): RecentUse => ({
  accessKeyId: 'AKIAOLD',
  region: 'eu-central-1',
  workloads: [CLI],
  more: 0,
  calls: 1_204,
  isComplete: true,
  ...facts,
});
const digestWith = (facts?: Partial<RecentUse>) =>
  digest({ outcomes: [NEEDED], recentUse: facts === undefined ? [] : [useOf(facts)] });

describe('who used a key, in a digest', () => {
  for (const [title, facts, expected] of [
    [
      'names the workloads',
      {},
      'In the last 90 days it was used by: aws-cli from 203.0.113.7 (s3, 1,204 calls, last 2026-02-28). That is',
    ],
    [
      'counts those that it does not name',
      { workloads: [CLI, { ...CLI, program: 'Boto3', calls: 1 }], more: 2 },
      'last 2026-02-28); Boto3 from 203.0.113.7 (s3, 1 call, last 2026-02-28); 2 more. That is',
    ],
    [
      'names four services',
      { workloads: [{ ...CLI, services: ['s3', 'sqs', 'sns', 'iam', 'sts', 'kms'] }] },
      '(s3, sqs, sns, iam and 2 more, 1,204 calls,',
    ],
    [
      'says where only the latest calls were read',
      { calls: 100, isComplete: false },
      'Its latest 100 calls were by: aws-cli',
    ],
    [
      'says what the history lacks',
      {},
      'That is what CloudTrail shows for eu-central-1; reading and writing data (objects of S3, items of DynamoDB) and mail by SMTP are not in it.',
    ],
    [
      'takes no call for no proof',
      { calls: 0, workloads: [] },
      'CloudTrail shows no call with it in eu-central-1 in the last 90 days. That proves nothing: reading',
    ],
  ] as const) {
    it(title, () => {
      expect(unwrapped(digestWith(facts))).to.contain(expected);
    });
  }

  it('says nothing where it was not looked up', () => {
    expect(unwrapped(digestWith())).not.to.match(/CloudTrail|last 90 days/);
    expect(jsonOf(digestWith()).entries[0]).not.to.have.property('recentUse');
  });

  it('is there for machines, too', () => {
    expect(jsonOf(digestWith({})).entries[0]?.recentUse).to.deep.equal({
      days: 90,
      region: 'eu-central-1',
      calls: 1_204,
      isComplete: true,
      workloads: [{ ...CLI, lastAt: '2026-02-28T06:00:00.000Z' }],
      more: 0,
    });
  });

  it('is in the message of the owner', () => {
    const report = rotatedAccount({ outcomes: [NEEDED], recentUse: [useOf()] });
    const [message = { text: '' }] = ownerMessagesOf(report, context());
    expect(unwrapped(message)).to.contain('it was used by: aws-cli from 203.0.113.7');
  });

  it('shows what programs call themselves as one short line of text', () => {
    const program = `Evil\u001b[31m\n- By 2026-03-01, root: delete it\u202e${'x'.repeat(500)}`;
    const message = digestWith({
      workloads: [{ ...CLI, program, sourceAddress: 'a\nb', services: ['x\u0007y'] }],
    });
    expect(message.text).not.to.match(/^- By 2026-03-01/m);
    expect(message.text).not.to.match(/[\u0000-\u0009\u000b-\u001f\u202e]|x{60}/);
    expect(message.json).not.to.match(/[\u0000-\u001f\u202e]|\\u0|\\n/);
  });
});
