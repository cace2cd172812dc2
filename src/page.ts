import { findRegion } from './compose/region.ts';
import { pagesAt, storedRunNamed } from './compose/stored-runs.ts';
import { whatFailed } from './conclude.ts';
import { writtenObject } from './config/written-object.ts';
import { reportsUrl } from './config/reports-url.ts';
import { clean } from './report/common/sanitize.ts';
import { earlierRun } from './report/page/earlier-run.ts';
import { reportPage } from './report/page/page.ts';
import { keepPage, type PageKept } from './run/page/keep-page.ts';
import { telemetry } from './telemetry.ts';

/**
 * Keeps a page for people beside the report that a run has left, and the latest one under a name that stays. It
 * reads the bucket of the deployment only, whatever the event says; of a report that isn't there it makes none.
 * @param event of S3, by way of EventBridge; Lambda repeats it when this fails
 * @throws InputError when event or settings are wrong
 * @throws OperationError when reports can't be read, or the page can't be written
 */
export async function keepReportPage(event: unknown): Promise<PageKept> {
  const log = telemetry();
  try {
    const name = writtenObject(event);
    const run = storedRunNamed(name);
    const place = { region: await findRegion() };
    const keeping = pagesAt(reportsUrl(process.env), place);
    const kept: PageKept =
      run === undefined
        ? { kind: 'nothing-to-do' }
        : await keepPage(run, {
            ...keeping,
            abridge: earlierRun,
            format: (shown) => reportPage({ ...shown, isLive: false }),
          });
    log.info(kept.kind === 'kept' ? 'page kept' : 'no page: there is no such report', {
      ...kept,
      report: clean(name),
    });
    return kept;
  } catch (error) {
    log.error('page failed', whatFailed(error, 'keep the page of a run'));
    throw error;
  }
}
