import pLimit from 'p-limit';
import { describeFailure, failureOf } from '../../domain/errors.ts';
import type { Gap } from '../../domain/report/outcome.ts';
import type { Finding, RotatedAccount } from '../../domain/report/run-report.ts';
import { CHANGING, type Decision } from '../../domain/rotation/decision.ts';
import { limitsExceeded, plan, type Planned } from '../../domain/rotation/limits.ts';
import { dateOf, type Instant } from '../../domain/time.ts';
import type { AccountContext } from '../context/account-context.ts';
import { timeForAnotherUser } from '../context/run-context.ts';
import type { AccountLedger } from '../ports/ledger.ts';
import { isAnythingPending, pendingSince, recover, type Recovery } from '../recovery/recover.ts';
import { endAcceptances, passLimits } from './accepted-limits.ts';
import { applyUser, type AppliedUser } from './apply-user.ts';
import { outOfTime } from './gather.ts';
import { decideAll, digestIsDue, limitsOf, rootFindings, type Decided } from './plan-account.ts';
import { unreadableRowFindings } from './unreadable-rows.ts';
import { voidNotices } from './void-notices.ts';

/** One account, held for this run: what is pending is resolved, then everything else is done. */
export async function applyAccount(context: AccountContext): Promise<RotatedAccount> {
  const { run, account, settings, session } = context;
  const root = await rootFindings(session.inventory);
  const memory = await run.ledger.read(account.id);
  const pending = isAnythingPending(memory);
  // Before anything is done, so that whatever ends this run, the next one reports it.
  if (pending) await markDigestPending(context, pendingSince(memory, run.clock.now()));
  const recovery = await recover(memory, context);
  const { decisions, gaps, uncovered, findings } = await decideAfter(recovery, memory, context);
  const unrecorded = [
    ...(await recordObservations(decisions, context)),
    ...(await voidNotices(uncovered, memory, context)),
  ];
  const { mode } = settings.values;
  const passed = await passLimits(
    limitsExceeded(decisions, mode, limitsOf(settings), decisions.length),
    memory.acceptances,
    context,
  );
  const planned = plan(decisions, mode, limitsOf(settings), decisions.length, passed.waived);
  const changes = planned.some(({ decision, held }) => held === undefined && CHANGING.has(decision.action));
  if (changes && !pending) await markDigestPending(context);
  const limit = pLimit(run.userConcurrency);
  const done = await limit.map(
    byUser(planned),
    async (own): Promise<AppliedUser & { readonly outOfTime?: Gap }> => {
      if (timeForAnotherUser(run)) return await applyUser(own, context);
      return { outcomes: [], findings: [], outOfTime: outOfTime(own[0]?.decision.userName ?? '') };
    },
  );
  const triedAll = [...gaps, ...done.flatMap((one) => one.outOfTime ?? [])].every(
    ({ reason }) => reason !== 'out-of-time',
  );
  const unended = triedAll ? await endAcceptances(passed.waived, context) : [];
  return {
    status: 'rotated',
    account,
    settings,
    outcomes: done.flatMap(({ outcomes }) => outcomes),
    // The next run starts with the first of them: users who were read come before those who weren't.
    gaps: [...done.flatMap((one) => one.outOfTime ?? []), ...gaps],
    uncovered,
    recoveredEntries: recovery.recoveredEntries,
    ...digestIsDue(context, memory),
    ...(changes || pending || memory.pendingDigest !== undefined ? { digestIsPending: true } : {}),
    findings: [
      ...recovery.unreported,
      ...root,
      ...recovery.findings,
      ...findings,
      ...unrecorded,
      ...passed.findings,
      ...done.flatMap((one) => one.findings),
      ...unended,
    ],
  };
}

const markDigestPending = (
  { run, account }: AccountContext,
  since: Instant = run.clock.now(),
): Promise<void> => run.ledger.markDigestPending(account.id, run.runId, since);

/**
 * Decides with what the ledger says after the recovery. When the account then can't be read, there still is
 * a report where something was recovered: no later run finds that again.
 */
async function decideAfter(
  { findings, unrecovered }: Recovery,
  before: AccountLedger,
  context: AccountContext,
): Promise<Decided & { readonly findings: readonly Finding[] }> {
  try {
    const memory = !isAnythingPending(before) ? before : await context.run.ledger.read(context.account.id);
    const decided = await decideAll(context, memory, unrecovered);
    return { ...decided, findings: unreadableRowFindings(memory) };
  } catch (error) {
    if (findings.length === 0) throw error;
    const { during, message, nextStep } = failureOf(error, 'read the account');
    const why = `Nothing was decided for this account: ${during}: ${message}`;
    const failure: Finding = { severity: 'failure', message: why, nextStep };
    return { decisions: [], gaps: unrecovered, uncovered: [], findings: [failure] };
  }
}

const OBSERVED = {
  'seen-inactive': 'found inactive',
  'seen-reactivated': 'switched on again',
  'notice-void': 'exempt, which makes its notice void,',
} as const;

/** Records what reading the keys has shown, whatever becomes of the decisions. */
async function recordObservations(
  decisions: readonly Decision[],
  { run: { ledger, userConcurrency }, account, lease }: AccountContext,
): Promise<readonly Finding[]> {
  const limit = pLimit(userConcurrency);
  const results = await limit.map(decisions, async ({ observation, userName, key }): Promise<Finding[]> => {
    if (observation === undefined) return [];
    const { kind, at } = observation;
    try {
      await lease.hold();
      if (kind === 'seen-inactive') await ledger.recordInactive(account.id, userName, key.id, at);
      // For a void notice as well: both start the graces anew.
      else await ledger.recordReactivated(account.id, userName, key.id, at);
      return [];
    } catch (error) {
      const { message, nextStep } = describeFailure(error, 'write the ledger');
      const what = OBSERVED[kind];
      return [
        {
          severity: 'failure',
          message: `${key.id} of ${userName} was ${what} on ${dateOf(at)}, but that could not be recorded: ${message}`,
          nextStep,
        },
      ];
    }
  });
  return results.flat();
}

function byUser(planned: readonly Planned[]): readonly (readonly Planned[])[] {
  const groups = new Map<string, Planned[]>();
  for (const one of planned) {
    const { userName } = one.decision;
    groups.set(userName, [...(groups.get(userName) ?? []), one]);
  }
  return [...groups.values()];
}
