import { definedOnly } from '../../domain/defined-only.ts';
import type { HistoryEntry, KeyChange } from '../../domain/rotation/history.ts';
import type { Notice } from '../../domain/rotation/notice.ts';
import { days, type Instant } from '../../domain/time.ts';
import type { KeyRecord } from '../../run/ports/ledger.ts';
import { expiry, type Item } from './items.ts';
import { NOTICE_ATTRIBUTES } from './ledger-rows.ts';

/* What becomes of the row of a key. */

/** How long the row of a deleted key stays, for people who ask what became of it. */
const DELETED_KEY_RETENTION = days(400);

/** Never cleared: switched on and off again, the key is no safer. */
export const LEAKED = { mayHaveLeaked: true } as const;
export const isEmergency = ({ reason }: Pick<HistoryEntry, 'reason'>): boolean => reason === 'emergency';

/** What version 1 wrote is cleared along. */
const EVERY_NOTICE: readonly string[] = [...Object.values(NOTICE_ATTRIBUTES), 'noticedAt'];

/** Removed from the row of a key that is active again: its notices and its grace begin anew. */
const CLEARED_WHEN_REACTIVATED: readonly string[] = ['inactiveSince', 'deactivatedAs', ...EVERY_NOTICE];

function noticeAttribute(notice: Notice | undefined): Item {
  if (notice === undefined) return {};
  const { about, ...dates } = notice;
  return { [NOTICE_ATTRIBUTES[about]]: dates };
}

/** What is set in the row of a key, what is removed, and what is added. */
export function attributesRecordedBy(record: KeyRecord): readonly [Item, readonly string[], Item?] {
  if (record.kind === 'gone') {
    const { at } = record;
    return [{ goneAt: at, expiresAt: expiry(at, DELETED_KEY_RETENTION) }, []];
  }
  const { userName } = record;
  switch (record.kind) {
    case 'published':
      return [{ userName, ...noticeAttribute(record.notice), ...definedOnly({ told: record.told }) }, THERE];
    case 'test-denied':
      return [{ userName, testDenied: record.denied }, THERE];
    case 'notices-void':
      return [{ userName }, [...EVERY_NOTICE, ...THERE]];
    case 'inactive':
      return [{ userName, inactiveSince: record.at }, ['deactivatedAs', ...THERE]];
    case 'reactivated':
      // A set: a call that is repeated after a lost answer counts once.
      return [
        { userName, reactivatedAt: record.at },
        [...CLEARED_WHEN_REACTIVATED, ...THERE],
        { reactivations: new Set([record.at]) },
      ];
  }
}

/** A key that something is recorded of is there: its row doesn't end, whatever a list has left out before. */
const THERE: readonly string[] = ['goneAt', 'expiresAt'];

/** The same of what we did to a key. */
export function attributesChangedBy(
  change: KeyChange,
  since: Instant,
): { readonly changes: Item; readonly removes?: readonly string[] } {
  const { what, at, reason } = change;
  switch (what) {
    case 'deactivated':
      return {
        changes: { inactiveSince: since, deactivatedAs: reason, ...(isEmergency(change) ? LEAKED : {}) },
      };
    case 'deleted':
    case 'lost-key-deleted':
      return { changes: { deletedAt: at, expiresAt: expiry(at, DELETED_KEY_RETENTION) } };
    case 'restored':
      return { changes: { reactivatedAt: since }, removes: CLEARED_WHEN_REACTIVATED };
  }
}
