import type { Ledger } from '../ports/ledger.ts';

const refuse = (): never => {
  throw new Error('audit mode writes nothing, and this would have written the ledger');
};

/** A ledger whose every write is a defect of ours: an audit changes nothing anywhere. */
export const readOnlyLedger = ({ read }: Pick<Ledger, 'read'>): Ledger => ({
  read,
  acquireLease: refuse,
  releaseLease: refuse,
  openIntent: refuse,
  closeIntent: refuse,
  recordDelivery: refuse,
  record: refuse,
  claimDeadlines: refuse,
  markChangePending: refuse,
  recordChange: refuse,
  dropPendingChange: refuse,
  markDigestPending: refuse,
  markDigestSent: refuse,
  accept: refuse,
  useAcceptance: refuse,
  endAcceptance: refuse,
});

/** For an audit without a table: what a first run would find. */
export const emptyLedger: Ledger = readOnlyLedger({
  read: () =>
    Promise.resolve({
      keys: new Map(),
      offSince: new Map(),
      users: new Map(),
      gone: new Set(),
      intents: [],
      pendingChanges: [],
      badRows: [],
      acceptances: [],
    }),
});
