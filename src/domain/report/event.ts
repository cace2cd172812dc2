import type { Adoption } from '../rotation/decision.ts';
import type { Mode } from '../rotation/limits.ts';
import type { NoticeAbout } from '../rotation/notice.ts';

/** The kinds of events, as EventBridge rules name them in `detail-type`. */
export const EVENT_TYPES = [
  'Access Key Replaced',
  'Access Key Deactivated',
  'Access Key Deleted',
  'Access Key Restored',
  'Access Key Deactivation Due',
  'Access Key Deletion Due',
  'Access Key Action Needed',
  'Account Unreachable',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** What a rule finds in `source`. */
export const EVENT_SOURCE = 'access-key-rotation';

/** One thing that was done or is due, for other systems. Never carries a secret. */
export interface Event {
  readonly type: EventType;
  readonly detail: EventDetail;
}

/** What has this `schemaVersion` only ever gains fields. */
export interface EventDetail {
  readonly schemaVersion: 1;
  readonly runId: string;
  readonly mode: Mode;
  readonly accountId: string;
  readonly accountName: string;
  /** Absent where the event is about the account as a whole, as are the other fields about a key. */
  readonly userName?: string;
  readonly userArn?: string;
  readonly owner?: string;
  readonly accessKeyId?: string;
  /** The replacement, where there is one. */
  readonly newAccessKeyId?: string;
  readonly secretName?: string;
  /** Where the secret is in another account than the user's. */
  readonly secretArn?: string;
  /** The region whose SMTP password of Amazon SES has changed with the key. */
  readonly sesRegion?: string;
  /** Of a key that has a replacement: how far its owner has come. */
  readonly adoption?: Adoption['state'];
  /** The last use of the key that IAM knows of: when (ISO 8601), by which service, in which region. */
  readonly lastUsedAt?: string;
  readonly lastUsedService?: string;
  readonly lastUsedRegion?: string;
  /** What this announces of the key. */
  readonly notice?: EventNotice;
  readonly reason: string;
  readonly message: string;
  /** ISO 8601. */
  readonly dueAt?: string;
  readonly nextStep?: string;
}

/** An announcement; dates in ISO 8601. */
export interface EventNotice {
  readonly about: NoticeAbout;
  /** It doesn't happen before. */
  readonly date: string;
  /** `replaced` only: when the key goes even if its owner has not moved. */
  readonly inAnyCase?: string;
}
