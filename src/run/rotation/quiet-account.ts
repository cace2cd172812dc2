import type { RotatedAccount } from '../../domain/report/run-report.ts';
import { isAccountInTurn } from '../../domain/rotation/credential-report.ts';
import type { AccountView } from '../context/account-context.ts';
import { readLedger } from '../context/believed-ledger.ts';
import { isAnythingOpen } from './open-users.ts';
import { readExclusions } from './exclusions.ts';
import { rootFindings } from './root-findings.ts';
import { notLookedAt, turnOf, type Survey } from './survey.ts';

/**
 * The report of an account in which nothing is due and nothing is open. It costs no lease and no rows.
 * @returns undefined where there is more to find out
 */
export async function quietAccount(view: AccountView, survey: Survey): Promise<RotatedAccount | undefined> {
  const { narrowed } = survey;
  if (narrowed === undefined || narrowed.lookAt.size > 0 || !(await isNothingOpen(view))) return undefined;
  const { account, settings, session } = view;
  const { leftOut } = narrowed;
  const { rootKeys, findings } = await rootFindings(session.inventory, survey);
  return {
    status: 'rotated',
    account,
    settings,
    outcomes: [],
    gaps: [],
    findings,
    rootKeys,
    uncovered: leftOut.map(({ userName }) => userName),
    ...(leftOut.length === 0 ? {} : { exclusions: await readExclusions(leftOut, view) }),
    notLookedAt: notLookedAt(narrowed, account),
  };
}

/** Whether nothing is known to be open or wanted in an account. */
export async function mayBeQuiet({ run, account, settings }: AccountView): Promise<boolean> {
  // When the last digest was published only the ledger knows.
  if (settings.values.digestFrequency === 'weekly') return false;
  return (await run.openAccounts?.has(account.id)) !== true;
}

async function isNothingOpen(view: AccountView): Promise<boolean> {
  if (!(await mayBeQuiet(view))) return false;
  // Whatever else may have been lost, and secrets of users who are gone, comes to light in four runs.
  const turn = turnOf(view);
  if (isAccountInTurn(turn)) return false;
  if (!turn.isFirst) return true;
  const { memory, findings } = await readLedger(view);
  return findings.length === 0 && !isAnythingOpen(memory);
}
