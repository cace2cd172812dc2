import * as z from 'zod';
import { definedOnly } from '../../domain/defined-only.ts';
import { KEY_CHANGES, type KeyChange } from '../../domain/rotation/history.ts';
import type { KeyMemory } from '../../domain/rotation/key.ts';
import { type Acceptance, type LimitKind } from '../../domain/rotation/limits.ts';
import { NOTICES, type Notice, type NoticeAbout } from '../../domain/rotation/notice.ts';
import type { Instant } from '../../domain/time.ts';
import type { AccountLedger, BadRow, Intent } from '../../run/ports/ledger.ts';
import { expiry, moment, type Item } from './items.ts';

/*
 * One table, one partition an account:
 *
 *   pk               sk                   attributes (moments in milliseconds)
 *   account#<id>     key#<access key id>  userName, replacementOf, deliveredAt, secretName, inactiveSince,
 *                                         deactivatedAs, reactivatedAt, reactivations (a set), testDenied, told,
 *                                         deletedAt, goneAt, and of each kind of notice the last one (NOTICE_ATTRIBUTES).
 *                                         A noticedAt that version 1 wrote names no date and counts no more
 *   account#<id>     intent#<user name>   userArn, replaces, knownKeyIds, secretName, startedAt,
 *                                        leaseEndsAt, runId
 *   account#<id>     begun#<key id>       what, userName, runId, by, at, reason, message
 *   account#<id>     lease                runId, until
 *   account#<id>     accepted#<limit>     keyIds, by, reason, at, until, usedBy
 *   account#<id>     digest               publishedAt
 *
 * What was done is in partitions of its own: history-rows.ts.
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

const NoticeMap = z
  .object({ firstAt: moment, lastAt: moment, date: moment, inAnyCase: moment.optional() })
  .optional();

const KeyRow = z.object({
  userName: z.string().optional(),
  replacementOf: z.string('must be an access key id').optional(),
  deliveredAt: moment.optional(),
  secretName: z.string('must be the name or the ARN of a secret').optional(),
  inactiveSince: moment.optional(),
  deactivatedAs: z.string('must be the reason of a decision').optional(),
  reactivatedAt: moment.optional(),
  reactivations: z.set(moment, 'must be a set of moments').optional(),
  told: z.object({ reason: z.string(), dueAt: moment.optional(), at: moment }).optional(),
  testDenied: z.object({ at: moment, cause: z.string() }).optional(),
  deletedAt: moment.optional(),
  goneAt: moment.optional(),
  noticeUnused: NoticeMap,
  noticeReplaced: NoticeMap,
  noticeDeadline: NoticeMap,
  noticeLeastRecentlyUsed: NoticeMap,
  noticeDelete: NoticeMap,
});

const IntentRow = z.object({
  userArn: z.string('must be the ARN of the user'),
  replaces: z.string('must be an access key id'),
  knownKeyIds: z.array(z.string(), 'must be a list of access key ids'),
  secretName: z.string('must be the name of a secret').optional(),
  startedAt: moment,
  leaseEndsAt: moment,
  runId: z.string('must be a run id'),
});

const PendingChangeRow = z.object({
  what: z.enum(KEY_CHANGES),
  userName: z.string('must be the name of a user'),
  runId: z.string('must be a run id'),
  by: z.string('must be an ARN'),
  at: moment,
  reason: z.string(),
  message: z.string(),
});

const AcceptanceRow = z.object({
  keyIds: z.array(z.string()).nonempty(),
  by: z.string(),
  reason: z.string(),
  at: moment,
  until: moment,
});
const LIMITS: readonly LimitKind[] = ['deactivations', 'deletions'];

const DigestRow = z.object({
  publishedAt: moment.optional(),
  owedBy: z.string().optional(),
  owedSince: moment.optional(),
});

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

/** Turns the rows of an account into its ledger. A row that can't be parsed makes its user wait. */
export function readRows(items: readonly Item[]): AccountLedger {
  const keys = new Map<string, KeyMemory>();
  const gone = new Set<string>();
  const offSince = new Map<string, Instant>();
  const users = new Map<string, string>();
  const intents: Intent[] = [];
  const pendingChanges: KeyChange[] = [];
  const badRows: BadRow[] = [];
  const acceptances: Acceptance[] = [];
  let digest: Pick<AccountLedger, 'lastDigestAt' | 'pendingDigest'> = {};

  for (const row of items) {
    const sk = String(row['sk']);
    const bad = (error: z.ZodError, userName: unknown) =>
      badRows.push({
        ...(typeof userName === 'string' ? { userName } : {}),
        message: `the ledger's row ${String(row['pk'])} / ${sk} can't be used: ${z.prettifyError(error).replaceAll(/\s+/g, ' ')}`,
      });

    if (sk.startsWith('key#')) {
      const id = sk.slice('key#'.length);
      const parsed = KeyRow.safeParse(row);
      if (parsed.data?.inactiveSince !== undefined) offSince.set(id, parsed.data.inactiveSince);
      if (row['deletedAt'] !== undefined) continue;
      if (!parsed.success) bad(parsed.error, row['userName']);
      else {
        keys.set(id, memoryOf(parsed.data));
        if (parsed.data.goneAt !== undefined) gone.add(id);
        if (parsed.data.userName !== undefined) users.set(id, parsed.data.userName);
      }
    } else if (sk.startsWith('intent#')) {
      const userName = sk.slice('intent#'.length);
      const parsed = IntentRow.safeParse(row);
      if (!parsed.success) bad(parsed.error, userName);
      else intents.push({ userName, ...intentOf(parsed.data) });
    } else if (sk.startsWith('begun#')) {
      const parsed = PendingChangeRow.safeParse(row);
      if (!parsed.success) bad(parsed.error, row['userName']);
      else pendingChanges.push({ accessKeyId: sk.slice('begun#'.length), ...parsed.data });
    } else if (sk.startsWith('accepted#')) {
      // An invalid row counts as absent: then the limit holds, which is the stricter
      // reading, and nobody has to wait for anything else.
      const limit = LIMITS.find((kind) => sk === acceptanceRow(kind));
      const parsed = AcceptanceRow.safeParse(row);
      if (limit !== undefined && parsed.success) acceptances.push({ limit, ...parsed.data });
    } else if (sk === DIGEST_ROW) {
      // At worst somebody gets a digest a week too soon.
      digest = digestOf(DigestRow.safeParse(row).data ?? {});
    }
  }
  return {
    keys,
    offSince,
    users,
    gone,
    intents,
    pendingChanges: pendingChanges,
    badRows,
    acceptances,
    ...digest,
  };
}

const digestOf = ({
  publishedAt,
  owedBy,
  owedSince,
}: Partial<z.infer<typeof DigestRow>>): Pick<AccountLedger, 'lastDigestAt' | 'pendingDigest'> => ({
  ...definedOnly({ lastDigestAt: publishedAt }),
  ...(owedBy === undefined || owedSince === undefined
    ? {}
    : { pendingDigest: { runId: owedBy, since: owedSince } }),
});

/** Intents of older versions don't say where the secret goes. */
const intentOf = (row: z.infer<typeof IntentRow>): Omit<Intent, 'userName'> => definedOnly(row);

function memoryOf(row: z.infer<typeof KeyRow>): KeyMemory {
  const { replacementOf, deliveredAt, secretName, inactiveSince, deactivatedAs, reactivatedAt } = row;
  const notices = NOTICES.flatMap((about): readonly Notice[] => {
    const notice = row[NOTICE_ATTRIBUTES[about]];
    return notice === undefined ? [] : [{ about, ...definedOnly(notice) }];
  });
  const reactivations = [...(row.reactivations ?? [])].toSorted((one, two) => one - two);
  return definedOnly({
    replacementOf,
    deliveredAt,
    secretName,
    inactiveSince,
    deactivatedAs,
    reactivatedAt,
    testDenied: row.testDenied,
    told: row.told === undefined ? undefined : definedOnly(row.told),
    notices: notices.length === 0 ? undefined : notices,
    reactivations: reactivations.length === 0 ? undefined : reactivations,
  });
}
