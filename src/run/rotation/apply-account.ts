import pLimit from 'p-limit';
import { definedOnly } from '../../domain/defined-only.ts';
import { failureOf } from '../../domain/errors.ts';
import type { Gap } from '../../domain/report/outcome.ts';
import { nobodyReads } from '../../domain/report/nobody-reads.ts';
import type { Finding, RotatedAccount } from '../../domain/report/run-report.ts';
import { CHANGING } from '../../domain/rotation/decision.ts';
import { limitsExceeded, plan, type Planned } from '../../domain/rotation/limits.ts';
import type { Instant } from '../../domain/time.ts';
import type { AccountContext } from '../context/account-context.ts';
import { readLedger } from '../context/believed-ledger.ts';
import { timeForAnotherUser } from '../context/run-context.ts';
import type { AccountLedger } from '../ports/ledger.ts';
import { isAnythingPending, pendingSince, recover, type Recovery } from '../recovery/recover.ts';
import { endAcceptances, passLimits } from './accepted-limits.ts';
import { applyUser, type AppliedUser } from './apply-user.ts';
import { forgetGoneKeys } from './gone-keys.ts';
import { outOfTime } from './gather.ts';
import { claimDeadlines } from './claim-deadlines.ts';
import { isAnythingOpen, leavesSomethingOpen } from './open-users.ts';
import { recordObservations } from './observations.ts';
import {
  decideAll,
  digestIsDue,
  orphansAmong,
  permissionFor,
  type Decided,
  leftOutOf,
} from './plan-account.ts';
import { rootFindings } from './root-findings.ts';
import type { Survey } from './survey.ts';
import { voidNotices } from './void-notices.ts';

/** One account, held for this run: what is pending is resolved, then everything else is done. */
export async function applyAccount(context: AccountContext, survey: Survey = {}): Promise<RotatedAccount> {
  const { run, account, settings, session } = context;
  const root = await rootFindings(session.inventory, survey);
  const { memory, findings: notBelieved } = await readLedger(context);
  const pending = isAnythingPending(memory);
  const wasOpen = isAnythingOpen(memory);
  if (wasOpen && (await run.openAccounts?.has(account.id)) === false) await run.openAccounts?.add(account.id);
  // Before anything is done, so that whatever ends this run, the next one reports it.
  if (pending) await markDigestPending(context, pendingSince(memory, run.clock.now()));
  const recovery = await recover(memory, context);
  const decided = await decideAfter(recovery, memory, context, survey);
  const { decisions, gaps, leftOut, findings } = decided;
  const isOpen = wasOpen || gaps.length > 0 || leavesSomethingOpen(decisions);
  // Even if it was there when this run began: a run that found nothing open may have removed it since.
  if (isOpen && !wasOpen) await run.openAccounts?.add(account.id);
  if (!isOpen) await forgetOpen(context);
  const uncovered = leftOut.map(({ userName }) => userName);
  const unrecorded = [
    ...(await recordObservations(decisions, context)),
    ...(await voidNotices(uncovered, decisions, memory, context)),
    ...(await forgetGoneKeys(decided.goneKeys, context)),
  ];
  const permission = await permissionFor(context, decided);
  const passed = await passLimits(limitsExceeded(decisions, permission), memory.acceptances, context);
  const claimed = await claimDeadlines(
    plan(decisions, { ...permission, accepted: passed.accepted }),
    context,
  );
  const { planned } = claimed;
  const { mode, topicArn = run.publishing?.sharedTopicArn } = settings.values;
  const unknownBecause = topicArn === undefined ? undefined : run.publishing?.readers.failureOf(topicArn);
  const unread = nobodyReads(planned, permission.readers, topicArn, mode, unknownBecause);
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
  // Last, since keys go first where time is short.
  const orphans = timeForAnotherUser(run) ? await orphansAmong(decided.listedUsers, context) : [];
  const unended = triedAll ? await endAcceptances([...passed.accepted.keys()], context) : [];
  return {
    status: 'rotated',
    account,
    settings,
    outcomes: done.flatMap(({ outcomes }) => outcomes),
    // The next run starts with the first of them: users who were read come before those who weren't.
    gaps: [...done.flatMap((one) => one.outOfTime ?? []), ...gaps],
    ...(await leftOutOf(leftOut, context)),
    recoveredEntries: recovery.recoveredEntries,
    ...digestIsDue(context, memory),
    ...definedOnly({ notLookedAt: decided.notLookedAt }),
    rootKeys: root.rootKeys,
    ...(changes || pending || memory.pendingDigest !== undefined ? { digestIsPending: true } : {}),
    findings: [
      ...recovery.unreported,
      ...notBelieved,
      ...root.findings,
      ...recovery.findings,
      ...findings,
      ...unrecorded,
      ...(unread === undefined ? [] : [unread]),
      ...passed.findings,
      ...claimed.findings,
      ...done.flatMap((one) => one.findings),
      ...unended,
      ...orphans,
    ],
  };
}

/** Where this fails, the next runs read the rows of the account, and find nothing in them. */
async function forgetOpen({ run: { openAccounts }, account, lease }: AccountContext): Promise<void> {
  try {
    if ((await openAccounts?.has(account.id)) !== true) return;
    // Who has it by now may have opened something.
    await lease.hold();
    await openAccounts?.remove(account.id);
  } catch {
    return;
  }
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
  survey: Survey,
): Promise<Decided> {
  try {
    const memory = !isAnythingPending(before) ? before : (await readLedger(context)).memory;
    return await decideAll(context, memory, unrecovered, survey);
  } catch (error) {
    if (findings.length === 0) throw error;
    const { during, message, nextStep } = failureOf(error, 'read the account');
    const why = `Nothing was decided for this account: ${during}: ${message}`;
    const failure: Finding = { severity: 'failure', message: why, nextStep };
    return {
      decisions: [],
      gaps: unrecovered,
      leftOut: [],
      findings: [failure],
      listedUsers: [],
      goneKeys: [],
    };
  }
}

function byUser(planned: readonly Planned[]): readonly (readonly Planned[])[] {
  const groups = new Map<string, Planned[]>();
  for (const one of planned) {
    const { userName } = one.decision;
    groups.set(userName, [...(groups.get(userName) ?? []), one]);
  }
  return [...groups.values()];
}
