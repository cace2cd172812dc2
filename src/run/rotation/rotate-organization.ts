import pLimit from 'p-limit';
import { selectAccount, type Account } from '../../domain/account.ts';
import { definedOnly } from '../../domain/defined-only.ts';
import { meansAccount } from '../../domain/named-users.ts';
import type { AccountReport, RunReport } from '../../domain/report/run-report.ts';
import type { SettingsSnapshot } from '../../domain/settings/setting.ts';
import { MINUTE, type Duration } from '../../domain/time.ts';
import { listAccounts } from '../context/accounts.ts';
import type { RunContext } from '../context/run-context.ts';
import { publishAndRelease, type AccountResult } from '../context/with-account.ts';
import { publishSummary, reportOf, type Begun } from './report-on-run.ts';
import { planAccountOnly, rotateAccount } from './rotate-account.ts';

/**
 * Accounts in, report out. Each account is a job of its own in a bounded pool: a slow one holds up
 * only itself, and a bad one ends only itself.
 * @throws InputError when the settings name accounts or units that the organization doesn't have
 * @throws OperationError when the settings can't be read, or the organization can't be listed
 * @param before may refuse the whole run, before the first account is entered
 */
export async function rotateOrganization(run: RunContext, before?: Check): Promise<RunReport> {
  const way = { enter: rotateAccount, leave: publishAndRelease, ...definedOnly({ before }) };
  const { report, to } = await reportOn(run, way);
  return await publishSummary(report, to, run);
}

/**
 * What `rotateOrganization` would do now, by the same settings and limits. Changes and publishes nothing.
 * @throws as it does
 */
export async function planOrganization(run: RunContext, before?: Check): Promise<RunReport> {
  const leave = ({ report }: AccountResult) => Promise.resolve(report);
  const { report } = await reportOn(run, { enter: planAccountOnly, leave, ...definedOnly({ before }) });
  return report;
}

/** What is done with each account. */
interface Way {
  readonly enter: typeof rotateAccount;
  readonly leave: typeof publishAndRelease;
  /** May refuse the whole run. */
  readonly before?: Check;
}

/** What is looked at before the first account is entered. */
type Check = (accounts: readonly Account[], snapshot: SettingsSnapshot, run: RunContext) => Promise<void>;

async function reportOn(
  run: RunContext,
  { enter: enterOne, leave, before }: Way,
): Promise<ReturnType<typeof reportOf>> {
  const begun = await beginRun(run, before);
  run.progress.accountsFound(begun.jobs.length);

  const enter = paced(run, begun.snapshot, enterOne);
  const limit = pLimit(run.accountConcurrency);
  const reports = await limit.map(begun.jobs, async ({ account, skipped }): Promise<AccountReport> => {
    const report =
      skipped !== undefined
        ? ({ status: 'skipped', account, cause: skipped } as const)
        : isPlaced(account, begun)
          ? await enter(account)
          : await leave({ report: unplaced(account) }, run);
    run.progress.accountDone(report);
    return report;
  });
  return reportOf(run, begun, reports);
}

/** What is to be done about an account. */
interface Job {
  readonly account: Account;
  /** Why it is left out, and only named in the report. */
  readonly skipped?: string;
}

export interface BegunRun extends Begun {
  /** Whether the accounts say which units they are in: something depends on it. */
  readonly withOus: boolean;
  /** In the order in which they are done. */
  readonly jobs: readonly Job[];
}

/**
 * Reads the settings and lists the accounts.
 * @throws as `rotateOrganization` does
 */
export async function beginRun(run: RunContext, before?: Check): Promise<BegunRun> {
  const snapshot = await run.settings.read();
  const { accounts, withOus, findings } = await listAccounts(run, snapshot);
  const jobs = inTurn(accounts, run).flatMap((account): readonly Job[] => {
    const selected = selectAccount(account, run.selection);
    if (selected.kind === 'not-asked' || !meansAccount(run.userNames, account.id)) return [];
    return [{ account, ...(selected.kind === 'selected' ? {} : { skipped: selected.cause }) }];
  });
  const concerned = jobs.flatMap(({ account, skipped }) => (skipped === undefined ? [account] : []));
  await before?.(concerned, snapshot, run);
  return { snapshot, accounts, withOus, findings, jobs };
}

/** Whether it is known what its units say about it, where they say anything. */
const isPlaced = ({ ouPath }: Account, { withOus }: Pick<BegunRun, 'withOus'>): boolean =>
  !withOus || ouPath.length > 0;

/** An account of the run, alone: what is done about it, and published. Never throws for what fails in it. */
export const rotateListed = async (
  account: Account,
  begun: Pick<BegunRun, 'snapshot' | 'withOus'>,
  run: RunContext,
): Promise<AccountReport> =>
  isPlaced(account, begun)
    ? await rotateAccount(account, begun.snapshot, run)
    : await publishAndRelease({ report: unplaced(account) }, run);

/** Its units, whose settings may exclude it, aren't known: an account that is being moved is in none. */
const unplaced = (account: Account): AccountReport => ({
  status: 'unreachable',
  account,
  failure: {
    kind: 'transient',
    during: 'find the organizational unit of the account',
    message: 'it is listed, but below no organizational unit',
    nextStep: 'Nothing to do if it was being moved: the next run tries again.',
  },
});

/**
 * What the last run had no time for goes first. The others start with another account every time, so that
 * time doesn't always run out for the same one.
 */
function inTurn(accounts: readonly Account[], { turn, deferred }: RunContext): readonly Account[] {
  const first = accounts.length === 0 ? 0 : turn % accounts.length;
  const turned = [...accounts.slice(first), ...accounts.slice(0, first)];
  const isDeferred = ({ id }: Account) => deferred.some(({ accountId }) => accountId === id);
  return [...turned.filter(isDeferred), ...turned.filter((account) => !isDeferred(account))];
}

/** No account is started with less time than this, however fast the others were. */
const LEAST_TIME = 2 * MINUTE;
/** With this much left, any account is started: users there is no time for are the first next time. */
const MOST_TIME = 5 * MINUTE;

/** Starts no account that the time left may not be enough for. */
function paced(
  run: RunContext,
  snapshot: SettingsSnapshot,
  enter: typeof rotateAccount,
): (account: Account) => Promise<AccountReport> {
  let slowest: Duration = 0;
  return async (account) => {
    const startedAt = run.clock.now();
    const needed = Math.min(MOST_TIME, Math.max(LEAST_TIME, 2 * slowest));
    if (run.deadline !== undefined && run.deadline - startedAt < needed) {
      const cause = 'not enough time was left in this run; the next run comes to it';
      return { status: 'not-started', account, cause };
    }
    const report = await enter(account, snapshot, run);
    slowest = Math.max(slowest, run.clock.now() - startedAt);
    return report;
  };
}
