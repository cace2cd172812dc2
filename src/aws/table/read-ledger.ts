import * as z from 'zod';
import { definedOnly } from '../../domain/defined-only.ts';
import { clean } from '../../domain/report/clean.ts';
import { KEY_CHANGES, type KeyChange } from '../../domain/rotation/history.ts';
import type { KeyMemory } from '../../domain/rotation/key.ts';
import type { Acceptance } from '../../domain/rotation/acceptance.ts';
import type { LimitKind } from '../../domain/rotation/limits.ts';
import { NOTICES, type Notice } from '../../domain/rotation/notice.ts';
import type { Instant } from '../../domain/time.ts';
import type { AccountLedger, BadRow, Intent } from '../../run/ports/ledger.ts';
import {
  accessKeyIdField,
  moment,
  runIdField,
  secretField,
  text,
  userNameField,
  type Item,
} from './items.ts';
import { acceptanceRow, DIGEST_ROW, NOTICE_ATTRIBUTES } from './ledger-rows.ts';

/* What the rows of an account say, as far as their form goes; ledger-rows.ts names them. */

const NoticeMap = z
  .object({ firstAt: moment, lastAt: moment, date: moment, inAnyCase: moment.optional() })
  .optional();

/** By its form, since a later version may have more of them. */
const reasonField = z
  .string('must be the reason of a decision')
  .regex(/^[a-z0-9-]{1,64}$/, 'must be the reason of a decision');

const KeyRow = z.object({
  userName: userNameField.optional(),
  replacementOf: accessKeyIdField.optional(),
  deliveredAt: moment.optional(),
  secretName: secretField.optional(),
  inactiveSince: moment.optional(),
  deactivatedAs: reasonField.optional(),
  mayHaveLeaked: z.literal(true).optional(),
  reactivatedAt: moment.optional(),
  reactivations: z.set(moment, 'must be a set of moments').optional(),
  told: z.object({ reason: reasonField, dueAt: moment.optional(), at: moment }).optional(),
  testDenied: z.object({ at: moment, cause: text }).optional(),
  deletedAt: moment.optional(),
  goneAt: moment.optional(),
  noticeUnused: NoticeMap,
  noticeReplaced: NoticeMap,
  noticeDeadline: NoticeMap,
  noticeLeastRecentlyUsed: NoticeMap,
  noticeDelete: NoticeMap,
});

const IntentRow = z.object({
  userArn: z
    .string('must be the ARN of the user')
    .regex(/^arn:[\w+=,.@:/-]{1,2048}$/, 'must be the ARN of the user'),
  replaces: accessKeyIdField,
  knownKeyIds: z.array(accessKeyIdField, 'must be a list of access key ids'),
  secretName: secretField.optional(),
  startedAt: moment,
  leaseEndsAt: moment,
  runId: runIdField,
});

const PendingChangeRow = z.object({
  what: z.enum(KEY_CHANGES),
  userName: userNameField,
  runId: runIdField,
  by: text,
  at: moment,
  // That of a lost key names the run that made it.
  reason: z
    .string('must be the reason of a decision')
    .regex(/^(begun by )?[\w.:-]{1,128}$/, 'must be the reason of a decision'),
  message: text,
});

const AcceptanceRow = z.object({
  keyIds: z.array(accessKeyIdField).nonempty(),
  by: text,
  reason: text,
  at: moment,
  until: moment,
});
const LIMITS: readonly LimitKind[] = ['deactivations', 'deletions'];

const DigestRow = z.object({
  publishedAt: moment.optional(),
  owedBy: runIdField.optional(),
  owedSince: moment.optional(),
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
    // What it is about is in its own key: anything else that an unreadable row says may be about somebody else.
    const bad = (error: z.ZodError, about: Omit<BadRow, 'message'> = {}) =>
      badRows.push({
        ...about,
        message: `the ledger's row ${clean(`${String(row['pk'])} / ${sk}`)} can't be used: ${z.prettifyError(error).replaceAll(/\s+/g, ' ')}`,
      });

    if (sk.startsWith('key#')) {
      const id = accessKeyIdField.safeParse(sk.slice('key#'.length));
      const parsed = KeyRow.safeParse(row);
      if (!id.success) {
        bad(id.error);
        continue;
      }
      const accessKeyId = id.data;
      if (parsed.data?.inactiveSince !== undefined) offSince.set(accessKeyId, parsed.data.inactiveSince);
      if (row['deletedAt'] !== undefined) {
        gone.add(accessKeyId);
        continue;
      }
      if (!parsed.success) bad(parsed.error, { accessKeyId });
      else {
        keys.set(accessKeyId, memoryOf(parsed.data));
        if (parsed.data.goneAt !== undefined) gone.add(accessKeyId);
        if (parsed.data.userName !== undefined) users.set(accessKeyId, parsed.data.userName);
      }
    } else if (sk.startsWith('intent#')) {
      const name = userNameField.safeParse(sk.slice('intent#'.length));
      const parsed = IntentRow.safeParse(row);
      if (!name.success) bad(name.error);
      else if (!parsed.success) bad(parsed.error, { userName: name.data });
      else intents.push({ userName: name.data, ...intentOf(parsed.data) });
    } else if (sk.startsWith('begun#')) {
      const id = accessKeyIdField.safeParse(sk.slice('begun#'.length));
      const parsed = PendingChangeRow.safeParse(row);
      if (!id.success) bad(id.error);
      else if (!parsed.success) bad(parsed.error, { accessKeyId: id.data });
      else pendingChanges.push({ accessKeyId: id.data, ...parsed.data });
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
    pendingChanges,
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
    mayHaveLeaked: row.mayHaveLeaked,
    reactivatedAt,
    testDenied: row.testDenied,
    told: row.told === undefined ? undefined : definedOnly(row.told),
    notices: notices.length === 0 ? undefined : notices,
    reactivations: reactivations.length === 0 ? undefined : reactivations,
  });
}
