import pLimit from 'p-limit';
import { selectAccount, type Account } from '../../domain/account.ts';
import { showSettingsOf } from '../../domain/commands.ts';
import { definedOnly } from '../../domain/defined-only.ts';
import { describeFailure } from '../../domain/errors.ts';
import { rotated, type AccountReport, type Finding, type RunReport } from '../../domain/report/run-report.ts';
import { settingsOfAccount, settingsOfOrganization } from '../../domain/settings/account-settings.ts';
import type { SettingsSnapshot } from '../../domain/settings/setting.ts';
import { MINUTE, type Duration } from '../../domain/time.ts';
import { listAccounts } from '../context/accounts.ts';
import type { RunContext } from '../context/run-context.ts';
import { publishAndRelease, type AccountResult } from '../context/with-account.ts';
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
  const { report, topicArn } = await reportOn(run, way);
  return await publishSummary(report, topicArn, run);
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
): Promise<{ readonly report: RunReport; readonly topicArn: string | undefined }> {
  const snapshot = await run.settings.read();
  const { accounts, withOus, findings } = await listAccounts(run, snapshot);
  const isPlaced = ({ ouPath }: Account) => !withOus || ouPath.length > 0;
  const jobs = inTurn(accounts, run)
    .map((account) => ({ account, selected: selectAccount(account, run.selection) }))
    .filter(({ selected }) => selected.kind !== 'not-asked');
  const concerned = jobs.flatMap(({ account, selected }) => (selected.kind === 'selected' ? [account] : []));
  await before?.(concerned, snapshot, run);
  run.progress.accountsFound(jobs.length);

  const enter = paced(run, snapshot, enterOne);
  const limit = pLimit(run.accountConcurrency);
  const reports = await limit.map(jobs, async ({ account, selected }): Promise<AccountReport> => {
    const report =
      selected.kind !== 'selected'
        ? ({ status: 'skipped', account, cause: selected.cause } as const)
        : isPlaced(account)
          ? await enter(account)
          : await leave({ report: unplaced(account) }, run);
    run.progress.accountDone(report);
    return report;
  });

  const ofAll = settingsOfOrganization(snapshot, run.cap)?.values;
  const report: RunReport = {
    runId: run.runId,
    // Where not even the organization's settings can be used, nothing is done.
    mode: ofAll?.mode ?? 'audit',
    isAudit: jobs.every(({ account }) => isAudited(account, snapshot, run)),
    startedAt: run.now,
    finishedAt: run.clock.now(),
    accounts: asListed(reports, accounts),
    findings: [...findings, ...usersNotFound(reports, run), ...settingsOfNobody(snapshot, accounts)],
  };
  return { report, topicArn: ofAll?.topicArn };
}

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

const asListed = (
  reports: readonly AccountReport[],
  accounts: readonly Account[],
): readonly AccountReport[] => {
  const positions = new Map(accounts.map(({ id }, index) => [id, index]));
  return reports.toSorted(
    (one, two) => (positions.get(one.account.id) ?? 0) - (positions.get(two.account.id) ?? 0),
  );
};

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

/**
 * Somebody who names a user wants that user rotated: a misspelt name must not pass for success.
 * Where an account could not be read, the report says that instead.
 */
function usersNotFound(reports: readonly AccountReport[], run: RunContext): readonly Finding[] {
  if (reports.some(({ status }) => status === 'unreachable' || status === 'not-started')) return [];
  const lower = (name: string) => name.toLowerCase();
  const found = new Set(
    rotated(reports)
      .flatMap(({ outcomes, gaps }) => [...outcomes.map(({ decision }) => decision), ...gaps])
      .map(({ userName }) => lower(userName)),
  );
  const uncovered = new Set(rotated(reports).flatMap((report) => report.uncovered.map(lower)));
  return run.userNames
    .filter((name) => !found.has(lower(name)))
    .map((name) =>
      uncovered.has(lower(name))
        ? {
            severity: 'failure',
            message: `The settings don't cover the user ${name}.`,
            nextStep: seeWhy(name, reports),
          }
        : {
            severity: 'failure',
            userNotFound: name,
            message: `No access keys of a user named ${name} were found in the accounts of this run.`,
            nextStep: 'Check the spelling and the account.',
          },
    );
}

/** In the first account that has the user: in another one, somebody else may have its name. */
function seeWhy(userName: string, reports: readonly AccountReport[]): string {
  const lower = userName.toLowerCase();
  const found = rotated(reports).find(({ uncovered }) =>
    uncovered.some((name) => name.toLowerCase() === lower),
  );
  return found === undefined
    ? 'See why: access-key-rotation settings show'
    : `See why: ${showSettingsOf(userName, found.account.id)}`;
}

/** Where the settings can't be used nothing is done either. */
function isAudited(account: Account, snapshot: SettingsSnapshot, { cap }: RunContext): boolean {
  const resolved = settingsOfAccount(snapshot, account, cap);
  return resolved.kind === 'failed' || resolved.value.values.mode === 'audit';
}

/** Settings for accounts that don't exist do no harm, but may be meant for another account. */
function settingsOfNobody({ rows }: SettingsSnapshot, accounts: readonly Account[]): readonly Finding[] {
  const known = new Set(accounts.map(({ id }) => id));
  const ids = rows.flatMap(({ target }) => ('accountId' in target ? [target.accountId] : []));
  return [...new Set(ids)]
    .filter((id) => !known.has(id))
    .map((id) => ({
      severity: 'note',
      message: `There are settings for account ${id}, which the organization doesn't have.`,
      nextStep: 'Unset them if it has left: access-key-rotation settings list shows them.',
    }));
}

async function publishSummary(
  report: RunReport,
  topicArn: string | undefined,
  { publishing }: RunContext,
): Promise<RunReport> {
  const where = topicArn ?? publishing?.sharedTopicArn;
  if (publishing === undefined || where === undefined) return report;
  try {
    await publishing.to(where).publish(publishing.summaryOf(report));
    return report;
  } catch (error) {
    const { message, nextStep } = describeFailure(error, 'sns:Publish');
    const finding: Finding = {
      severity: 'failure',
      message: `The summary could not be published: ${message}`,
      nextStep,
    };
    return { ...report, findings: [...report.findings, finding] };
  }
}
