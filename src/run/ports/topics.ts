import type { Filter, KnownFilter, Subscription, Topic } from '../../domain/subscriptions/subscription.ts';
import type { Instant } from '../../domain/time.ts';

/* What `subscribe` needs from the outside. Failures are thrown as OperationErrors. */

/** Topics of SNS, in the regions that their ARNs name. */
export interface Topics {
  /** @throws OperationError `not-found` where there is no such topic */
  read(topicArn: string): Promise<Topic>;
  /** The ARNs of the topics whose names go on with a dash where this one's ends. */
  namedAfter(topicArn: string): Promise<readonly string[]>;
  /** Makes a topic that is encrypted, named to readers and allowed to others like another one. */
  createLike(topicArn: string, model: string): Promise<void>;
  /** Whoever reads it confirms it, where it is by mail. */
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

/** What is set for one account, as far as it is about its topic. */
export interface TopicSettings {
  /** Sets the account's `topicArn`. */
  setTopic(accountId: string, topicArn: string): Promise<void>;
  /** When the account's settings were changed last; undefined where nothing is set for it. */
  changedAt(accountId: string): Promise<Instant | undefined>;
}
