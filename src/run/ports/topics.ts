import type { Filter, KnownFilter, Subscription, Topic } from '../../domain/subscriptions/subscription.ts';
import type { Instant } from '../../domain/time.ts';

/* What `subscribe` needs from the outside. Failures are thrown as OperationErrors. */

/** Topics of SNS, in the regions that their ARNs name. */
export interface Topics {
  /** @throws OperationError `not-found` where there is no such topic */
  read(topicArn: string): Promise<Topic>;
  /** The ARNs of the topics whose names are this one's and a suffix after a dash. */
  namedAfter(topicArn: string): Promise<readonly string[]>;
  /** Creates a topic with the encryption, display name and access policy of another one. */
  createLike(topicArn: string, model: string): Promise<void>;
  /** A subscription by e-mail waits until its reader confirms it. */
  subscribe(
    topicArn: string,
    subscription: Pick<Subscription, 'protocol' | 'endpoint'> & { readonly filter: KnownFilter },
  ): Promise<void>;
  filterOf(subscriptionArn: string): Promise<Filter>;
  setFilter(subscriptionArn: string, filter: KnownFilter): Promise<void>;
  unsubscribe(subscriptionArn: string): Promise<void>;
}

/** The contacts of accounts that AWS Organizations doesn't list. */
export interface Contacts {
  /**
   * The e-mail address of the alternate contact for security; undefined where there is none.
   * @param accountId absent for the account of the caller, which may not be named
   */
  security(accountId?: string): Promise<string | undefined>;
}

/** The setting `topicArn` of one account. */
export interface TopicSettings {
  /** Sets the account's `topicArn`. */
  setTopic(accountId: string, topicArn: string): Promise<void>;
  /** When the account's settings were changed last; undefined where nothing is set for it. */
  changedAt(accountId: string): Promise<Instant | undefined>;
}
