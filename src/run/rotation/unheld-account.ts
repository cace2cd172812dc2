import { definedOnly } from '../../domain/defined-only.ts';
import type { RotatedAccount } from '../../domain/report/run-report.ts';
import type { AccountView } from '../context/account-context.ts';
import { readLedger } from '../context/believed-ledger.ts';
import { notApplied } from './apply-user.ts';
import { isAnythingOpen, leavesSomethingOpen } from './open-users.ts';
import { mayHaveOrphans } from './orphaned-secrets.ts';
import { decideAll, leftOutOf } from './plan-account.ts';
import { mayBeQuiet } from './quiet-account.ts';
import { rootFindings } from './root-findings.ts';
import type { Survey } from './survey.ts';

/**
 * The report of an account that is worked through in its turn, and where that finds nothing to do, to record or to
 * tell: nobody has to hold it for that. What could have been found is looked for again under a lease.
 * @returns undefined where there is something, or something that could not be read
 */
export async function unheldAccount(view: AccountView, survey: Survey): Promise<RotatedAccount | undefined> {
  if (survey.narrowed?.isOnlyInTurn !== true || !(await mayBeQuiet(view))) return undefined;
  const { account, settings, session } = view;
  const { memory, findings: notBelieved } = await readLedger(view);
  if (notBelieved.length > 0 || isAnythingOpen(memory)) return undefined;
  const decided = await decideAll(view, memory, [], survey);
  const { decisions, gaps, findings, goneKeys, listedUsers, leftOut, notLookedAt } = decided;
  if (gaps.length + findings.length + goneKeys.length > 0 || leavesSomethingOpen(decisions)) return undefined;
  if (await mayHaveOrphans(listedUsers, session.orphanedSecrets)) return undefined;
  return {
    status: 'rotated',
    account,
    settings,
    outcomes: decisions.map((decision) => notApplied({ decision })),
    gaps: [],
    ...(await rootFindings(session.inventory, survey)),
    ...(await leftOutOf(leftOut, view)),
    ...definedOnly({ notLookedAt }),
  };
}
