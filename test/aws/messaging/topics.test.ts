import { expect } from 'chai';
import {
  CreateTopicCommand,
  GetTopicAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
} from '@aws-sdk/client-sns';
import { snsTopics } from '../../../src/aws/messaging/topics.ts';
import { EVERYTHING, FILTERS_OF_A_TOPIC } from '../../../src/domain/subscriptions/subscription.ts';
import type { Topics } from '../../../src/run/ports/topics.ts';
import { createWorld, emulatorForThisFile, type World } from '../../support/world.ts';
import { ANN, APP, BOB, DATA, only, OPS } from '../../support/subscriptions.ts';
import { callsOf, failureOf, once } from '../support.ts';

const byAnn = { protocol: 'email', endpoint: ANN, filter: EVERYTHING } as const;
const filtered = (...accountIds: readonly string[]) => ({
  ...byAnn,
  filter: { kind: 'accounts', accountIds } as const,
});

describe('topics of SNS', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  let topics: Topics;
  let topicArn: string;
  let sns: SNSClient;
  const begin = async (policy?: object) => {
    world = await createWorld(emulator(), {
      topicReaders: [],
      accounts: [],
      ...(policy === undefined ? {} : { service: { policy } }),
    });
    topics = snsTopics(world.aws);
    topicArn = world.organization.topicArn;
    sns = new SNSClient(once(world.aws));
  };
  const confirm = (endpoint = ANN, arn = topicArn) => emulator().confirmSubscription(arn, endpoint);
  const firstArn = async () => (await topics.read(topicArn)).subscriptions[0]?.arn ?? '';

  it('are read with who is subscribed and what that lets through', async () => {
    await begin();
    await topics.subscribe(topicArn, filtered(APP));
    await topics.subscribe(topicArn, { ...byAnn, endpoint: OPS });
    await topics.subscribe(topicArn, { ...byAnn, endpoint: BOB });
    await confirm();
    await confirm(OPS);
    const { arn, subscriptions } = await topics.read(topicArn);
    expect(arn).to.equal(topicArn);
    expect(
      subscriptions.map(({ arn: own, ...one }) => ({ ...one, confirmed: own?.startsWith(`${topicArn}:`) })),
    ).to.deep.equal([
      { protocol: 'email', endpoint: ANN, filter: only(APP), confirmed: true },
      { protocol: 'email', endpoint: OPS, filter: EVERYTHING, confirmed: true },
      { protocol: 'email', endpoint: BOB, filter: { kind: 'unknown' }, confirmed: undefined },
    ]);
  });

  it('are read to the last page', async () => {
    await begin();
    const addresses = Array.from({ length: 101 }, (_, index) => `r${index}@example.com`);
    for (const endpoint of addresses) await topics.subscribe(topicArn, { ...byAnn, endpoint });
    const { subscriptions } = await topics.read(topicArn);
    expect(subscriptions.map(({ endpoint }) => endpoint)).to.deep.equal(addresses);
  });

  it('let more accounts through, or everything, or end', async () => {
    await begin();
    await topics.subscribe(topicArn, filtered(APP));
    await confirm();
    const arn = await firstArn();
    await topics.setFilter(arn, { kind: 'accounts', accountIds: [APP, DATA] });
    expect(await topics.filterOf(arn)).to.deep.equal(only(APP, DATA));
    expect(await emulator().subscriptions(topicArn)).to.deep.include.members([
      { endpoint: ANN, protocol: 'email', confirmed: true, filterPolicy: { accountId: [APP, DATA] } },
    ]);
    await topics.setFilter(arn, EVERYTHING);
    expect(await topics.filterOf(arn)).to.deep.equal(EVERYTHING);
    await topics.unsubscribe(arn);
    expect((await topics.read(topicArn)).subscriptions).to.deep.equal([]);
  });

  it('keep the scope of a filter policy that was made by hand', async () => {
    await begin();
    const filter = { kind: 'custom', policy: '{"severity":["critical"]}', scope: 'MessageBody' } as const;
    await topics.subscribe(topicArn, { ...byAnn, filter });
    await confirm();
    expect(await topics.filterOf(await firstArn())).to.deep.equal(filter);
  });

  it('are made like another one: key, name for readers, and policy about itself', async () => {
    await begin();
    const policy = {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'Tls',
          Effect: 'Deny',
          Principal: '*',
          Action: 'sns:Publish',
          Resource: topicArn,
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ],
    };
    for (const [AttributeName, AttributeValue] of Object.entries({
      KmsMasterKeyId: 'alias/digests',
      DisplayName: 'Access key rotation',
      Policy: JSON.stringify(policy),
    })) {
      await sns.send(new SetTopicAttributesCommand({ TopicArn: topicArn, AttributeName, AttributeValue }));
    }
    const own = `${topicArn}-${APP}`;
    await topics.createLike(own, topicArn);
    await topics.createLike(own, topicArn);
    expect(await topics.read(own)).to.deep.equal({ arn: own, keyId: 'alias/digests', subscriptions: [] });
    const { Attributes } = await sns.send(new GetTopicAttributesCommand({ TopicArn: own }));
    expect(Attributes?.['DisplayName']).to.equal('Access key rotation');
    const copied = JSON.parse(Attributes?.['Policy'] ?? '{}') as typeof policy;
    expect(copied.Statement).to.deep.equal([{ ...policy.Statement[0], Resource: own }]);
  });

  it('are found by the name they are named after', async () => {
    await begin();
    const name = topicArn.split(':')[5] ?? '';
    for (const Name of [`${name}-${APP}`, `${name}x`, 'other'])
      await sns.send(new CreateTopicCommand({ Name }));
    expect(await topics.namedAfter(topicArn)).to.deep.equal([`${topicArn}-${APP}`]);
  });

  it('say that there is no such topic', async () => {
    await begin();
    const failure = await failureOf(topics.read(`${topicArn}-nowhere`));
    expect(failure).to.include({ kind: 'not-found', during: 'sns:GetTopicAttributes' });
    expect(failure.nextStep).to.contain('topicArn');
  });

  for (const action of ['GetTopicAttributes', 'ListSubscriptionsByTopic', 'GetSubscriptionAttributes']) {
    it(`say that sns:${action} is not allowed`, async () => {
      await begin({
        Statement: [
          { Effect: 'Allow', Action: '*', Resource: '*' },
          { Effect: 'Deny', Action: `sns:${action}`, Resource: '*' },
        ],
      });
      await topics.subscribe(topicArn, byAnn);
      await confirm();
      expect(await failureOf(topics.read(topicArn))).to.include({ kind: 'denied', during: `sns:${action}` });
    });
  }

  it('say that the quota of filter policies is used up', async () => {
    await begin();
    await emulator().setFilterPolicyQuota(1);
    await topics.subscribe(topicArn, filtered(APP));
    const failure = await failureOf(topics.subscribe(topicArn, { ...filtered(APP), endpoint: BOB }));
    expect(failure.during).to.equal('sns:Subscribe');
    expect(failure.message).to.match(/FilterPolicyLimitExceeded/);
    expect(FILTERS_OF_A_TOPIC).to.equal(200);
  });

  it('leave out who was removed while they were read', async () => {
    await begin();
    await topics.subscribe(topicArn, byAnn);
    await confirm();
    await emulator().inject({
      action: 'sns:GetSubscriptionAttributes',
      kind: 'error',
      code: 'NotFound',
      httpStatus: 404,
    });
    expect((await topics.read(topicArn)).subscriptions).to.deep.equal([]);
  });

  it('are asked for in the region of their ARN', async () => {
    await begin();
    const elsewhere = snsTopics({ ...world.aws, region: 'us-east-1' });
    await elsewhere.subscribe(topicArn, byAnn);
    expect(await emulator().subscriptions(topicArn)).to.have.length(1);
    expect(await callsOf(emulator(), 'sns:Subscribe')).to.have.length(1);
  });
});
