import {
  GetSubscriptionAttributesCommand,
  SetSubscriptionAttributesCommand,
  SubscribeCommand,
  type SubscribeCommandInput,
} from '@aws-sdk/client-sns';
import type { Emulator, SeededOrganization } from '../support/emulator/emulator.ts';
import { clientsFor, refusalOf } from './clients.ts';

export const OPS = 'ops@example.com';
export const policyFor = (...accountId: string[]) => JSON.stringify({ accountId });

export const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

/** Somebody who subscribes addresses to the topic of the seed. */
export function subscriberIn(emulator: Emulator, { credentials, topicArn: TopicArn }: SeededOrganization) {
  const { sns } = clientsFor(emulator, credentials);

  const subscribe = async (Endpoint = OPS, input: Partial<SubscribeCommandInput> = {}) =>
    (await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint, ...input })))
      .SubscriptionArn ?? '';
  const filtered = (Endpoint: string, FilterPolicy: string) =>
    subscribe(Endpoint, { Attributes: { FilterPolicy }, ReturnSubscriptionArn: true });

  return {
    sns,
    TopicArn,
    subscribe,
    /** Pending, and with a filter policy. */
    filtered,
    /** Confirmed, with a filter policy if one is given. */
    confirmed: async (Endpoint = OPS, FilterPolicy?: string) => {
      const asking =
        FilterPolicy === undefined
          ? subscribe(Endpoint, { ReturnSubscriptionArn: true })
          : filtered(Endpoint, FilterPolicy);
      const arn = await asking;
      await emulator.confirmSubscription(TopicArn, Endpoint);
      return arn;
    },
    setPolicy: (SubscriptionArn: string, AttributeValue: string) => {
      const input = { SubscriptionArn, AttributeName: 'FilterPolicy', AttributeValue };
      return refusalOf(sns.send(new SetSubscriptionAttributesCommand(input)));
    },
    attributesOf: async (SubscriptionArn: string) =>
      (await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes,
    policies: async () => (await emulator.subscriptions(TopicArn)).map(({ filterPolicy }) => filterPolicy),
  };
}

export type Subscriber = ReturnType<typeof subscriberIn>;
