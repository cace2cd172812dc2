import { expect } from 'chai';
import sinon from 'sinon';
import { s3Bucket, type Bucket } from '../src/aws/storage/bucket.ts';
import { reportStore } from '../src/aws/storage/stored-runs.ts';
import { InputError, OperationError } from '../src/domain/errors.ts';
import type { StoredRun } from '../src/domain/report/stored-run.ts';
import { days } from '../src/domain/time.ts';
import { keepReportPage } from '../src/page.ts';
import { adminOf, MANAGEMENT, setAwsEnvironment } from './aws/support.ts';
import { awsEnvironment } from './cli/terminal.ts';
import { T0 } from './support/builders.ts';
import { HOSTILE } from './support/hostile.ts';
import { BUCKET, makeBucket } from './support/map/run-map.ts';
import { storedAccount, storedKey, storedRun } from './support/stored-runs.ts';
import { emulatorForThisFile } from './support/world.ts';

const runId = (n: number) => `20260301T06000${n}Z-a1b2c3`;
const stem = (n: number, which = 'whole') => `${9_999_999_999_999 - (T0 + days(n))}_${which}_${runId(n)}`;
const report = (n: number, which?: string) => `reports/runs/${stem(n, which)}.json.gz`;

/** What S3 sends by EventBridge, as its documentation has it. */
const created = (key: unknown) => ({
  version: '0',
  id: '17793124-05d4-b198-2fde-7ededc63b103',
  'detail-type': 'Object Created',
  source: 'aws.s3',
  account: '123456789012',
  time: '2026-11-12T00:00:00Z',
  region: 'eu-central-1',
  resources: ['arn:aws:s3:::access-key-rotation-reports'],
  detail: {
    version: '0',
    bucket: { name: 'access-key-rotation-reports' },
    object: { key, size: 5, etag: 'b1946ac92492d2347c6235b4d2611184', sequencer: '617f08299329d189' },
    'request-id': 'N4N7GDK58NMKJ12R',
    requester: '123456789012',
    reason: 'PutObject',
  },
});

describe('the function that keeps the page of a run', () => {
  const emulator = emulatorForThisFile();
  const url = () => `${emulator().endpoint}/${BUCKET}`;
  let bucket: Bucket;
  let lines: string[];
  let restore = () => {};

  beforeEach(async () => {
    await emulator().reset();
    await makeBucket(emulator());
    const admin = await adminOf(emulator(), MANAGEMENT);
    bucket = s3Bucket(admin, url(), () => Promise.resolve());
    restore = setAwsEnvironment({
      ...awsEnvironment(emulator(), await admin.credentials()),
      POWERTOOLS_DEV: 'true',
    });
    process.env['REPORTS_URL'] = url();
    lines = [];
    for (const name of ['info', 'warn', 'log', 'error'] as const) {
      sinon.stub(console, name).callsFake((line) => lines.push(String(line)));
    }
  });
  afterEach(() => {
    sinon.restore();
    delete process.env['REPORTS_URL'];
    restore();
  });

  const leave = (n: number, facts: Partial<StoredRun> = {}) =>
    reportStore(bucket).write(
      storedRun([storedAccount({ keys: [storedKey(`AKIARUN${n}`, 100 - n)] })], {
        runId: runId(n),
        finishedAt: T0 + days(n),
        ...facts,
      }),
    );
  const pages = () => bucket.list('reports/pages/');
  const text = async (name: string) => Buffer.from((await bucket.get(name)) ?? []).toString('utf8');

  it('keeps it beside the report and as the latest, with quiet keys and the runs before it', async () => {
    await leave(1);
    await leave(2, { quietFiles: 1 });
    await reportStore(bucket).writeQuietKeys(runId(2), 1, [
      { accountId: '111111111111', userName: 'calm', createdAt: T0, lastUse: { kind: 'never' }, dueAt: T0 },
    ]);
    expect(await keepReportPage(created(report(2)))).to.deep.equal({
      kind: 'kept',
      runId: runId(2),
      isLatest: true,
    });
    expect(await pages()).to.deep.equal([`reports/pages/${stem(2)}.html`]);
    const page = await text(`reports/pages/${stem(2)}.html`);
    expect(page)
      .to.match(/^<!doctype html>/)
      .and.include('AKIARUN2')
      .and.include('"calm"');
    expect(page).to.include('on 2026-03-02'); // the trend
    expect(await text('reports/latest.html')).to.equal(page);
    const [line] = lines.map((one) => JSON.parse(one) as Readonly<Record<string, unknown>>);
    expect(line).to.include({ message: 'page kept', runId: runId(2), report: report(2) });
  });

  it('keeps what a browser shows, in UTF-8', async () => {
    await leave(1);
    await keepReportPage(created(report(1)));
    const { headers } = await fetch(`${url()}/reports/latest.html`);
    expect(headers.get('content-type')).to.equal('text/html; charset=utf-8');
  });

  it('makes the same page of the same event again, and an earlier one is not the latest', async () => {
    await leave(1);
    await leave(2);
    await keepReportPage(created(report(2)));
    const page = await text('reports/latest.html');
    await keepReportPage(created(report(2)));
    expect(await text('reports/latest.html')).to.equal(page);
    expect(await keepReportPage(created(report(1)))).to.include({ isLatest: false });
    expect(await text('reports/latest.html')).to.equal(page);
    expect(await pages()).to.deep.equal([2, 1].map((n) => `reports/pages/${stem(n)}.html`));
  });

  it('keeps that of a run over a part of the organization, and not as the latest', async () => {
    await leave(1, { isWhole: false });
    expect(await keepReportPage(created(report(1, 'part')))).to.include({ kind: 'kept', isLatest: false });
    expect(await pages()).to.deep.equal([`reports/pages/${stem(1, 'part')}.html`]);
    expect(await text('reports/latest.html')).to.equal('');
  });

  for (const [title, key] of [
    ['a report that is not there', report(7)],
    ['its own page', `reports/pages/${stem(1)}.html`],
    ['keys that were not looked at', `reports/quiet/${runId(1)}/0001.json.gz`],
    ['a file of a run by map', 'runs/1/plan.devalue.gz'],
    ['a name that leads elsewhere', `reports/runs/../../${report(1)}`],
    ['a report that only begins so', `${report(1)}.exe`],
    ['the same in another case', report(1).toUpperCase()],
    ...Object.entries(HOSTILE).map(([what, name]) => [what, name.slice(0, 1024)] as const),
  ] as const) {
    it(`does nothing about ${title}`, async () => {
      await leave(1);
      expect(await keepReportPage(created(key))).to.deep.equal({ kind: 'nothing-to-do' });
      expect(await pages()).to.deep.equal([]);
      expect(lines).to.have.length(1);
      expect(lines[0]).to.include('no page: there is no such report');
    });
  }

  for (const [title, event, problem] of [
    ['nothing', undefined, 'the event must be what S3 tells of a report: with detail.object.key'],
    ['a text', 'x', 'the event must be what S3 tells of a report: with detail.object.key'],
    ['that of a schedule', {}, 'detail: '],
    ['one of another service', { detail: { state: 'running' } }, 'detail.object: '],
    ['a name that is none', created(7), 'detail.object.key: must be the name of an object'],
    ['an empty name', created(''), 'detail.object.key: must be the name of an object'],
    ['a name without end', created('x'.repeat(1025)), 'must have at most 1024 characters'],
  ] as const) {
    it(`refuses an event that is ${title}, and says so`, async () => {
      const error = await keepReportPage(event).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(InputError);
      expect(String(error)).to.include(problem);
      expect(lines.join()).to.include('page failed');
      expect((await emulator().calls()).filter(({ action }) => /Object/.test(action))).to.deep.equal([]);
    });
  }

  it('reads no other bucket than that of the deployment, whichever the event names', async () => {
    await leave(1);
    const event = created(report(1));
    const forged = { ...event, detail: { ...event.detail, bucket: { name: 'payments' } } };
    expect(await keepReportPage(forged)).to.include({ kind: 'kept' });
    expect(await pages()).to.have.length(1);
  });

  it('fails, to be repeated, where quiet keys are missing, and keeps no page that tells half of it', async () => {
    await leave(1, { quietFiles: 1 });
    const error = await keepReportPage(created(report(1))).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(OperationError);
    expect(await pages()).to.deep.equal([]);
  });

  it('says what is lacking where nothing tells it the bucket', async () => {
    delete process.env['REPORTS_URL'];
    const error = await keepReportPage(created(report(1))).catch((thrown: unknown) => thrown);
    expect(String(error)).to.include('REPORTS_URL: must be the URL of the bucket for reports');
  });
});
