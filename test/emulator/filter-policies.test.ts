import { PublishCommand } from '@aws-sdk/client-sns';
import { expect } from 'chai';
import { emulatorForThisFile } from '../support/emulator-hooks.ts';
import { refusalOf } from './clients.ts';
import { numbers, OPS, policyFor, subscriberIn, type Subscriber } from './subscriber.ts';

const APP = '111111111101';
const SHOP = '111111111102';
const LIMIT = 'FilterPolicyLimitExceededException';
const address = (name: string | number) => `${name}@example.com`;

const DELIVERIES = [
  [{ accountId: APP }, ['all', 'app', 'both']],
  [{ accountId: APP, severity: 'high' }, ['all', 'app', 'both', 'strict']],
  [{ accountId: SHOP, severity: 'high' }, ['all', 'both']],
  [{ accountId: APP.slice(1) }, ['all']],
  [{ severity: 'high' }, ['all']],
  [{}, ['all']],
] as const;

describe('emulator: filter policies', () => {
  const emulator = emulatorForThisFile();
  let a: Subscriber;

  const start = async () => {
    a = subscriberIn(emulator(), await emulator().seed({ accounts: [] }));
  };
  beforeEach(start);

  const deliveredTo = async (attributes: Readonly<Record<string, string>>) => {
    const named = Object.entries(attributes).map(
      ([name, StringValue]) => [name, { DataType: 'String', StringValue }] as const,
    );
    const MessageAttributes = Object.fromEntries(named);
    await a.sns.send(new PublishCommand({ TopicArn: a.TopicArn, Message: 'hello', MessageAttributes }));
    return (await emulator().notifications()).at(-1)?.deliveredTo;
  };

  it('are listed with their scope', async () => {
    const arn = await a.filtered(OPS, policyFor('1'));
    expect(await a.attributesOf(arn)).to.include({
      FilterPolicy: policyFor('1'),
      FilterPolicyScope: 'MessageAttributes',
    });
    const free = await a.subscribe(address('free'), { ReturnSubscriptionArn: true });
    expect(await a.attributesOf(free)).not.to.have.any.keys('FilterPolicy', 'FilterPolicyScope');
  });

  it('are at most 200 of a topic, of whoever has confirmed or not; subscriptions without are not counted', async () => {
    await Promise.all(numbers(200).map((n) => a.filtered(address(n), policyFor(String(n)))));
    expect(await refusalOf(a.filtered(OPS, policyFor('x')))).to.equal(LIMIT);
    expect(await refusalOf(a.subscribe(OPS))).to.equal('accepted');
    expect(await emulator().subscriptions(a.TopicArn)).to.have.length(201);
  });

  describe('are fewer when a test wants it', () => {
    beforeEach(() => emulator().setFilterPolicyQuota(1));

    it('and one too many makes no subscription', async () => {
      await a.filtered(address('first'), policyFor('1'));
      expect(await refusalOf(a.filtered(address('second'), policyFor('2')))).to.equal(LIMIT);
      const found = await emulator().subscriptions(a.TopicArn);
      expect(found.map(({ endpoint }) => endpoint)).to.deep.equal([address('first')]);
    });

    it('and one is changed, but not given to another before it is taken away', async () => {
      const first = await a.confirmed(address('first'), policyFor('1'));
      const second = await a.confirmed(address('second'));
      expect(await a.setPolicy(first, policyFor('3'))).to.equal('accepted');
      expect(await a.setPolicy(second, policyFor('2'))).to.equal(LIMIT);
      expect(await a.setPolicy(first, '{}')).to.equal('accepted');
      expect(await a.setPolicy(second, policyFor('2'))).to.equal('accepted');
    });

    it('and who has one is subscribed again', async () => {
      await a.confirmed(OPS, policyFor('1'));
      expect(await refusalOf(a.filtered(OPS, policyFor('1')))).to.equal('accepted');
    });

    it('until the next seed', async () => {
      await start();
      await a.filtered(address('first'), policyFor('1'));
      expect(await refusalOf(a.filtered(address('second'), policyFor('2')))).to.equal('accepted');
    });
  });

  describe('let pass', () => {
    beforeEach(async () => {
      await a.confirmed(address('all'));
      await a.confirmed(address('app'), policyFor(APP));
      await a.confirmed(address('both'), policyFor(APP, SHOP));
      await a.confirmed(address('strict'), JSON.stringify({ accountId: [APP], severity: ['high'] }));
      await a.filtered(address('pending'), policyFor(APP));
    });

    for (const [attributes, expected] of DELIVERIES) {
      it(`what is published with ${JSON.stringify(attributes)}: to ${expected.join(', ')}`, async () => {
        expect(await deliveredTo(attributes)).to.deep.equal(expected.map(address));
      });
    }

    it('to those beyond the first hundred too', async () => {
      await Promise.all(numbers(100).map((n) => a.subscribe(address(n))));
      await a.confirmed(address('last'));
      expect(await deliveredTo({})).to.deep.equal([address('all'), address('last')]);
    });
  });
});
