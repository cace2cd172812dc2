import pLimit from 'p-limit';
import { failureInWords, failureOf } from '../../domain/errors.ts';
import type { Gap } from '../../domain/report/outcome.ts';
import type { Finding, RotatedAccount } from '../../domain/report/run-report.ts';
import { CHANGING, type Decision } from '../../domain/rotation/decision.ts';
import { limitsExceeded, plan, type Planned } from '../../domain/rotation/limits.ts';
import { dateOf, type Instant } from '../../domain/time.ts';
import type { Workplace } from '../context/account-context.ts';
import { timeForAnotherUser, type Run } from '../context/run-context.ts';
import type { AccountMemory } from '../ports/ledger.ts';
import { anythingBegun, owedSince, repair, type Repair } from '../recovery/recover.ts';
import { endAcceptances, passLimits } from './accepted-limits.ts';
import { carryOut, type Done } from './apply-user.ts';
import { outOfTime } from './gather.ts';
import { decideAll, digestIsDue, limitsOf, rootFindings, type Decided } from './plan-account.ts';
import { strayRows } from './unreadable-rows.ts';
import { voidNotices } from './void-notices.ts';

/** One account, held for this run: what was begun is repaired, then everything else is done. */
export async function work(place: Workplace, run: Run): Promise<RotatedAccount> {
  const { account, settings } = place;
  const root = await rootFindings(place.session.inventory);
  const memory = await run.ledger.read(account.id);
  const begun = anythingBegun(memory);
  // Before anything is done, so that whatever ends this run, the next one tells of it.
  if (begun) await oweDigest(place, owedSince(memory, place.clock.now()));
  const repaired = await repair(memory, place, run);
  const { decisions, gaps, uncovered, findings } = await decideAfter(repaired, memory, place, run);
  const unrecorded = [
    ...(await recordObservations(decisions, place, run)),
    ...(await voidNotices(uncovered, memory, place)),
  ];
  const { mode } = settings.values;
  const passed = await passLimits(
    limitsExceeded(decisions, mode, limitsOf(settings), decisions.length),
    memory.acceptances,
    place,
  );
  const planned = plan(decisions, mode, limitsOf(settings), decisions.length, passed.waived);
  const changes = planned.some(({ decision, held }) => held === undefined && CHANGING.has(decision.action));
  if (changes && !begun) await oweDigest(place);
  const limit = pLimit(run.userConcurrency);
  const done = await limit.map(byUser(planned), async (own): Promise<Done & { readonly late?: Gap }> => {
    if (timeForAnotherUser(run)) return await carryOut(own, place);
    return { outcomes: [], findings: [], late: outOfTime(own[0]?.decision.userName ?? '') };
  });
  const triedAll = [...gaps, ...done.flatMap(({ late }) => late ?? [])].every(
    ({ reason }) => reason !== 'out-of-time',
  );
  const unended = triedAll ? await endAcceptances(passed.waived, place) : [];
  return {
    status: 'rotated',
    account,
    settings,
    outcomes: done.flatMap(({ outcomes }) => outcomes),
    // The next run begins with the first of them: those who were read come before those who weren't.
    gaps: [...done.flatMap(({ late }) => late ?? []), ...gaps],
    uncovered,
    late: repaired.late,
    ...digestIsDue(settings, memory, run),
    ...(changes || begun || memory.owedDigest !== undefined ? { digestIsOwed: true } : {}),
    findings: [
      ...repaired.untold,
      ...root,
      ...repaired.findings,
      ...findings,
      ...unrecorded,
      ...passed.findings,
      ...done.flatMap((one) => one.findings),
      ...unended,
    ],
  };
}

const oweDigest = (
  { ledger, accountId, runId, clock }: Workplace,
  since: Instant = clock.now(),
): Promise<void> => ledger.owe(accountId, runId, since);

/**
 * Decides with what the ledger says after the recovery. What was repaired is told only once, so
 * then an account that can't be read further isn't given up.
 */
async function decideAfter(
  { findings, unrepaired }: Repair,
  before: AccountMemory,
  { accountId, session: { inventory }, settings, lease }: Workplace,
  run: Run,
): Promise<Decided & { readonly findings: readonly Finding[] }> {
  try {
    const memory = !anythingBegun(before) ? before : await run.ledger.read(accountId);
    const decided = await decideAll({ inventory, memory, settings, lease }, unrepaired, run);
    return { ...decided, findings: strayRows(memory) };
  } catch (error) {
    if (findings.length === 0) throw error;
    const { during, message, nextStep } = failureOf(error, 'read the account');
    const why = `Nothing was decided for this account: ${during}: ${message}`;
    const failure: Finding = { severity: 'failure', message: why, nextStep };
    return { decisions: [], gaps: unrepaired, uncovered: [], findings: [failure] };
  }
}

const OBSERVED = {
  'seen-inactive': 'found inactive',
  'seen-reactivated': 'switched on again',
  'notice-void': 'exempt, which makes its notice void,',
} as const;

/** What the ledger is to remember of this look at the keys, whatever becomes of the decisions. */
async function recordObservations(
  decisions: readonly Decision[],
  { accountId, ledger, lease }: Workplace,
  run: Run,
): Promise<readonly Finding[]> {
  const limit = pLimit(run.userConcurrency);
  const results = await limit.map(decisions, async ({ observation, userName, key }): Promise<Finding[]> => {
    if (observation === undefined) return [];
    const { kind, at } = observation;
    try {
      await lease.hold();
      if (kind === 'seen-inactive') await ledger.inactive(accountId, userName, key.id, at);
      // Both start the graces anew.
      else await ledger.reactivated(accountId, userName, key.id, at);
      return [];
    } catch (error) {
      const { message, nextStep } = failureInWords(error, 'write the ledger');
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
