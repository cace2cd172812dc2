import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { expect } from 'chai';
import { snsReaderLookup } from '../../../src/aws/messaging/reader-lookup.ts';
import type { ReaderLookup } from '../../../src/run/ports/messaging.ts';
import { APP, DATA } from '../../support/subscriptions.ts';
import { createWorld, emulatorForThisFile, type World } from '../../support/world.ts';
import { callsOf, once } from '../support.ts';

const about = (accountId: string) => ({ attributes: { accountId, severity: 'warning' } });
const LIST = 'sns:ListSubscriptionsByTopic';
const READ = 'sns:GetSubscriptionAttributes';

describe('the lookup of readers', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  let topicArn: string;
  let sns: SNSClient;
  let readers: ReaderLookup;
  const begin = async (denied?: string) => {
    const policy = {
      Statement: [
        { Effect: 'Allow', Action: '*', Resource: '*' },
        { Effect: 'Deny', Action: denied, Resource: '*' },
      ],
    };
    world = await createWorld(emulator(), {
      topicReaders: [],
      accounts: [],
      ...(denied === undefined ? {} : { service: { policy } }),
    });
    topicArn = world.organization.topicArn;
    sns = new SNSClient(once(world.aws));
    readers = snsReaderLookup(world.aws);
  };
  const subscribe = async (Endpoint: string, filter?: object, confirm = true) => {
    const Attributes = filter === undefined ? {} : { FilterPolicy: JSON.stringify(filter) };
    await sns.send(new SubscribeCommand({ TopicArn: topicArn, Protocol: 'email', Endpoint, Attributes }));
    if (confirm) await emulator().confirmSubscription(topicArn, Endpoint);
  };
  const of = (accountId: string) => readers.of(topicArn, about(accountId));

  it('finds nobody where nobody is subscribed', async () => {
    await begin();
    expect(await of(APP)).to.equal('nobody');
  });

  it('does not take for a reader who has not confirmed yet', async () => {
    await begin();
    await subscribe('a@example.com', undefined, false);
    expect(await of(APP)).to.equal('nobody');
  });

  it('finds a reader of everything', async () => {
    await begin();
    await subscribe('a@example.com');
    expect(await of(APP)).to.equal('somebody');
  });

  it('finds readers by what their filters let through', async () => {
    await begin();
    await subscribe('a@example.com', { accountId: [APP] });
    await subscribe('b@example.com', { accountId: [DATA], severity: ['critical'] });
    expect([await of(APP), await of(DATA)]).to.deep.equal(['somebody', 'nobody']);
    expect(readers.failureOf(topicArn)).to.equal(undefined);
  });

  it('asks once about each topic, however much is to be published', async () => {
    await begin();
    await subscribe('a@example.com', { accountId: [APP] });
    await subscribe('b@example.com');
    await Promise.all([of(APP), of(DATA), of(APP)]);
    await of(DATA);
    expect((await callsOf(emulator(), LIST, READ)).map(({ action }) => action)).to.deep.equal([
      LIST,
      READ,
      READ,
    ]);
  });

  it('asks in the region of the topic', async () => {
    await begin();
    await subscribe('a@example.com', { accountId: [APP] });
    readers = snsReaderLookup({ ...world.aws, region: 'us-east-1' });
    expect(await of(APP)).to.equal('somebody');
  });

  for (const action of [LIST, READ]) {
    it(`does not know where ${action} is denied, and asks no more`, async () => {
      await begin(action);
      await subscribe('a@example.com');
      expect([await of(APP), await of(DATA)]).to.deep.equal(['unknown', 'unknown']);
      expect(await callsOf(emulator(), action)).to.have.length(1);
      expect(readers.failureOf(topicArn)).to.include({ kind: 'denied', during: action });
      expect(readers.failureOf(topicArn)?.nextStep).to.include(`on ${topicArn}`);
    });
  }

  it('does not know of a topic that is not there', async () => {
    await begin();
    expect(await readers.of(`${topicArn}-nowhere`, about(APP))).to.equal('unknown');
  });

  it('leaves out who was removed meanwhile', async () => {
    await begin();
    await subscribe('a@example.com');
    await emulator().inject({ action: READ, kind: 'error', code: 'NotFound', httpStatus: 404 });
    expect(await of(APP)).to.equal('nobody');
  });

  it('needs to read only one of two, where that one gets everything', async () => {
    await begin();
    await subscribe('a@example.com');
    await subscribe('b@example.com');
    const fault = { action: READ, kind: 'error', code: 'AuthorizationError', httpStatus: 403 } as const;
    await emulator().inject({ ...fault, times: 1 });
    expect(await of(APP)).to.equal('somebody');
  });
});
