import type { Account } from '../../domain/account.ts';
import { showSettingsOf } from '../../domain/commands.ts';
import { definedOnly } from '../../domain/defined-only.ts';
import { describeFailure } from '../../domain/errors.ts';
import { forReaders } from '../../domain/report/notification.ts';
import { meansUser, nameInAccount } from '../../domain/named-users.ts';
import {
  rotated,
  type AccountReport,
  type Finding,
  type RotatedAccount,
  type RunReport,
} from '../../domain/report/run-report.ts';
import { settingsOfAccount, settingsOfOrganization } from '../../domain/settings/account-settings.ts';
import type { SettingsSnapshot } from '../../domain/settings/setting.ts';
import type { RunContext } from '../context/run-context.ts';

/** What a run is about, as it was when it began. */
export interface Begun {
  readonly snapshot: SettingsSnapshot;
  /** All of the organization, in the order of the report. */
  readonly accounts: readonly Account[];
  /** What was found out while they were listed. */
  readonly findings: readonly Finding[];
}

/** Where the summary goes, and whether chat rooms read it there. */
export interface SummaryReaders {
  readonly topicArn?: string;
  readonly chat?: boolean;
}

/** The report about a run whose accounts are done: what is known of the organization as a whole, too. */
export function reportOf(
  run: RunContext,
  { snapshot, accounts, findings }: Begun,
  reports: readonly AccountReport[],
): { readonly report: RunReport; readonly to: SummaryReaders } {
  const ofAll = settingsOfOrganization(snapshot, run.cap)?.values;
  const report: RunReport = {
    runId: run.runId,
    // Where not even the organization's settings can be used, nothing is done.
    mode: ofAll?.mode ?? 'audit',
    isAudit: reports.every(({ account }) => isAudited(account, snapshot, run)),
    startedAt: run.now,
    finishedAt: run.clock.now(),
    accounts: asListed(reports, accounts),
    findings: [
      ...findings,
      ...heldAgain(reports, run),
      ...usersNotFound(reports, run),
      ...settingsOfNobody(snapshot, accounts),
    ],
  };
  return { report, to: definedOnly({ topicArn: ofAll?.topicArn, chat: ofAll?.chat }) };
}

/**
 * A run that overlaps with another one leaves its accounts to it. That the next one finds the account held
 * again no run explains: nothing is rotated there, and nothing else would say so.
 */
const heldAgain = (reports: readonly AccountReport[], { notWorkedOn }: RunContext): readonly Finding[] =>
  reports.flatMap((report): Finding[] =>
    report.status === 'skipped' && report.isHeld === true && notWorkedOn.includes(report.account.id)
      ? [
          {
            severity: 'failure',
            message: `Account ${report.account.id} could not be worked on in two runs in a row: ${report.cause}.`,
            nextStep: `Find out who writes the row account#${report.account.id} / lease: only the service should be able to. Where no run is going on, delete the row.`,
          },
        ]
      : [],
  );

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
 * Somebody who names a user wants that user rotated: a misspelt name must not pass for success.
 * Where an account could not be read, the report says that instead.
 */
function usersNotFound(reports: readonly AccountReport[], run: RunContext): readonly Finding[] {
  if (run.userNames.length === 0) return [];
  if (reports.some(({ status }) => status === 'unreachable' || status === 'not-started')) return [];
  const found = namesOf(reports, ({ outcomes, gaps }) =>
    [...outcomes.map(({ decision }) => decision), ...gaps].map(({ userName }) => userName),
  );
  const uncovered = namesOf(reports, (report) => report.uncovered);
  return run.userNames
    .filter((name) => !found.has(name.toLowerCase()))
    .map((name) =>
      uncovered.has(name.toLowerCase())
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

/** Every name by which these users can be meant, in lower case. */
const namesOf = (
  reports: readonly AccountReport[],
  usersIn: (report: RotatedAccount) => readonly string[],
): ReadonlySet<string> =>
  new Set(
    rotated(reports).flatMap((report) =>
      usersIn(report)
        .flatMap((userName) => [userName, nameInAccount(report.account.id, userName)])
        .map((name) => name.toLowerCase()),
    ),
  );

/** In the first account that has the user: in another one, somebody else may have its name. */
function seeWhy(name: string, reports: readonly AccountReport[]): string {
  for (const { account, uncovered } of rotated(reports)) {
    const userName = uncovered.find(meansUser([name], account.id));
    if (userName !== undefined) return `See why: ${showSettingsOf(userName, account.id)}`;
  }
  return 'See why: access-key-rotation settings show';
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

/** Publishes the summary; that it could not be published is in the report that is returned. */
export async function publishSummary(
  report: RunReport,
  { topicArn, chat }: SummaryReaders,
  { publishing }: RunContext,
): Promise<RunReport> {
  const where = topicArn ?? publishing?.sharedTopicArn;
  if (publishing === undefined || where === undefined) return report;
  try {
    await publishing.to(where).publish(forReaders(publishing.summaryOf(report), chat));
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
