import type { StoredAccount, StoredKey, StoredRun } from '../../domain/report/stored-run.ts';
import { CHANGING } from '../../domain/rotation/decision.ts';

/** Something that a run did about a key. */
export interface Deed {
  readonly run: StoredRun;
  readonly account: StoredAccount;
  readonly key: StoredKey;
  readonly what: 'replace' | 'deactivate' | 'delete' | 'restore';
}

/** As many as anybody reads; the history has them all. */
const MOST_DEEDS = 2_000;

/** What these runs did, in their order. */
export const deedsOf = (runs: readonly StoredRun[]): readonly Deed[] =>
  runs
    .flatMap((run) =>
      run.accounts.flatMap((account) =>
        account.keys
          .filter(({ outcome, action }) => outcome === 'applied' && CHANGING.has(action))
          .map((key) => ({ run, account, key, what: key.action as Deed['what'] })),
      ),
    )
    .slice(0, MOST_DEEDS);
