import { definedOnly } from '../../domain/defined-only.ts';
import type { KeyChange } from '../../domain/rotation/history.ts';
import type { Acceptance } from '../../domain/rotation/acceptance.ts';
import type { LimitKind } from '../../domain/rotation/limits.ts';
import type { NoticeAbout } from '../../domain/rotation/notice.ts';
import type { Intent } from '../../run/ports/ledger.ts';
import { expiry, type Item } from './items.ts';

/*
 * One table, one partition an account:
 *
 *   pk               sk                   attributes (moments in milliseconds)
 *   account#<id>     key#<access key id>  userName, replacementOf, deliveredAt, secretName, inactiveSince,
 *                                         deactivatedAs, mayHaveLeaked, reactivatedAt, reactivations (a set), testDenied, told,
 *                                         deletedAt, goneAt, and of each kind of notice the last one (NOTICE_ATTRIBUTES).
 *                                         A noticedAt that version 1 wrote names no date and counts no more
 *   account#<id>     intent#<user name>   userArn, replaces, knownKeyIds, secretName, startedAt,
 *                                        leaseEndsAt, runId
 *   account#<id>     begun#<key id>       what, userName, runId, by, at, reason, message
 *   account#<id>     lease                runId, until
 *   account#<id>     accepted#<limit>     keyIds, by, reason, at, until, usedBy
 *   account#<id>     digest               publishedAt
 *
 * They are read in read-ledger.ts. What was done is in partitions of its own: history-rows.ts.
 * `expiresAt` (seconds, the table's TTL) is set on what nobody needs for ever.
 */

/** The attributes that hold the notices of a key, one each. */
export const NOTICE_ATTRIBUTES = {
  unused: 'noticeUnused',
  replaced: 'noticeReplaced',
  deadline: 'noticeDeadline',
  'least-recently-used': 'noticeLeastRecentlyUsed',
  delete: 'noticeDelete',
} as const satisfies Readonly<Record<NoticeAbout, string>>;

export const partitionOf = (accountId: string): string => `account#${accountId}`;
export const keyRow = (accessKeyId: string): string => `key#${accessKeyId}`;
export const intentRow = (userName: string): string => `intent#${userName}`;
/** A change that is pending. The prefix stays as it is in the tables of those who have deployed before. */
export const pendingChangeRow = (accessKeyId: string): string => `begun#${accessKeyId}`;
export const acceptanceRow = (limit: LimitKind): string => `accepted#${limit}`;
export const LEASE_ROW = 'lease';
export const DIGEST_ROW = 'digest';

export const intentItem = (accountId: string, intent: Intent): Item => ({
  pk: partitionOf(accountId),
  sk: intentRow(intent.userName),
  userArn: intent.userArn,
  replaces: intent.replaces,
  knownKeyIds: intent.knownKeyIds,
  ...definedOnly({ secretName: intent.secretName }),
  startedAt: intent.startedAt,
  leaseEndsAt: intent.leaseEndsAt,
  runId: intent.runId,
});

export const pendingChangeItem = (
  accountId: string,
  { what, userName, accessKeyId, runId, by, at, reason, message }: KeyChange,
): Item => ({
  pk: partitionOf(accountId),
  sk: pendingChangeRow(accessKeyId),
  what,
  userName,
  runId,
  by,
  at,
  reason,
  message,
});

export const acceptanceItem = (accountId: string, acceptance: Acceptance): Item => ({
  pk: partitionOf(accountId),
  sk: acceptanceRow(acceptance.limit),
  keyIds: acceptance.keyIds,
  by: acceptance.by,
  reason: acceptance.reason,
  at: acceptance.at,
  until: acceptance.until,
  expiresAt: expiry(acceptance.until, 0),
});
