import { definedOnly } from '../defined-only.ts';
import { CHANGING } from '../rotation/decision.ts';
import type { Instant } from '../time.ts';
import type { StoredAccount, StoredKey, StoredRun } from './stored-run.ts';

/** Something that a run did about a key. It holds nothing else of the run: that may have tens of megabytes. */
export interface Deed {
  readonly runId: string;
  /** ARN of the person who asked for the run; absent for a scheduled one. */
  readonly requestedBy?: string;
  /** When the run ended. */
  readonly at: Instant;
  readonly account: Pick<StoredAccount, 'id' | 'name' | 'ouPath'>;
  readonly key: StoredKey;
  readonly what: 'replace' | 'deactivate' | 'delete' | 'restore';
}

/** What a run did. */
export function deedsOf({ runId, requestedBy, finishedAt: at, accounts }: StoredRun): readonly Deed[] {
  const by = { runId, at, ...definedOnly({ requestedBy }) };
  return accounts.flatMap(({ id, name, ouPath, keys }) =>
    keys
      .filter(({ outcome, action }) => outcome === 'applied' && CHANGING.has(action))
      .map((key) => ({ ...by, account: { id, name, ouPath }, key, what: key.action as Deed['what'] })),
  );
}
