import { expect } from 'chai';
import sinon from 'sinon';
import { reportStore } from '../src/aws/storage/stored-runs.ts';
import { s3Bucket } from '../src/aws/storage/bucket.ts';
import type { StoredAccount, StoredRun } from '../src/domain/report/stored-run.ts';
import { DAY, MINUTE } from '../src/domain/time.ts';
import { sendRunFindings } from '../src/findings.ts';
import { callsOf, failureOf, setAwsEnvironment } from './aws/support.ts';
import { awsEnvironment } from './cli/terminal.ts';
import { T0 } from './support/builders.ts';
import { BUCKET, makeBucket } from './support/map/run-map.ts';
import { enableSecurityHub, findingsIn, IMPORT } from './support/security-hub.ts';
import { storedAccount, storedKey, storedRun } from './support/stored-runs.ts';
import { emulatorForThisFile, REGION } from './support/world.ts';

const SERVICE = '123456789012';
const PRODUCT = `arn:aws:securityhub:${REGION}:${SERVICE}:product/${SERVICE}/default`;

const OLD = storedAccount({ keys: [storedKey('AKIA1', 100)] });
const MENDED = storedAccount({ keys: [storedKey('AKIA1', 10)] });
const OVER = 'access-key-rotation/111111111111/AKIA1/over-limit';
const many = (count: number, from = 0) =>
  storedAccount({
    keys: Array.from({ length: count }, (_, n) =>
      storedKey(`AKIA${from + n}`, 100, { userName: `user${from + n}` }),
    ),
  });

describe('the function that sends findings to Security Hub', () => {
  const emulator = emulatorForThisFile();
  let lines: string[];
  let restore = () => {};
  let bucket: ReturnType<typeof s3Bucket>;

  beforeEach(async () => {
    await emulator().reset();
    const credentials = await emulator().credentialsFor(SERVICE, 'administrator');
    await makeBucket(emulator());
    restore = setAwsEnvironment({ ...awsEnvironment(emulator(), credentials), POWERTOOLS_DEV: 'true' });
    process.env['REPORTS_URL'] = `${emulator().endpoint}/${BUCKET}`;
    process.env['SECURITY_HUB_URL'] = emulator().endpoint;
    process.env['SECURITY_HUB_PRODUCT_ARN'] = PRODUCT;
    bucket = s3Bucket(
      { region: REGION, credentials: () => Promise.resolve(credentials) },
      process.env['REPORTS_URL'],
      () => Promise.resolve(),
    );
    lines = [];
    for (const name of ['info', 'warn', 'error', 'log'] as const) {
      sinon.stub(console, name).callsFake((line) => lines.push(String(line)));
    }
  });
  afterEach(() => {
    sinon.restore();
    for (const name of ['REPORTS_URL', 'SECURITY_HUB_URL', 'SECURITY_HUB_PRODUCT_ARN']) {
      Reflect.deleteProperty(process.env, name);
    }
    restore();
  });

  let runs = 0;
  /** A run leaves its report, and the function is told. */
  const after = async (account: StoredAccount, at: number, overrides: Partial<StoredRun> = {}) => {
    const runId = `20260301T060000Z-${(++runs).toString(16).padStart(6, '0')}`;
    const run = storedRun([account], { runId, finishedAt: at, ...overrides });
    await reportStore(bucket).write(run);
    const [key] = (await bucket.list('reports/runs/')).filter((name) => name.includes(runId));
    return sendRunFindings({ detail: { bucket: { name: 'x' }, object: { key } } });
  };
  const kept = async () =>
    (await findingsIn(emulator(), SERVICE)).map(({ Id, RecordState, Compliance, UpdatedAt }) => ({
      Id,
      state: `${RecordState} ${Compliance.Status}`,
      at: Date.parse(UpdatedAt),
    }));
  const sentBatches = async () => (await callsOf(emulator(), IMPORT)).length;

  describe('where it is enabled', () => {
    beforeEach(() => enableSecurityHub(emulator(), SERVICE));

    it('leaves what there is, and archives it once it is mended', async () => {
      await after(OLD, T0);
      expect(await kept()).to.deep.equal([{ Id: OVER, state: 'ACTIVE FAILED', at: T0 }]);
      await after(MENDED, T0 + DAY);
      expect(await kept()).to.deep.equal([{ Id: OVER, state: 'ARCHIVED PASSED', at: T0 + DAY }]);
      await after(OLD, T0 + 2 * DAY);
      expect(await kept()).to.deep.equal([{ Id: OVER, state: 'ACTIVE FAILED', at: T0 + 2 * DAY }]);
    });

    it('sends what has not changed once a day', async () => {
      await after(OLD, T0);
      expect(await after(OLD, T0 + MINUTE)).to.deep.include({ active: 0, unchanged: 1 });
      expect(await sentBatches()).to.equal(1);
      await after(OLD, T0 + DAY);
      expect(await sentBatches()).to.equal(2);
      expect((await kept())[0]?.at).to.equal(T0 + DAY);
    });

    it('does no harm when the same report is told twice, or late', async () => {
      await after(OLD, T0);
      await after(MENDED, T0 + DAY);
      const [, first = ''] = await bucket.list('reports/runs/'); // newest first
      await sendRunFindings({ detail: { object: { key: first } } });
      expect((await kept()).map(({ state }) => state)).to.deep.equal(['ARCHIVED PASSED']);
    });

    it('archives nothing of an account that the run could not enter, and does so later', async () => {
      await after(OLD, T0);
      await after(storedAccount({ status: 'unreachable' }), T0 + DAY);
      expect((await kept()).map(({ state }) => state)).to.deep.equal(['ACTIVE FAILED']);
      await after(MENDED, T0 + 2 * DAY);
      expect((await kept()).map(({ state }) => state)).to.deep.equal(['ARCHIVED PASSED']);
    });

    it('archives nothing that a run over some accounts did not look at', async () => {
      await after(OLD, T0);
      await after(storedAccount({ id: '222222222222' }), T0 + DAY, { isWhole: false });
      await after(many(1, 7), T0 + DAY + MINUTE, { isWhole: false });
      expect(await kept()).to.deep.include({ Id: OVER, state: 'ACTIVE FAILED', at: T0 });
    });

    it('sends 250 in three calls', async () => {
      await after(many(250), T0);
      expect(await sentBatches()).to.equal(3);
      expect(await kept()).to.have.length(250);
    });

    it('goes on when it is throttled', async () => {
      await emulator().inject({
        ...{ action: IMPORT, kind: 'error', times: 2 },
        ...{ code: 'LimitExceededException', httpStatus: 429 },
      });
      await after(OLD, T0);
      expect(await sentBatches()).to.equal(3);
      expect((await kept()).map(({ Id }) => Id)).to.deep.equal([OVER]);
    });

    it('sends everything and archives nothing, where it cannot read earlier reports', async () => {
      await after(OLD, T0);
      await emulator().inject({ ...DENIED, action: 's3:GetObject', skip: 1 });
      const sent = await after(many(1, 7), T0 + DAY);
      expect(sent).to.have.nested.property('nothingBefore.kind', 'denied');
      expect((await kept()).map(({ state }) => state)).to.deep.equal(['ACTIVE FAILED', 'ACTIVE FAILED']);
      expect(lines.join('\n')).to.include('the reports of earlier runs could not be read');
    });

    it('fails where findings are refused, and names them', async () => {
      process.env['SECURITY_HUB_PRODUCT_ARN'] = PRODUCT.replaceAll(SERVICE, '999988887777');
      const failure = await failureOf(after(OLD, T0));
      expect(failure.message).to.equal('1 findings were refused: InvalidInput');
      expect(lines.join('\n')).to.include(OVER).and.to.include('findings could not be sent');
    });

    it('fails where it is not allowed, and says what to allow', async () => {
      await emulator().inject({ ...DENIED, action: IMPORT });
      const failure = await failureOf(after(OLD, T0));
      expect(failure).to.include({ kind: 'denied', during: IMPORT });
      expect(failure.nextStep).to.match(/^Allow securityhub:BatchImportFindings/);
    });

    it('makes none of what is no report', async () => {
      for (const key of ['runs/1/plan', 'reports/runs/x.json.gz', 'reports/quiet/1/0001.json.gz']) {
        expect(await sendRunFindings({ detail: { object: { key } } })).to.deep.equal({ kind: 'no-such-run' });
      }
      expect(await sentBatches()).to.equal(0);
    });
  });

  const DENIED = { kind: 'error', code: 'AccessDeniedException', httpStatus: 403 } as const;

  it('fails where Security Hub is not enabled, and says how to enable it', async () => {
    const failure = await failureOf(after(OLD, T0));
    expect(failure).to.include({ kind: 'denied', during: IMPORT });
    expect(failure.nextStep).to.match(/^Enable Security Hub .*aws securityhub enable-security-hub/);
    expect(await sentBatches()).to.equal(1);
  });

  it('says all that is wrong with what the deployment has set', async () => {
    process.env['SECURITY_HUB_URL'] = 'nowhere';
    process.env['SECURITY_HUB_PRODUCT_ARN'] =
      'arn:aws:securityhub:eu-central-1:111122223333:product/x/default';
    const error = await sendRunFindings({ detail: { object: { key: 'x' } } }).catch(
      (thrown: unknown) => thrown,
    );
    expect(String(error))
      .to.include('SECURITY_HUB_URL: must be a URL')
      .and.to.include('SECURITY_HUB_PRODUCT_ARN: must be an ARN');
  });

  it('refuses an event that names no report', async () => {
    for (const event of [undefined, {}, { detail: { object: { key: 7 } } }]) {
      const error = await sendRunFindings(event).catch((thrown: unknown) => thrown);
      expect(String(error)).to.include('detail');
    }
  });
});
