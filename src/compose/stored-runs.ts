import { s3Bucket, type Bucket } from '../aws/storage/bucket.ts';
import { hasPage, pageStore, reportStore, storedRuns } from '../aws/storage/stored-runs.ts';
import type { StoredRunName } from '../domain/report/stored-run.ts';
import { SECOND } from '../domain/time.ts';
import { reportKeeper, type ReportKeeper } from '../run/context/keep-report.ts';
import type { RunContext } from '../run/context/run-context.ts';
import type { PagePlaces } from '../run/page/keep-page.ts';
import type { StoredRuns } from '../run/ports/stored-runs.ts';
import { awsSettings, systemClock, type Environment } from './environment.ts';

export { storedRunNamed } from '../aws/storage/stored-runs.ts';

type Place = Pick<Environment, 'region' | 'credentials' | 'counts' | 'endpoint'>;

/** It is written when a run has little time left, and the run matters more than what is kept of it. */
const SHORTLY = { tries: 2, timeout: 4 * SECOND };

/** @param url of the bucket: REPORTS_URL. @returns undefined where there is none: then nothing is kept */
export const keeperAt = (url: string | undefined, runId: string, place: Place): ReportKeeper | undefined =>
  url === undefined
    ? undefined
    : reportKeeper(reportStore(s3Bucket(awsSettings(place), url, systemClock.sleep, SHORTLY)), runId);

/** A run that hands over what is kept of it. */
export const withKeeper = (run: RunContext, keeper: ReportKeeper | undefined): RunContext =>
  keeper === undefined ? run : { ...run, quietKeys: keeper.quietKeys };

const FOR_PEOPLE = {
  'not-found': 'Deploy the stack again: its bucket for reports is gone.',
  denied:
    'Allow this call on the bucket for reports, and its key, to whoever makes it: the policy of operators does (resources/operator-policy.yml; deploy it again if it is older).',
};

/** For people, who do not set its environment. */
const bucketForPeople = (url: string, place: Place): Bucket =>
  s3Bucket(awsSettings(place), url, systemClock.sleep, { advice: FOR_PEOPLE });

/** What runs have left. @param url of the bucket: REPORTS_URL of the function */
export const storedRunsAt = (url: string, place: Place): StoredRuns =>
  storedRuns(bucketForPeople(url, place));

/** Whether the page of a run is kept there. */
export const hasPageAt = (url: string, run: StoredRunName, place: Place): Promise<boolean> =>
  hasPage(bucketForPeople(url, place), run);

/** The same for the function that keeps pages beside them. */
export function pagesAt(url: string, place: Place): PagePlaces {
  const bucket = s3Bucket(awsSettings(place), url, systemClock.sleep);
  return { openRuns: () => storedRuns(bucket), pages: pageStore(bucket) };
}
