import type { Told } from '../rotation/key.ts';

/** A message about one account, or about the whole run. Never carries a secret. */
export interface Notification {
  /** At most 100 characters of ASCII, no line break: what SNS takes. */
  readonly subject: string;
  /** Plain text, for e-mail. */
  readonly text: string;
  /** JSON, for machines. */
  readonly json: string;
  /** For chat rooms, as Amazon Q Developer takes it; published only where the settings ask for it. */
  readonly chat?: string;
  /** For subscription filter policies. */
  readonly attributes: Readonly<Record<string, string>>;
  /** The same for what has several values: a filter policy that names one of them lets it through. */
  readonly lists?: Readonly<Record<string, readonly string[]>>;
}

/** A message about one account. */
export interface Digest extends Notification {
  /**
   * The ids of the keys of which this text shows user, key and the dates of what it announces; none in a
   * mode that does nothing of the kind. What was cut to keep the message within its size isn't among
   * them, and doesn't count.
   */
  readonly announces: ReadonlySet<string>;
  /** The keys that this text tells in full, by their ids; the next digest can be short about them. */
  readonly told: ReadonlyMap<string, Told>;
}

/** A message for one owner, about his keys in one account. It makes no notice count. */
export interface OwnerMessage extends Notification {
  readonly owner: string;
  /** The keys that it is about, by their ids. */
  readonly keyIds: ReadonlySet<string>;
}

/** The message for those whose settings say whether chat rooms read it. */
export function forReaders<Message extends Notification>(message: Message, chat = false): Message {
  if (chat) return message;
  const { chat: _none, ...rest } = message;
  return rest as Message;
}
