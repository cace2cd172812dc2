import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { QuietKey, StoredRun, StoredRunName } from '../../domain/report/stored-run.ts';
import type { PageStore, ReportStore, StoredRuns } from '../../run/ports/stored-runs.ts';
import { badAnswer } from '../client/errors.ts';
import type { Bucket } from './bucket.ts';

/*
 * Reports of runs in a bucket. S3 lists names by their characters, so the moment is counted down from the last one
 * of 13 digits: the newest run is listed first. Operators may read all below `reports/`: resources/operator-policy.yml.
 */

const RUNS = 'reports/runs/';
const QUIET = 'reports/quiet/';
const PAGES = 'reports/pages/';
const LATEST_PAGE = 'reports/latest.html';

/** In the year 2286. */
const LAST_MOMENT = 9_999_999_999_999;

/** The same for whatever is kept of a run. */
const stemOf = ({ runId, finishedAt, isWhole }: StoredRunName): string =>
  `${String(LAST_MOMENT - finishedAt).padStart(13, '0')}_${isWhole ? 'whole' : 'part'}_${runId}`;

const nameOf = (run: StoredRunName): string => `${RUNS}${stemOf(run)}.json.gz`;

const NAME = /^reports\/runs\/(\d{13})_(whole|part)_(\d{8}T\d{6}Z-[0-9a-f]{6})\.json\.gz$/;

const quietNameOf = (runId: string, file: number): string =>
  `${QUIET}${runId}/${String(file).padStart(4, '0')}.json.gz`;

/** Whatever else is in the bucket is none of ours. */
function parseName(name: string): readonly (StoredRunName & { readonly name: string })[] {
  const [, left, which, runId] = NAME.exec(name) ?? [];
  if (left === undefined || runId === undefined) return [];
  return [{ name, runId, finishedAt: LAST_MOMENT - Number(left), isWhole: which === 'whole' }];
}

/** The run whose report is called so. @returns undefined for what is no report of a run */
export function storedRunNamed(name: string): StoredRunName | undefined {
  const [found] = parseName(name);
  if (found === undefined) return undefined;
  const { runId, finishedAt, isWhole } = found;
  return { runId, finishedAt, isWhole };
}

const packed = promisify(gzip);
const unpacked = promisify(gunzip);

/** What runs leave there. */
export function reportStore(bucket: Bucket): ReportStore {
  const put = async (name: string, value: unknown): Promise<void> =>
    bucket.put(name, await packed(JSON.stringify(value)), 'application/gzip');
  return {
    write: (run) => put(nameOf(run), run),
    writeQuietKeys: (runId, file, keys) => put(quietNameOf(runId, file), keys),
  };
}

const pageNameOf = (run: StoredRunName): string => `${PAGES}${stemOf(run)}.html`;

/** Listed, not read: a page may have megabytes. */
export const hasPage = async (bucket: Bucket, run: StoredRunName): Promise<boolean> =>
  (await bucket.list(pageNameOf(run))).includes(pageNameOf(run));

/** Pages for people, who open them as they are: nothing is packed. */
export function pageStore(bucket: Bucket): PageStore {
  const put = (name: string, page: string): Promise<void> =>
    bucket.put(name, Buffer.from(page), 'text/html; charset=utf-8');
  return {
    write: (run, page) => put(pageNameOf(run), page),
    writeLatest: (page) => put(LATEST_PAGE, page),
  };
}

/** What runs leave, for who reads it. */
export function storedRuns(bucket: Bucket): StoredRuns {
  let listed: Promise<ReturnType<typeof parseName>> | undefined;
  const names = () => (listed ??= listRuns(bucket));
  return {
    list: async () =>
      (await names()).map(({ runId, finishedAt, isWhole }) => ({ runId, finishedAt, isWhole })),
    read: async (runId) => {
      const found = (await names()).find((one) => one.runId === runId);
      const run = found === undefined ? undefined : await readJson(bucket, found.name);
      return isStoredRun(run) && run.runId === runId ? run : undefined;
    },
    quietKeys: async ({ runId, quietFiles }) => {
      const keys: QuietKey[] = [];
      for (let file = 1; file <= quietFiles; file++) {
        const read = await readJson(bucket, quietNameOf(runId, file));
        // A part of the keys would pass for all of them.
        if (!Array.isArray(read))
          throw badAnswer('s3:GetObject', `${quietNameOf(runId, file)}, or a list in it`);
        keys.push(...(read as readonly QuietKey[]));
      }
      return keys;
    },
  };
}

/** The end of a run by map can be done again, and leaves another report then: the newest one counts. */
async function listRuns(bucket: Bucket): Promise<ReturnType<typeof parseName>> {
  const found = (await bucket.list(RUNS))
    .flatMap(parseName)
    .sort((one, two) => two.finishedAt - one.finishedAt);
  const seen = new Set<string>();
  return found.filter(({ runId }) => !seen.has(runId) && seen.add(runId));
}

async function readJson(bucket: Bucket, name: string): Promise<unknown> {
  const bytes = await bucket.get(name);
  if (bytes === undefined) return undefined;
  try {
    return JSON.parse((await unpacked(bytes)).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** What this version can read: later ones only add fields. */
const isStoredRun = (value: unknown): value is StoredRun =>
  typeof value === 'object' &&
  value !== null &&
  (value as Partial<StoredRun>).schemaVersion === 1 &&
  Array.isArray((value as Partial<StoredRun>).accounts);
