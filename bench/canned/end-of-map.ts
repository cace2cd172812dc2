/*
 * The end of a run by map, and the page of its report, in a process of their own: node end-of-map.ts '<end as JSON>'.
 * Some accounts are rotated on the canned server; what they leave stands for all the others, with other ids.
 */
import { promisify } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { gunzipSync, gzip, gzipSync } from 'node:zlib';
import { compose } from '../../src/compose/run.ts';
import { withKeeper } from '../../src/compose/stored-runs.ts';
import { conclude } from '../../src/conclude.ts';
import { readRequest } from '../../src/config/request.ts';
import { readSettings } from '../../src/config/settings.ts';
import type { QuietKey, StoredRun, StoredRunName } from '../../src/domain/report/stored-run.ts';
import { DAY, type Duration } from '../../src/domain/time.ts';
import { earlierRun } from '../../src/report/page/earlier-run.ts';
import { reportPage } from '../../src/report/page/page.ts';
import { reportKeeper } from '../../src/run/context/keep-report.ts';
import { beginMap } from '../../src/run/map/begin-map.ts';
import { finishMap } from '../../src/run/map/finish-map.ts';
import { readOrganizationPlan, readPlan } from '../../src/run/map/read-plan.ts';
import { rotateOne } from '../../src/run/map/rotate-one.ts';
import { accountFile } from '../../src/run/map/run-plan.ts';
import { keepPage } from '../../src/run/page/keep-page.ts';
import type { LastRun } from '../../src/run/ports/last-run.ts';
import type { RunFiles } from '../../src/run/ports/run-files.ts';
import type { StoredRuns } from '../../src/run/ports/stored-runs.ts';
import { telemetry } from '../../src/telemetry.ts';
import { REGION, TABLE, TOPIC } from './organization.ts';
import { credentials } from './run.ts';

export interface MapEnd {
  readonly endpoint: string;
  /** So many accounts are really rotated. */
  readonly rotated: number;
}

interface Step {
  readonly took: Duration;
  /** The most memory that the process had until then, in bytes (RSS). */
  readonly peak: number;
}

export interface MapEndMeasured {
  readonly accounts: number;
  readonly users: number;
  readonly finish: Step;
  readonly page: Step & { readonly bytes: number };
}

const { endpoint, rotated } = JSON.parse(process.argv[2] ?? '') as MapEnd;
/** Half a year of weekly runs. */
const EARLIER = 26;
const packed = promisify(gzip);

const written = new Map<string, Buffer>();
const models: string[] = [];
let copied = 0;
const accountOf = (name: string): string => /accounts\/(\d{12})$/.exec(name)?.[1] ?? '';
const files: RunFiles = {
  write: (name, value) => Promise.resolve(void written.set(name, gzipSync(serialize(value)))),
  writeJson: () => Promise.resolve(),
  read: (name) => {
    const own = written.get(name);
    if (own !== undefined) return Promise.resolve(deserialize(gunzipSync(own)));
    const model = models[copied++ % models.length] ?? '';
    // Ids have one length, so what V8 has written stays what it is.
    const bytes = gunzipSync(written.get(model) ?? '').toString('latin1');
    const copy = bytes.replaceAll(accountOf(model), accountOf(name));
    return Promise.resolve(deserialize(Buffer.from(copy, 'latin1')));
  },
  readJson: () => Promise.resolve(undefined),
};

const counts = { calls: 0, throttles: 0 };
const request = readRequest({ mode: 'enforce' });
const settings = readSettings({
  ...{ ROTATION_MODE: 'enforce', ROTATION_TABLE_NAME: TABLE, ROTATION_TOPIC_ARN: TOPIC },
});
const last: LastRun = { unreachable: [], deferred: [], surveyed: new Map(), runs: 0 };
const place = { region: REGION, endpoint, credentials, counts };

const begun = await beginMap(
  compose(settings, request, { ...place, publish: false }),
  request,
  { last, counts },
  files,
);
const plan = await readPlan(begun.runId, files);
const organization = await readOrganizationPlan(begun.runId, files);
const run = compose(settings, request, {
  ...{ ...place, publish: true },
  shared: { runId: begun.runId, now: plan.startedAt, holder: 'bench' },
});
// The first is the management account, which has no users here.
for (const account of organization.selected.slice(1, rotated + 1)) {
  await rotateOne(account, plan, run, counts, files);
  models.push(accountFile(begun.runId, account.id));
}

let stored = Buffer.alloc(0);
const quiet: Buffer[] = [];
const keeper = reportKeeper(
  {
    write: async (one) => void (stored = await packed(JSON.stringify(one))),
    writeQuietKeys: async (_, file, keys) => void (quiet[file - 1] = await packed(JSON.stringify(keys))),
  },
  begun.runId,
);
const measured = async (work: () => Promise<unknown>): Promise<Step> => {
  const from = performance.now();
  await work();
  return { took: performance.now() - from, peak: process.resourceUsage().maxRSS * 1024 };
};
let users = 0;
const finish = await measured(async () => {
  const done = await finishMap(withKeeper(run, keeper), plan, organization, files);
  const memory = { store: undefined, last, keeper };
  ({ users } = (await conclude(done.report, run, memory, done.counts, telemetry())).totals);
});

const unpacked = (bytes: Buffer): unknown => JSON.parse(gunzipSync(bytes).toString('utf8'));
const { runId, finishedAt } = unpacked(stored) as StoredRun;
const own: StoredRunName = { runId, finishedAt, isWhole: true };
const earlier = Array.from({ length: EARLIER }, (_, week): StoredRunName => ({
  runId: `${runId}-${week}`,
  finishedAt: finishedAt - (week + 1) * 7 * DAY,
  isWhole: true,
}));
const runs: StoredRuns = {
  list: () => Promise.resolve([own, ...earlier]),
  read: (id) => Promise.resolve({ ...(unpacked(stored) as StoredRun), runId: id }),
  quietKeys: () => Promise.resolve(quiet.flatMap((bytes) => unpacked(bytes) as QuietKey[])),
};
let bytes = 0;
const page = await measured(() =>
  keepPage(own, {
    openRuns: () => runs,
    pages: {
      write: (_, html) => Promise.resolve(void (bytes = Buffer.byteLength(html))),
      writeLatest: () => Promise.resolve(),
    },
    abridge: earlierRun,
    format: (shown) => reportPage({ ...shown, isLive: false }),
  }),
);
const result: MapEndMeasured = {
  ...{ accounts: organization.selected.length, users, finish },
  page: { ...page, bytes },
};
// After the log of the run.
process.stdout.write(`\n${JSON.stringify(result)}\n`);
