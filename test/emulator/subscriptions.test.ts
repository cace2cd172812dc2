import {
  GetSubscriptionAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListSubscriptionsCommand,
  UnsubscribeCommand,
} from '@aws-sdk/client-sns';
import { expect } from 'chai';
import { emulatorForThisFile } from '../support/emulator-hooks.ts';
import { pageLengths, problemOf, refusalOf } from './clients.ts';
import { numbers, OPS, policyFor, subscriberIn, type Subscriber } from './subscriber.ts';

const QUEUE = 'arn:aws:sqs:eu-central-1:123456789012:digests';
const PENDING = 'pending confirmation';
const INVALID = 'InvalidParameterException';

const AGAIN = [
  ['with the same attributes', { FilterPolicy: policyFor('1') }, 'accepted'],
  ['with no attributes', {}, 'accepted'],
  [
    'with the default scope',
    { FilterPolicy: policyFor('1'), FilterPolicyScope: 'MessageAttributes' },
    'accepted',
  ],
  ['with another filter policy', { FilterPolicy: policyFor('1', '2') }, INVALID],
  ['with another scope', { FilterPolicyScope: 'MessageBody' }, INVALID],
] as const;

describe('emulator: subscriptions', () => {
  const emulator = emulatorForThisFile();
  let a: Subscriber;

  beforeEach(async () => {
    a = subscriberIn(emulator(), await emulator().seed({ accounts: [] }));
  });

  const withArn = { ReturnSubscriptionArn: true };
  const unsubscribe = (SubscriptionArn: string) =>
    refusalOf(a.sns.send(new UnsubscribeCommand({ SubscriptionArn })));
  const listed = async () => {
    const { TopicArn } = a;
    const { Subscriptions = [] } = await a.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    return Subscriptions.map(({ Endpoint, SubscriptionArn }) => [Endpoint, SubscriptionArn]);
  };

  describe('are pending until they are confirmed', () => {
    for (const Protocol of ['email', 'email-json'] as const) {
      it(`those of the protocol ${Protocol}`, async () => {
        expect(await a.subscribe(OPS, { Protocol })).to.equal(PENDING);
        expect(await listed()).to.deep.equal([[OPS, 'PendingConfirmation']]);
        await emulator().confirmSubscription(a.TopicArn, OPS);
        const arn = await a.subscribe(OPS, { Protocol });
        expect(arn).to.match(new RegExp(`^${a.TopicArn}:[0-9a-f-]{36}$`));
        expect(await listed()).to.deep.equal([[OPS, arn]]);
      });
    }

    it('not those of queues', async () => {
      const arn = await a.subscribe(QUEUE, { Protocol: 'sqs' });
      expect(await listed()).to.deep.equal([[QUEUE, arn]]);
    });

    it('with an ARN of their own, for who asks for it', async () => {
      const arn = await a.subscribe(OPS, withArn);
      expect(await a.attributesOf(arn)).to.include({ PendingConfirmation: 'true', Endpoint: OPS });
      await emulator().confirmSubscription(a.TopicArn, OPS);
      expect(await a.attributesOf(arn)).to.include({ PendingConfirmation: 'false', SubscriptionArn: arn });
    });

    it('and neither changed nor ended until then', async () => {
      const arn = await a.subscribe(OPS, withArn);
      const answers = [await a.setPolicy(arn, policyFor('1')), await unsubscribe(arn)];
      expect(answers).to.deep.equal([INVALID, INVALID]);
      await emulator().confirmSubscription(a.TopicArn, OPS);
      expect(await a.setPolicy(arn, policyFor('1'))).to.equal('accepted');
      expect(await a.policies()).to.deep.equal([{ accountId: ['1'] }]);
      expect(await unsubscribe(arn)).to.equal('accepted');
      expect(await listed()).to.deep.equal([]);
    });

    it("and what they are listed with isn't taken for an ARN", async () => {
      await a.subscribe();
      const SubscriptionArn = 'PendingConfirmation';
      const answers = [
        await refusalOf(a.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))),
        await a.setPolicy(SubscriptionArn, policyFor('1')),
        await unsubscribe(SubscriptionArn),
      ];
      expect(answers).to.deep.equal([INVALID, INVALID, INVALID]);
    });

    it('by someone who is subscribed, to a topic that is there', async () => {
      const confirm = (topicArn: string) => refusalOf(emulator().confirmSubscription(topicArn, OPS));
      expect([await confirm(a.TopicArn), await confirm(`${a.TopicArn}-2`)]).to.deep.equal(['Error', 'Error']);
    });
  });

  describe('are made once', () => {
    it('however often they are asked for', async () => {
      const first = await a.subscribe(OPS, withArn);
      expect(await a.subscribe()).to.equal(PENDING);
      await emulator().confirmSubscription(a.TopicArn, OPS);
      expect(await a.subscribe()).to.equal(first);
      expect(await listed()).to.have.length(1);
    });

    it('for each protocol', async () => {
      await a.subscribe();
      await a.subscribe(OPS, { Protocol: 'email-json' });
      expect(await listed()).to.have.length(2);
    });

    for (const [title, Attributes, expected] of AGAIN) {
      it(`confirmed ones again ${title}: ${expected}`, async () => {
        await a.confirmed(OPS, policyFor('1'));
        const problem = await problemOf(a.subscribe(OPS, { Attributes }));
        expect(problem?.name ?? 'accepted').to.equal(expected);
        expect(problem?.message ?? '').to.match(/^$|Subscription already exists with different attributes$/);
        expect(await a.policies()).to.deep.equal([{ accountId: ['1'] }]);
      });
    }

    it('and pending ones may be asked for with other attributes', async () => {
      await a.filtered(OPS, policyFor('1'));
      await a.filtered(OPS, policyFor('2'));
      expect(await a.policies()).to.deep.equal([{ accountId: ['2'] }]);
    });
  });

  it('are described as they are', async () => {
    await a.confirmed('a@example.com', policyFor('1'));
    await a.subscribe('b@example.com', { Protocol: 'email-json' });
    expect(await emulator().subscriptions(a.TopicArn)).to.deep.equal([
      { endpoint: 'a@example.com', protocol: 'email', confirmed: true, filterPolicy: { accountId: ['1'] } },
      { endpoint: 'b@example.com', protocol: 'email-json', confirmed: false },
    ]);
    expect(await refusalOf(emulator().subscriptions(`${a.TopicArn}-2`))).to.equal('Error');
  });

  for (const [title, count, size, expected] of [
    ['a hundred a page', 120, undefined, [100, 20]],
    ['no further page after an exact fit', 100, undefined, [100]],
    ['fewer when pages are made small', 5, 2, [2, 2, 1]],
  ] as const) {
    it(`ListSubscriptionsByTopic answers ${title}`, async () => {
      if (size !== undefined) await emulator().setPageSizes({ listSubscriptionsByTopic: size });
      await Promise.all(numbers(count).map((n) => a.subscribe(`user-${n}@example.com`)));
      const seen = new Set<string | undefined>();
      const lengths = await pageLengths(
        (NextToken) => a.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: a.TopicArn, NextToken })),
        ({ Subscriptions = [], NextToken }) => {
          for (const { Endpoint } of Subscriptions) seen.add(Endpoint);
          return { length: Subscriptions.length, next: NextToken };
        },
      );
      expect(lengths).to.deep.equal(expected);
      expect(seen.size).to.equal(count);
    });
  }

  for (const [title, input, expected] of [
    ['refuses a token it never gave', { NextToken: 'nonsense' }, INVALID],
    [
      "knows no topic that isn't there",
      { TopicArn: 'arn:aws:sns:eu-central-1:123456789012:no' },
      'NotFoundException',
    ],
  ] as const) {
    it(`ListSubscriptionsByTopic ${title}`, async () => {
      const asked = { TopicArn: a.TopicArn, ...input };
      expect(await refusalOf(a.sns.send(new ListSubscriptionsByTopicCommand(asked)))).to.equal(expected);
    });
  }

  it('ListSubscriptions lists those of every topic, pending ones too', async () => {
    await a.subscribe();
    const { Subscriptions = [] } = await a.sns.send(new ListSubscriptionsCommand({}));
    expect(Subscriptions).to.deep.include.members([
      {
        TopicArn: a.TopicArn,
        Endpoint: OPS,
        Protocol: 'email',
        Owner: '123456789012',
        SubscriptionArn: 'PendingConfirmation',
      },
    ]);
  });
});
