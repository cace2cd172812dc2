import { expect } from 'chai';
import { EVERYTHING } from '../../../src/domain/subscriptions/subscription.ts';
import { caught } from './caught.ts';
import { ANN, APP, DATA, OPS, only, SHARED } from '../subscriptions.ts';
import { memoryTopics } from './topics.ts';

const toAll = { protocol: 'email', endpoint: ANN, filter: EVERYTHING } as const;

describe('topics in memory', () => {
  it('keep who is subscribed by mail waiting, and hide their filter policies', async () => {
    const topics = memoryTopics();
    topics.add(SHARED, 'key-1');
    await topics.port.subscribe(SHARED, { ...toAll, filter: { kind: 'accounts', accountIds: [APP] } });
    expect(await topics.port.read(SHARED)).to.deep.equal({
      arn: SHARED,
      keyId: 'key-1',
      subscriptions: [{ protocol: 'email', endpoint: ANN, filter: { kind: 'unknown' } }],
    });
    expect(topics.deliveredTo(SHARED, APP)).to.deep.equal([]);
    expect(topics.waiting()).to.deep.equal([{ topicArn: SHARED, endpoint: ANN }]);
    topics.confirm(SHARED, ANN);
    const [subscription] = (await topics.port.read(SHARED)).subscriptions;
    expect(subscription?.filter).to.deep.equal(only(APP));
    expect([topics.deliveredTo(SHARED, APP), topics.deliveredTo(SHARED, DATA)]).to.deep.equal([[ANN], []]);
  });

  it('forget who never confirmed, and nobody else', async () => {
    const topics = memoryTopics();
    topics.add(SHARED);
    topics.reader(SHARED, OPS);
    await topics.port.subscribe(SHARED, toAll);
    topics.dropUnconfirmed();
    expect((await topics.port.read(SHARED)).subscriptions.map(({ endpoint }) => endpoint)).to.deep.equal([
      OPS,
    ]);
  });

  it('change and end what is confirmed', async () => {
    const topics = memoryTopics();
    topics.add(SHARED);
    topics.reader(SHARED, OPS);
    const arn = (await topics.port.read(SHARED)).subscriptions[0]?.arn ?? '';
    await topics.port.setFilter(arn, { kind: 'accounts', accountIds: [DATA] });
    expect(await topics.port.filterOf(arn)).to.deep.equal(only(DATA));
    expect(topics.deliveredTo(SHARED, APP)).to.deep.equal([]);
    await topics.port.unsubscribe(arn);
    expect(topics.deliveredTo(SHARED, DATA)).to.deep.equal([]);
    expect(topics.changes).to.deep.equal([`filter ${OPS} digests`, `unsubscribe ${OPS} digests`]);
  });

  it('know no topic that nobody has made', async () => {
    const topics = memoryTopics();
    topics.add(SHARED);
    await topics.port.createLike(`${SHARED}-${APP}`, SHARED);
    expect(await topics.port.namedAfter(SHARED)).to.deep.equal([`${SHARED}-${APP}`]);
    expect(await caught(topics.port.read(`${SHARED}-${DATA}`))).to.have.nested.property(
      'failure.kind',
      'not-found',
    );
  });
});
