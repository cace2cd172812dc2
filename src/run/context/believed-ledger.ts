import { definedOnly } from '../../domain/defined-only.ts';
import type { Finding } from '../../domain/report/run-report.ts';
import { hasHappened } from '../../domain/rotation/believed.ts';
import { ACCEPTED_FOR, type Acceptance } from '../../domain/rotation/acceptance.ts';
import { days, type Duration, type Instant } from '../../domain/time.ts';
import type { AccountLedger } from '../ports/ledger.ts';
import type { AccountView } from './account-context.ts';
import { untrueRow } from './untrue-row.ts';

/** What a run could not report it did within this time: about the longest between two runs. */
const UNREPORTED_FOR: Duration = days(45);

/**
 * The ledger of an account, without what no run can have written about the account as a whole. Of its keys
 * and users, whose rows are checked against what IAM lists, it says what the rows say.
 */
export async function readLedger({
  run: { ledger, now },
  account,
}: Pick<AccountView, 'run' | 'account'>): Promise<{
  readonly memory: AccountLedger;
  readonly findings: readonly Finding[];
}> {
  return believedLedger(await ledger.read(account.id), now);
}

function believedLedger(
  { acceptances, lastDigestAt, pendingDigest, ...rest }: AccountLedger,
  now: Instant,
): { readonly memory: AccountLedger; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const accepted = acceptances.filter((acceptance) => canBeTrue(acceptance, now));
  for (const { limit } of acceptances.filter((one) => !accepted.includes(one))) {
    findings.push(untrueRow(`accepted#${limit}`, 'a limit is accepted now, and for two weeks'));
  }
  // A digest of the future would be the last one.
  const isDigestTrue = lastDigestAt === undefined || hasHappened(lastDigestAt, now);
  if (!isDigestTrue) findings.push(untrueRow('digest', 'the last digest was published in the future'));
  const isPendingTrue = pendingDigest === undefined || hasHappened(pendingDigest.since, now);
  // What was not reported since then would never be.
  if (!isPendingTrue) findings.push(untrueRow('digest', 'one is pending since a moment in the future'));
  return {
    memory: {
      ...rest,
      acceptances: accepted,
      ...definedOnly({
        lastDigestAt: isDigestTrue ? lastDigestAt : undefined,
        pendingDigest: isPendingTrue ? pendingDigest : { ...pendingDigest, since: now - UNREPORTED_FOR },
      }),
    },
    findings,
  };
}

const canBeTrue = ({ at, until }: Acceptance, now: Instant): boolean =>
  hasHappened(at, now) && until - at <= ACCEPTED_FOR;
