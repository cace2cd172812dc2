import { CHANGING } from '../rotation/decision.ts';
import type { StoredAccount, StoredKey, StoredRun } from './stored-run.ts';

/** Something that a run did about a key. */
export interface Deed {
  readonly run: StoredRun;
  readonly account: StoredAccount;
  readonly key: StoredKey;
  readonly what: 'replace' | 'deactivate' | 'delete' | 'restore';
}

/** What these runs did, in their order. */
export const deedsOf = (runs: readonly StoredRun[]): readonly Deed[] =>
  runs.flatMap((run) =>
    run.accounts.flatMap((account) =>
      account.keys
        .filter(({ outcome, action }) => outcome === 'applied' && CHANGING.has(action))
        .map((key) => ({ run, account, key, what: key.action as Deed['what'] })),
    ),
  );
