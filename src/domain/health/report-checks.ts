import type { StoredRunName } from '../report/stored-run.ts';
import { dateOf, wholeDays, type Instant } from '../time.ts';
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
