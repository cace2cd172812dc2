import type { Ledger } from '../ports/ledger.ts';

const refuse = (): never => {
  throw new Error('audit mode writes nothing, and this would have written the ledger');
};

/** A ledger whose writes are defects: audit changes nothing anywhere. */
export const readOnlyLedger = ({ read }: Pick<Ledger, 'read'>): Ledger => ({
  read,
  lease: refuse,
  release: refuse,
  openIntent: refuse,
  closeIntent: refuse,
  delivered: refuse,
  noticed: refuse,
  inactive: refuse,
  reactivated: refuse,
  beginChange: refuse,
  changed: refuse,
  dropChange: refuse,
  owe: refuse,
  told: refuse,
  accept: refuse,
  useAcceptance: refuse,
  endAcceptance: refuse,
});

/** For an audit without a table: what a first run would find. */
export const forgetful: Ledger = readOnlyLedger({
  read: () =>
    Promise.resolve({
      keys: new Map(),
      users: new Map(),
      intents: [],
      begunChanges: [],
      badRows: [],
      acceptances: [],
    }),
});
