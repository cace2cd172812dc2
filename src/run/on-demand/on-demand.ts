import type { Account } from '../../domain/account.ts';
import { InputError, OperationError } from '../../domain/errors.ts';
import type { AccountReport, RunReport } from '../../domain/report/run-report.ts';
import type { Decision } from '../../domain/rotation/decision.ts';
import type { UserKeys } from '../../domain/rotation/key.ts';
import { isAsShown, shownSteps, type OnDemandPlan, type ShownStep } from '../../domain/rotation/on-demand.ts';
import type { Policy } from '../../domain/rotation/policy.ts';
import type { AccountSettings } from '../../domain/settings/account-settings.ts';
import { findAccount } from '../context/accounts.ts';
import { refuseMissingTopics } from '../context/missing-topics.ts';
import type { AccountView } from '../context/account-context.ts';
import { readLedger } from '../context/believed-ledger.ts';
import type { RunContext } from '../context/run-context.ts';
import {
  enterReadOnly,
  publishAndRelease,
  refusePlaintextByEmail,
  withAccountLease,
} from '../context/with-account.ts';
import type { AccountLedger } from '../ports/ledger.ts';
import { isAnythingPending, pendingSince, recover } from '../recovery/recover.ts';
import { applyUser } from '../rotation/apply-user.ts';
import { gather, type GatheredUser } from '../rotation/gather.ts';

/** What a person has agreed to. */
interface Agreed {
  readonly account: Account;
  readonly settings: AccountSettings;
  readonly userName: string;
  readonly shown: readonly ShownStep[];
  /** Decides again, on the keys as they are then. */
  readonly decide: Decide;
}

/** What a person has asked for, as it would be done now: to be shown and confirmed. */
export interface Prepared extends Agreed {
  readonly decisions: readonly Decision[];
}

/** What is to be done about a user, or why it can't be done. */
export type Decide = (user: UserKeys, policy: Policy) => OnDemandPlan;

/**
 * Finds out what would be done. Changes nothing.
 * @param find the user it is about
 * @throws InputError when it can't be done, saying why and what would help
 */
export async function prepare(
  accountId: string,
  find: { readonly userName: string } | { readonly accessKeyId: string },
  decide: Decide,
  run: RunContext,
): Promise<Prepared> {
  const { account, settings } = await findOne(accountId, run);
  const view = await enterReadOnly(account, settings, run);
  const userName = 'userName' in find ? find.userName : await view.session.inventory.userOf(find.accessKeyId);
  if (userName === undefined) {
    throw new InputError([
      `--key: account ${accountId} has no access key ${'accessKeyId' in find ? find.accessKeyId : ''}`,
    ]);
  }
  const { memory } = await readLedger(view);
  const { user, policy } = await readOne(userName, view, memory);
  const decided = decide(asRecovered(user, memory), policy);
  if ('problem' in decided) throw new InputError([`${decided.problem}. ${decided.nextStep}`]);
  const { decisions } = decided;
  return { account, settings, userName, decisions, shown: shownSteps(decisions), decide };
}

/**
 * An account in which something is to be done that was asked for by name.
 * @throws InputError when there is none, or nobody would be told
 * @throws OperationError when its settings can't be used
 */
export async function findOne(
  accountId: string,
  run: RunContext,
): Promise<Pick<Prepared, 'account' | 'settings'>> {
  const { account, settings: found } = await findAccount(accountId, run);
  await refuseMissingTopics([account], found.snapshot, run);
  const settings = byRequest(found);
  await refusePlaintextByEmail(settings, run);
  return { account, settings };
}

/**
 * Before anything else is done, what an interrupted replacement has made is delivered. Who tries again what was
 * interrupted must not be told that both places are taken. If it is deleted instead, what was shown is not done.
 */
function asRecovered(user: UserKeys, { intents }: AccountLedger): UserKeys {
  const intent = intents.find(({ userName }) => userName === user.userName);
  if (intent === undefined) return user;
  const { knownKeyIds, replaces: replacementOf, startedAt: deliveredAt } = intent;
  const keys = user.keys.map((key) =>
    knownKeyIds.includes(key.id) ? key : { ...key, memory: { ...key.memory, replacementOf, deliveredAt } },
  );
  return { ...user, keys };
}

/**
 * Does what was agreed to, if that is still what would be done.
 * Never throws: an account that can't be worked on says so.
 */
export async function perform(agreed: Agreed, whole: RunContext): Promise<AccountReport> {
  // A report about one user doesn't count as the account's digest.
  const run = { ...whole, userNames: [agreed.userName] };
  const result = await withAccountLease(agreed.account, agreed.settings, run, async (context) => {
    const { account, settings, userName, shown, decide } = agreed;
    const { memory: before, findings: notBelieved } = await readLedger(context);
    const own = (one: { readonly userName: string }) => one.userName.toLowerCase() === userName.toLowerCase();
    // Other users' pending changes are recovered as well: what an earlier run did is reported only once.
    const pending = { ...before, intents: before.intents.filter(own) };
    const { ledger, runId, clock } = run;
    await run.openAccounts?.add(account.id);
    if (isAnythingPending(pending))
      await ledger.markDigestPending(account.id, runId, pendingSince(pending, clock.now()));
    const recovery = await recover(pending, context);
    const unrecovered = recovery.unrecovered.filter(own);
    const findings = [...recovery.unreported, ...notBelieved, ...recovery.findings];
    const report = {
      status: 'rotated',
      account,
      settings,
      uncovered: [],
      gaps: unrecovered,
      digestIsPending: true,
      recoveredEntries: recovery.recoveredEntries,
    } as const;
    if (unrecovered.length > 0) return { ...report, outcomes: [], findings };
    const memory = !isAnythingPending(pending) ? before : (await readLedger(context)).memory;
    const { user, policy } = await readOne(userName, context, memory);
    const decided = decide(user, policy);
    if ('problem' in decided || !isAsShown(decided.decisions, shown)) {
      throw new OperationError({
        kind: 'changed-meanwhile',
        during: 'decide again',
        message:
          'problem' in decided
            ? decided.problem
            : `the keys of ${userName} have changed since this was shown`,
        nextStep: 'Run the command again and look at what it would do now.',
      });
    }
    await ledger.markDigestPending(account.id, runId, clock.now());
    const done = await applyUser(
      decided.decisions.map((decision) => ({ decision })),
      context,
      user.keys,
    );
    return { ...report, outcomes: done.outcomes, findings: [...findings, ...done.findings] };
  });
  return await publishAndRelease(result, run);
}

/** What became of one account, as a run over it. */
export const reportOfOne = (report: AccountReport, { runId, now, clock }: RunContext): RunReport => ({
  runId,
  mode: 'settings' in report ? report.settings.values.mode : 'audit',
  isAudit: false,
  startedAt: now,
  finishedAt: clock.now(),
  accounts: [report],
  findings: [],
});

/**
 * Reads one user with everything that a decision about it depends on.
 * @throws InputError when the account has no such user, or it has no keys
 */
async function readOne(userName: string, view: AccountView, memory: AccountLedger): Promise<GatheredUser> {
  const run = { ...view.run, userNames: [userName], everyLastUse: true };
  const { users, gaps } = await gather({ ...view, run }, memory);
  const [found] = users;
  if (found !== undefined) return found;
  const [gap] = gaps;
  if (gap !== undefined) throw new OperationError(gap.failure);
  throw new InputError([`--user: account ${view.account.id} has no user ${userName} with access keys`]);
}

/**
 * What a person asks for by name is done in every mode, and for users who aren't covered: those settings
 * are about what runs do on their own.
 */
const byRequest = (settings: AccountSettings): AccountSettings => ({
  ...settings,
  values: { ...settings.values, mode: 'enforce', includeUsers: [], excludeUsers: [] },
  sources: { ...settings.sources, mode: 'asked for by name' },
});
