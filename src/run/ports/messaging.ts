import type { Account } from '../../domain/account.ts';
import type { Failure } from '../../domain/errors.ts';
import type { Event } from '../../domain/report/event.ts';
import type { Notification } from '../../domain/report/notification.ts';
import type { Readers } from '../../domain/rotation/limits.ts';
import { type CreatedKey, type IamUser } from './keys.ts';

export interface Notifier {
  /** Resolves when the message was accepted. */
  publish(notification: Notification): Promise<void>;
}

/** Knows who gets what is published. */
export interface ReaderLookup {
  /**
   * Whether the topic has a confirmed subscription that lets a message with these attributes through.
   * Asked once per topic and run. Never throws: what can't be read is `unknown`.
   */
  of(
    topicArn: string,
    message: Pick<Notification, 'attributes' | 'lists'>,
  ): Promise<Exclude<Readers, 'events'>>;
  /** What could not be read about a topic that was asked about: the reason for an `unknown`, if a call failed. */
  failureOf(topicArn: string): Failure | undefined;
}

/** Events for other systems: what was done and what is due. */
export interface EventSink {
  /** @throws OperationError when some could not be delivered, after some tries */
  put(events: readonly Event[]): Promise<void>;
}

/** Publishes secrets to a topic, for those whose settings ask for exactly that. */
export interface PlaintextSender {
  /** Whether anybody gets the topic's messages by e-mail. */
  hasEmailReaders(): Promise<boolean>;
  send(account: Account, user: Pick<IamUser, 'userName'>, key: CreatedKey): Promise<void>;
}
