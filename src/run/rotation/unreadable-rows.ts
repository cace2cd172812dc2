import type { Gap } from '../../domain/report/outcome.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import type { AccountLedger, BadRow } from '../ports/ledger.ts';
import type { AccountView } from '../context/account-context.ts';
import { concerns, type RunContext } from '../context/run-context.ts';

const NEXT_STEP =
  'Correct the row. To delete it takes away what it says: from when on a grace counts, or what a run began.';

const gapOf = (userName: string, { message }: BadRow): Gap => ({
  userName,
  reason: 'unreadable',
  failure: { kind: 'unknown', during: 'read the ledger', message, nextStep: NEXT_STEP },
});

/** Users with a row that can't be read are left alone: what it says may be a reason to wait. */
export function usersWithUnreadableRows(
  { badRows }: AccountLedger,
  { run, account }: Pick<AccountView, 'run' | 'account'>,
): readonly Gap[] {
  const isMeant = concerns(run, account);
  return badRows.flatMap((row): Gap[] =>
    row.userName === undefined || !isMeant(row.userName) ? [] : [gapOf(row.userName, row)],
  );
}

/** The same for a row of a key: whose key it is IAM tells, since a row may name anybody. */
export function unreadableRowOfKeys(
  userName: string,
  keys: readonly { readonly id: string }[],
  { badRows }: AccountLedger,
): Gap | undefined {
  const row = badRows.find(({ accessKeyId }) => keys.some(({ id }) => id === accessKeyId));
  return row === undefined ? undefined : gapOf(userName, row);
}

/**
 * Rows that hold up nobody: of keys that no user has who was read, or that say of nothing what they are about.
 * A run over some users doesn't know whose keys the others are.
 */
export function unreadableRowFindings(
  { badRows }: AccountLedger,
  gaps: readonly Gap[],
  { userNames }: RunContext,
): readonly Finding[] {
  const told = new Set(gaps.map(({ failure }) => failure.message));
  return badRows
    .filter(({ userName, accessKeyId, message }) => {
      if (userName !== undefined) return false;
      return !told.has(message) && (accessKeyId === undefined || userNames.length === 0);
    })
    .map(({ message }) => ({ severity: 'failure', message, nextStep: NEXT_STEP }));
}
