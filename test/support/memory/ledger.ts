import type { KeyMemory } from '../../../src/domain/key.ts';
import { afterReactivation } from '../../../src/domain/rules.ts';
import type { Instant } from '../../../src/domain/time.ts';
import type { AccountMemory, BadRow, Intent, Ledger } from '../../../src/run/ports.ts';
import { refusal } from './intercept.ts';

interface Rows {
  readonly keys: Map<string, KeyMemory>;
  readonly intents: Map<string, Intent>;
  readonly badRows: BadRow[];
  lease?: { readonly runId: string; readonly until: Instant };
}

export interface MemoryLedger {
  readonly port: Ledger;
  /** What it holds of an account, as {@link Ledger.read} gives it. */
  of(accountId: string): AccountMemory;
  leaseOf(accountId: string): Rows['lease'];
  remember(accountId: string, accessKeyId: string, memory: KeyMemory): void;
  begin(accountId: string, intent: Intent): void;
  spoil(accountId: string, row: BadRow): void;
}

/** The ledger as its users see it: conditional where it must be, atomic where it must be. */
export function memoryLedger(): MemoryLedger {
  const accounts = new Map<string, Rows>();
  const rowsOf = (accountId: string): Rows => {
    const rows = accounts.get(accountId) ?? { keys: new Map(), intents: new Map(), badRows: [] };
    accounts.set(accountId, rows);
    return rows;
  };
  const of = (accountId: string): AccountMemory => {
    const { keys, intents, badRows } = rowsOf(accountId);
    return structuredClone({ keys, intents: [...intents.values()], badRows });
  };
  const change = (accountId: string, id: string, how: (memory: KeyMemory) => KeyMemory) => {
    const { keys } = rowsOf(accountId);
    keys.set(id, how(keys.get(id) ?? {}));
  };

  return {
    of,
    leaseOf: (accountId) => rowsOf(accountId).lease,
    remember: (accountId, id, memory) => change(accountId, id, (before) => ({ ...before, ...memory })),
    begin: (accountId, intent) => rowsOf(accountId).intents.set(intent.userName, intent),
    spoil: (accountId, row) => rowsOf(accountId).badRows.push(row),
    port: {
      read: async (accountId) => of(accountId),
      lease: async (accountId, runId, until, now) => {
        const rows = rowsOf(accountId);
        const { lease } = rows;
        if (lease !== undefined && lease.runId !== runId && lease.until > now) {
          return { granted: false, holder: lease.runId, until: lease.until };
        }
        rows.lease = { runId, until };
        return { granted: true };
      },
      release: async (accountId, runId) => {
        const rows = rowsOf(accountId);
        if (rows.lease?.runId === runId) delete rows.lease;
      },
      openIntent: async (accountId, intent) => {
        const { intents } = rowsOf(accountId);
        const open = intents.get(intent.userName);
        if (open !== undefined && open.runId !== intent.runId) throw refusal('conflict', 'dynamodb:PutItem');
        intents.set(intent.userName, structuredClone(intent));
      },
      closeIntent: async (accountId, { userName, runId }) => {
        const { intents } = rowsOf(accountId);
        if (intents.get(userName)?.runId === runId) intents.delete(userName);
      },
      delivered: async (accountId, { userName, replaces, runId }, id, deliveredAt) => {
        const { intents } = rowsOf(accountId);
        if (intents.get(userName)?.runId !== runId) throw refusal('conflict', 'dynamodb:TransactWriteItems');
        change(accountId, id, (memory) => ({ ...memory, replacementOf: replaces, deliveredAt }));
        intents.delete(userName);
      },
      noticed: async (accountId, _userName, id, noticedAt) =>
        change(accountId, id, (memory) => ({ ...memory, noticedAt })),
      inactive: async (accountId, _userName, id, inactiveSince) =>
        change(accountId, id, (memory) => ({ ...memory, inactiveSince })),
      reactivated: async (accountId, _userName, id, at) =>
        change(accountId, id, (memory) => afterReactivation(memory, at)),
      deleted: async (accountId, _userName, id) => {
        rowsOf(accountId).keys.delete(id);
      },
    },
  };
}
