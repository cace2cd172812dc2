import { definedOnly } from '../../../src/domain/defined-only.ts';
import type { HistoryEntry, KeyChange } from '../../../src/domain/rotation/history.ts';
import type { KeyMemory } from '../../../src/domain/rotation/key.ts';
import type { Acceptance } from '../../../src/domain/rotation/acceptance.ts';
import { afterReactivation } from '../../../src/domain/rotation/predicates.ts';
import { CLOCK_SKEW, type Instant } from '../../../src/domain/time.ts';
import {
  MOST_RECORDS,
  type AccountLedger,
  type BadRow,
  type Intent,
  type KeyRecord,
  type Ledger,
} from '../../../src/run/ports/ledger.ts';
import { refusal } from './intercept.ts';

interface Rows {
  readonly keys: Map<string, KeyMemory>;
  readonly users: Map<string, string>;
  readonly intents: Map<string, Intent>;
  readonly pendingChanges: Map<string, KeyChange>;
  readonly badRows: BadRow[];
  readonly acceptances: Map<string, Acceptance>;
  readonly history: HistoryEntry[];
  /** Of keys that were deleted since. */
  readonly deletedOffSince: Map<string, Instant>;
  readonly gone: Set<string>;
  lastDigestAt?: Instant;
  pendingDigest?: { readonly runId: string; readonly since: Instant };
  lease?: { readonly runId: string; readonly until: Instant };
}

export interface MemoryLedger {
  readonly port: Ledger;
  /** What it holds of an account, as {@link Ledger.read} gives it. */
  of(accountId: string): AccountLedger;
  leaseOf(accountId: string): Rows['lease'];
  /** Oldest first. */
  historyOf(accountId: string): readonly HistoryEntry[];
  remember(accountId: string, accessKeyId: string, memory: KeyMemory): void;
  begin(accountId: string, intent: Intent): void;
  spoil(accountId: string, row: BadRow): void;
}

/** The ledger as its users see it: conditional where it must be, atomic where it must be. */
export function memoryLedger(): MemoryLedger {
  const accounts = new Map<string, Rows>();
  const deadlines = new Map<string, number>();
  const rowsOf = (accountId: string): Rows => {
    const rows: Rows = accounts.get(accountId) ?? {
      keys: new Map(),
      users: new Map(),
      intents: new Map(),
      pendingChanges: new Map(),
      badRows: [],
      acceptances: new Map(),
      history: [],
      deletedOffSince: new Map(),
      gone: new Set(),
    };
    accounts.set(accountId, rows);
    return rows;
  };
  const of = (accountId: string): AccountLedger => {
    const rows = rowsOf(accountId);
    const { keys, users, intents, pendingChanges, badRows, acceptances, lastDigestAt, pendingDigest } = rows;
    const off = [...keys].flatMap(([id, { inactiveSince }]) =>
      inactiveSince === undefined ? [] : [[id, inactiveSince] as const],
    );
    return structuredClone({
      keys,
      offSince: new Map([...rows.deletedOffSince, ...off]),
      users,
      gone: rows.gone,
      intents: [...intents.values()],
      pendingChanges: [...pendingChanges.values()],
      badRows,
      acceptances: [...acceptances.values()],
      ...(lastDigestAt === undefined ? {} : { lastDigestAt }),
      ...(pendingDigest === undefined ? {} : { pendingDigest }),
    });
  };
  const change = (
    accountId: string,
    id: string,
    how: (memory: KeyMemory) => KeyMemory,
    userName?: string,
  ) => {
    const { keys, gone, users } = rowsOf(accountId);
    gone.delete(id);
    if (userName !== undefined) users.set(id, userName);
    keys.set(id, how(keys.get(id) ?? {}));
  };

  return {
    of,
    leaseOf: (accountId) => rowsOf(accountId).lease,
    historyOf: (accountId) => rowsOf(accountId).history,
    remember: (accountId, id, memory) => change(accountId, id, (before) => ({ ...before, ...memory })),
    begin: (accountId, intent) => rowsOf(accountId).intents.set(intent.userName, intent),
    spoil: (accountId, row) => rowsOf(accountId).badRows.push(row),
    port: {
      read: async (accountId) => of(accountId),
      acquireLease: async (accountId, runId, until, now) => {
        const rows = rowsOf(accountId);
        const { lease } = rows;
        const isNone = lease !== undefined && lease.until > until + CLOCK_SKEW;
        if (lease !== undefined && !isNone && lease.runId !== runId && lease.until > now) {
          return { kind: 'held', holder: lease.runId, until: lease.until };
        }
        rows.lease = { runId, until };
        const notBelieved = isNone
          ? `${lease.runId}, until ${new Date(lease.until).toISOString()}`
          : undefined;
        return { kind: 'granted', ...definedOnly({ notBelieved }) };
      },
      releaseLease: async (accountId, runId) => {
        const rows = rowsOf(accountId);
        if (rows.lease?.runId === runId) delete rows.lease;
      },
      openIntent: async (accountId, intent) => {
        const { intents } = rowsOf(accountId);
        const open = intents.get(intent.userName);
        if (open !== undefined && open.runId !== intent.runId) throw refusal('conflict', 'dynamodb:PutItem');
        intents.set(intent.userName, structuredClone(intent));
      },
      closeIntent: async (accountId, { userName, runId }, entry) => {
        const { intents, history } = rowsOf(accountId);
        if (intents.get(userName)?.runId !== runId) return;
        intents.delete(userName);
        if (entry !== undefined) history.push(entry);
      },
      recordDelivery: async (accountId, { userName, replaces, runId }, id, entry) => {
        const { intents, history } = rowsOf(accountId);
        const { at: deliveredAt, secretName } = entry;
        const where = secretName === undefined ? {} : { secretName };
        if (intents.get(userName)?.runId !== runId) throw refusal('conflict', 'dynamodb:TransactWriteItems');
        const delivered = { replacementOf: replaces, deliveredAt, ...where };
        change(accountId, id, (memory) => ({ ...memory, ...delivered }), userName);
        if (entry.reason === 'emergency')
          change(accountId, replaces, (memory) => ({ ...memory, mayHaveLeaked: true }), userName);
        intents.delete(userName);
        history.push(entry);
      },
      record: async (accountId, records) => {
        const ids = new Set(records.map(({ accessKeyId }) => accessKeyId));
        if (records.length > MOST_RECORDS || ids.size < records.length)
          throw refusal('unknown', 'dynamodb:TransactWriteItems');
        for (const record of records) {
          const { accessKeyId: id } = record;
          if (record.kind === 'gone') rowsOf(accountId).gone.add(id);
          else change(accountId, id, (memory) => recorded(memory, record), record.userName);
        }
      },
      claimDeadlines: async (runId, wanted, most) => {
        const taken = deadlines.get(runId) ?? 0;
        const granted = Math.max(0, Math.min(wanted, most - taken));
        deadlines.set(runId, taken + granted);
        return granted;
      },
      markChangePending: async (accountId, entry) => {
        const { pendingChanges } = rowsOf(accountId);
        const pending = pendingChanges.get(entry.accessKeyId);
        if (pending !== undefined && pending.runId !== entry.runId)
          throw refusal('conflict', 'dynamodb:PutItem');
        pendingChanges.set(entry.accessKeyId, structuredClone(entry));
      },
      dropPendingChange: async (accountId, { accessKeyId: id, runId }) => {
        const { pendingChanges } = rowsOf(accountId);
        if (pendingChanges.get(id)?.runId === runId) pendingChanges.delete(id);
      },
      recordChange: async (accountId, entry, since) => {
        const { keys, history, pendingChanges, deletedOffSince, gone, users } = rowsOf(accountId);
        const { what, accessKeyId: id, userName } = entry;
        users.set(id, userName);
        if (what === 'deleted' || what === 'lost-key-deleted') {
          const { inactiveSince } = keys.get(id) ?? {};
          if (inactiveSince !== undefined) deletedOffSince.set(id, inactiveSince);
          keys.delete(id);
          gone.add(id);
        } else if (what === 'restored') {
          // Asked for: it doesn't count as switched on by something else.
          const { reactivations } = keys.get(id) ?? {};
          change(accountId, id, (memory) => {
            const { reactivations: _counted, ...rest } = afterReactivation(memory, since);
            return { ...rest, ...definedOnly({ reactivations }) };
          });
        } else {
          const { reason: deactivatedAs } = entry;
          const leaked = deactivatedAs === 'emergency' ? ({ mayHaveLeaked: true } as const) : {};
          change(accountId, id, (memory) => ({ ...memory, inactiveSince: since, deactivatedAs, ...leaked }));
        }
        history.push(entry);
        pendingChanges.delete(id);
      },
      markDigestPending: async (accountId, runId, since) => {
        rowsOf(accountId).pendingDigest ??= { runId, since };
      },
      markDigestSent: async (accountId, at) => {
        const rows = rowsOf(accountId);
        if (at !== undefined) rows.lastDigestAt = at;
        delete rows.pendingDigest;
      },
      accept: async (accountId, acceptance, entry) => {
        const { acceptances, history } = rowsOf(accountId);
        acceptances.set(acceptance.limit, acceptance);
        history.push(entry);
      },
      useAcceptance: async (accountId, limit, entry) => {
        const { acceptances, history } = rowsOf(accountId);
        if (!acceptances.has(limit)) throw refusal('conflict', 'dynamodb:TransactWriteItems');
        history.push(entry);
      },
      endAcceptance: async (accountId, limit) => void rowsOf(accountId).acceptances.delete(limit),
    },
  };
}

function recorded(memory: KeyMemory, record: Exclude<KeyRecord, { readonly kind: 'gone' }>): KeyMemory {
  switch (record.kind) {
    case 'published': {
      const { notice, told } = record;
      const others = (memory.notices ?? []).filter(({ about }) => about !== notice?.about);
      return {
        ...memory,
        ...definedOnly({ told }),
        ...(notice === undefined ? {} : { notices: [...others, notice] }),
      };
    }
    case 'test-denied':
      return { ...memory, testDenied: record.denied };
    case 'notices-void': {
      const { notices: _, ...rest } = memory;
      return rest;
    }
    case 'inactive': {
      const { deactivatedAs: _, ...rest } = memory;
      return { ...rest, inactiveSince: record.at };
    }
    case 'reactivated':
      return afterReactivation(memory, record.at);
  }
}
