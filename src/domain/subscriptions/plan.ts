import type { AccountTopic } from './account-topics.ts';
import type { DIGESTS, EVERYTHING, Filter, KnownFilter, Subscription, Topic } from './subscription.ts';
import type { Instant } from '../time.ts';

/* What `subscribe` and `unsubscribe` do, step by step, and what is so already. Nothing of it has happened yet. */

/** Who is to get the digests of which accounts. */
export interface SubscriptionRequest {
  readonly address: string;
  /** `all`: those of accounts to come too, and the organization's summary. */
  readonly accountIds: readonly string[] | 'all';
  /** Not the digests of these accounts, but the messages for this owner where they go. */
  readonly owner?: string;
}

type Reader = Pick<Subscription, 'protocol' | 'endpoint'>;

/** One change of SNS or of the settings. */
export type Step =
  /** A topic like the shared one, for one account. */
  | {
      readonly kind: 'create-topic';
      readonly topicArn: string;
      readonly like: string;
      readonly accountId: string;
    }
  | (Reader & {
      readonly kind: 'subscribe';
      readonly topicArn: string;
      readonly filter: KnownFilter;
      /** Set where it goes on getting what it gets from this topic now. */
      readonly insteadOf?: string;
    })
  /** Lets more accounts through a filter policy. */
  | (Reader & {
      readonly kind: 'extend';
      readonly topicArn: string;
      readonly subscriptionArn: string;
      readonly accountIds: readonly string[];
    })
  /** Lets everything through; where owners get messages of their own, all but those. */
  | (Reader & {
      readonly kind: 'widen';
      readonly topicArn: string;
      readonly subscriptionArn: string;
      readonly filter: typeof EVERYTHING | typeof DIGESTS;
    })
  /** Keeps the messages for owners from whom all digests reach. */
  | (Reader & {
      readonly kind: 'leave-out-owners';
      readonly topicArn: string;
      readonly subscriptionArn: string;
    })
  /** Lets the messages for one more owner through. */
  | (Reader & {
      readonly kind: 'add-owner';
      readonly topicArn: string;
      readonly subscriptionArn: string;
      readonly owner: string;
    })
  /** Takes an owner out of a filter policy; one that is left without any is removed. */
  | (Reader & {
      readonly kind: 'remove-owner';
      readonly topicArn: string;
      readonly subscriptionArn: string;
      readonly owner: string;
    })
  /** Ends a subscription. */
  | (Reader & {
      readonly kind: 'unsubscribe';
      readonly topicArn: string;
      readonly subscriptionArn: string;
      readonly filter: Filter;
    })
  /** The account's digests go to its own topic from now on. */
  | {
      readonly kind: 'switch';
      readonly topicArn: string;
      readonly insteadOf: string;
      readonly accountId: string;
    }
  /** Takes accounts that have moved out of a filter policy; one that is left without any is removed. */
  | (Reader & {
      readonly kind: 'narrow';
      readonly topicArn: string;
      readonly subscriptionArn: string;
      readonly accountIds: readonly string[];
    });

/** What is so already, or can't be done. */
export type SubscriptionState =
  | {
      readonly kind: 'subscribed';
      readonly address: string;
      readonly topicArn: string;
      readonly accountIds: SubscriptionRequest['accountIds'];
      /** Of whom it gets the messages, instead of digests. */
      readonly owner?: string;
    }
  /** There is nothing to take from the address. */
  | { readonly kind: 'not-subscribed'; readonly address: string }
  /** Nobody would be sure to receive the digests of these accounts any more. */
  | { readonly kind: 'unread'; readonly accountIds: readonly string[] }
  /** AWS has sent a confirmation mail, and its link was not opened yet. */
  | { readonly kind: 'pending'; readonly address: string; readonly topicArn: string }
  /** An account that moves to a topic of its own, and what it waits for. */
  | {
      readonly kind: 'moving';
      readonly accountId: string;
      readonly topicArn: string;
      readonly waitsFor: readonly string[];
    }
  | {
      readonly kind: 'refused';
      readonly address?: string;
      readonly accountIds: readonly string[];
      readonly why: string;
      readonly nextStep: string;
    }
  /** Warnings to show before the plan is confirmed. */
  | { readonly kind: 'note'; readonly message: string };

export interface SubscriptionPlan {
  readonly steps: readonly Step[];
  readonly states: readonly SubscriptionState[];
}

/** What is requested, and everything that is known. */
export interface SubscriptionInput {
  readonly requests: readonly SubscriptionRequest[];
  /** The accounts that the requests are about. */
  readonly accounts: readonly AccountTopic[];
  /** By ARN: the topics of these accounts, and the topics of their own that exist already. */
  readonly topics: ReadonlyMap<string, Topic>;
  readonly organizationTopicArn?: string;
  /** When the settings of an account that has a topic of its own were changed last. */
  readonly changedAt: ReadonlyMap<string, Instant>;
  readonly now: Instant;
}

/** The topics as they will be after the steps so far, and the steps. */
export interface Draft {
  readonly subscriptions: Map<string, Subscription[]>;
  readonly steps: Step[];
  readonly states: SubscriptionState[];
  /** Who is to be subscribed to the topic that an account moves to, by account id. */
  readonly moving: Map<string, string[]>;
}
