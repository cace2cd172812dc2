import type { StoredRunName } from '../report/stored-run.ts';
import { dateOf, HOUR, wholeDays, type Instant } from '../time.ts';
import { deployAgain, notChecked, ok, verdict, wrong, type Check } from './check.ts';

/* Verdicts on the reports that runs leave, and `overview` reads. */

export const keepsNone = (region: string): Check =>
  wrong(
    'reports',
    'bucket',
    'the function has no REPORTS_URL, so no run leaves its report: an older version is deployed',
    deployAgain(region),
  );

/** A run a week, and a day to spare. */
const MOST_DAYS_BETWEEN = 8;

/** As long as it may take to make a page, with all attempts. */
const MOST_TIME_FOR_A_PAGE = HOUR;

/**
 * The page of the last whole run, which people open as the latest one.
 * @param run of which the page is missing, or there
 */
export function pageCheck(run: StoredRunName, isThere: boolean, { region, now }: Where): Check {
  const when = `the page of the last whole run, of ${dateOf(run.finishedAt)},`;
  if (isThere) return ok('reports', 'last page', `${when} is kept`);
  if (now - run.finishedAt <= MOST_TIME_FOR_A_PAGE) {
    return notChecked('reports', 'last page', `${when} may still be in the making`);
  }
  return wrong(
    'reports',
    'last page',
    `${when} is not kept: who opens the latest page sees an earlier run, or none`,
    `Look for "page failed" in the log of access-key-rotation-page, and make it again (docs/operations.md, A page to show around). If it was never there, the next run leaves one, once this version is deployed: ${deployAgain(region)}`,
  );
}

/** Only of a day on which it was tried: who hasn't asked for findings isn't told of them. */
export const findingsCheck = ({ day, failed }: { readonly day: Instant; readonly failed: boolean }): Check =>
  verdict(
    'reports',
    'Security Hub',
    !failed,
    `what needs attention was sent to Security Hub on ${dateOf(day)}`,
    {
      message: `what needs attention could not be sent to Security Hub on ${dateOf(day)}`,
      nextStep:
        'Look for "findings could not be sent" in the log of access-key-rotation-findings: it has the cause, and what to do (docs/deployment.md, Security Hub).',
    },
  );

interface Where {
  readonly region: string;
  readonly now: Instant;
}

/** @param runs newest first */
export function reportsChecks(url: string, runs: readonly StoredRunName[], now: Instant): readonly Check[] {
  const bucket = ok('reports', 'bucket', `${url} may be read`);
  const last = runs.find(({ isWhole }) => isWhole);
  if (last === undefined) {
    return [bucket, notChecked('reports', 'last report', 'none is kept yet', 'The next run leaves one.')];
  }
  const when = `the last report of a whole run is of ${dateOf(last.finishedAt)}`;
  return [
    bucket,
    verdict('reports', 'last report', wholeDays(last.finishedAt, now) <= MOST_DAYS_BETWEEN, when, {
      message: `${when}, more than ${MOST_DAYS_BETWEEN} days ago`,
      nextStep:
        'Look for "the report could not be kept" in the log of the function, or why no run has finished (docs/operations.md, run-missing).',
    }),
  ];
}

/** What a bucket that isn't there means. */
export const bucketGone = (url: string, region: string) => ({
  message: `there is no bucket ${url} (REPORTS_URL of the function): no report is kept`,
  nextStep: deployAgain(region),
});
