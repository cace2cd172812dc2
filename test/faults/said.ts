/** Compares what a run reports with what AWS has, and with the same run without the fault. */
import { isClean, type RunReport } from '../../src/domain/report/run-report.ts';
import { jsonReportOf, type JsonAccount, type JsonReport } from '../../src/report/data/json-report.ts';
import type { Found, Outline } from '../support/promises.ts';
import type { Ending } from './run.ts';
import type { About, Target } from './target.ts';

/** Whether a run went as it does without a fault. */
export const sameAs = (ending: Ending, calm: RunReport): boolean =>
  'report' in ending && isClean(ending.report) && allOf(ending.report).join('\n') === allOf(calm).join('\n');

/** What the report wrongly says was done. */
export function untruths(ending: Ending, { keys }: Found): readonly string[] {
  if ('error' in ending) return [];
  return accountsOf(ending.report).flatMap(({ outcomes }) =>
    outcomes
      .filter(({ status }) => status === 'applied')
      .flatMap(({ userName, action, accessKeyId, newAccessKeyId }) => {
        const old = keys.find(({ id }) => id === accessKeyId);
        const made = keys.find(({ id }) => id === newAccessKeyId);
        const isTrue =
          action === 'replace'
            ? made?.status === 'Active' && made.stored.includes('AWSCURRENT')
            : action === 'deactivate'
              ? old?.status === 'Inactive'
              : old === undefined;
        return isTrue ? [] : [`the report says ${action} of ${userName} was applied`];
      }),
  );
}

/** What happened to the users that the fault was not about. */
export function othersDisturbed(
  about: About,
  ending: Ending,
  outline: Outline,
  calm: { readonly report: RunReport; readonly after: Outline },
): readonly string[] {
  if ('run' in about) return [];
  if ('error' in ending) return ['the run ended for all'];
  const isOther = (accountId: string, userName?: string) =>
    'accounts' in about ||
    about.account !== accountId ||
    ('users' in about && userName !== undefined && !about.users.includes(userName));
  const lines = (report: RunReport) =>
    accountsOf(report).flatMap(({ accountId, status, outcomes, findings }) => [
      ...(isOther(accountId) ? [`${accountId} ${status}`] : []),
      ...(isOther(accountId) && !('accounts' in about)
        ? findings.map(({ severity }) => `${accountId} ${severity}`)
        : []),
      ...outcomes
        .filter(({ userName }) => isOther(accountId, userName))
        .map(({ userName, action, reason, status: done }) =>
          [accountId, userName, action, reason, done].join(' '),
        ),
    ]);
  const is = lines(ending.report);
  const was = lines(calm.report);
  const isUnpublished = 'accounts' in about && about.unpublished === true;
  const compared = (name: string, there: readonly string[]) =>
    isUnpublished ? keysAlone(name, there) : there.join();
  const touched = [...calm.after].filter(([name, there]) => {
    const [accountId = '', userName] = name.split('/');
    return (
      /^\d/.test(accountId) &&
      isOther(accountId, userName) &&
      compared(name, outline.get(name) ?? []) !== compared(name, there)
    );
  });
  return [
    ...is.filter((line) => !was.includes(line)).map((line) => `for others: ${line}`),
    ...was.filter((line) => !is.includes(line)).map((line) => `not for others: ${line}`),
    ...touched.map(([name]) => `for others: ${name} is ${(outline.get(name) ?? ['nothing']).join('; ')}`),
  ];
}

/** The user's keys in an account, without the notices; of the account itself nothing. */
const keysAlone = (name: string, there: readonly string[]): string =>
  name.includes('/') ? there.map(withoutNotice).join() : '';

export const withoutNotice = (line: string): string => line.replaceAll(/ (notice[A-Z]\w*|told)\b/g, '');

/** What the report should say about the failure and doesn't. */
export function unsaid({ at: { action }, about, namesNoUser }: Target, ending: Ending): readonly string[] {
  if ('error' in ending) {
    const { during, message, nextStep } = ending.error.failure;
    return `${during} ${message}`.includes(action) && nextStep !== ''
      ? []
      : [`the error is ${during}: ${message}. ${nextStep}`];
  }
  if (isClean(ending.report)) return ['the run ends with 0'];
  const sayings = sayingsOf(jsonReportOf(ending.report)).filter(({ text }) => text.includes(action));
  const users = 'users' in about && namesNoUser === undefined ? about.users : [];
  const named = sayings.filter(
    ({ accountId, userName, text }) =>
      (!('account' in about) || about.account === accountId) &&
      (users.length === 0 || users.some((user) => user === userName || text.includes(user))),
  );
  if (named.some(({ nextStep }) => nextStep !== undefined && nextStep !== '')) return [];
  return [`no failure names ${action}, whom it is about and a next step: ${failuresIn(ending.report)}`];
}

export const failuresIn = (report: RunReport): string =>
  sayingsOf(jsonReportOf(report))
    .map(({ accountId = '', userName = '', text }) => `[${accountId} ${userName}] ${text}`)
    .join(' | ') || 'none';

export interface Saying {
  readonly accountId?: string;
  readonly userName?: string;
  readonly text: string;
  readonly nextStep?: string | undefined;
}

/** Every failure in a report, and what else somebody has to know at once. */
export function sayingsOf(report: Pick<JsonReport, 'accounts' | 'findings'>): readonly Saying[] {
  const failures = (findings: JsonReport['findings']) =>
    findings
      .filter(({ severity }) => severity !== 'note')
      .map(({ message, nextStep }) => ({ text: message, nextStep }));
  return [
    ...report.accounts.flatMap(({ accountId, status, cause = '', outcomes, findings }): readonly Saying[] => [
      ...(status === 'unreachable'
        ? [{ accountId, text: cause, nextStep: cause.split('Next step: ')[1] }]
        : []),
      ...outcomes
        .filter((one) => one.status === 'failed' || one.status === 'partial')
        .map(({ userName, cause: text = '', nextStep }) => ({ accountId, userName, text, nextStep })),
      ...failures(findings).map((one) => ({ accountId, ...one })),
    ]),
    ...failures(report.findings),
  ];
}

const accountsOf = (report: RunReport): readonly JsonAccount[] => jsonReportOf(report).accounts;

/** Everything a report says, but for what differs from run to run. */
const allOf = (report: RunReport): readonly string[] =>
  [
    ...accountsOf(report).map(({ accountId, status, outcomes, findings }) => ({
      accountId,
      status,
      outcomes,
      findings,
    })),
    report.findings,
  ].map((one) =>
    JSON.stringify(one).replaceAll(/"(newAccessKeyId|secretArn|dueAt|date|inAnyCase)":"[^"]+"/g, ''),
  );
