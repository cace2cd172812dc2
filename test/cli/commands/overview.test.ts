import { expect } from 'chai';
import { s3Bucket } from '../../../src/aws/storage/bucket.ts';
import { reportStore } from '../../../src/aws/storage/stored-runs.ts';
import { DAY } from '../../../src/domain/time.ts';
import { storedAccount, storedKey, storedRun } from '../../support/stored-runs.ts';
import { BUCKET, makeBucket } from '../../support/map/run-map.ts';
import { createWorld, emulatorForThisFile, START, userWithKey, type World } from '../../support/world.ts';
import { deployFunction } from '../function-world.ts';
import { run } from '../terminal.ts';

const runId = (n: number) => `20260105T05000${n}Z-a1b2c3`;
const key = (age: number) => storedKey('AKIAOLD', 0, { createdAt: START - age * DAY });

describe('overview', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  beforeEach(async () => {
    world = await createWorld(emulator(), {
      accounts: [{ name: 'app', users: [userWithKey('ann', { age: 95, usedAgo: 1 })] }],
    });
    await makeBucket(emulator());
  });

  const url = () => `${emulator().endpoint}/${BUCKET}`;
  const deployed = (variables: Readonly<Record<string, string>> = { REPORTS_URL: url() }) =>
    deployFunction(world, variables);
  const leave = (n: number, age: number, isWhole = true) =>
    reportStore(s3Bucket(world.aws, url(), () => Promise.resolve())).write(
      storedRun([storedAccount({ name: 'app', keys: [key(age)] })], {
        runId: runId(n),
        finishedAt: START - (9 - n) * DAY,
        isWhole,
      }),
    );
  const overview = (...more: readonly string[]) =>
    run(['overview', ...more], world, {
      columns: 120,
      environment: { ROTATION_FUNCTION_NAME: '', NO_COLOR: '1' },
    });

  it('shows the last whole run, what has changed since the one before, and calls nothing but two services', async () => {
    await deployed();
    await leave(1, 80);
    await leave(2, 100);
    await leave(3, 100, false);
    const { code, stdout, stderr } = await overview();
    expect(code, stderr).to.equal(0);
    expect(stdout).to.include(`as run ${runId(2)} left them on 2025-12-29 06:00 UTC (7 days ago)`);
    expect(stdout).to.match(/over the limit: past deleteAfter +1 +\+1$/m);
    expect(stdout).to.include('1 key is newly over the limit, 0 no longer');
    const services = (await emulator().calls()).map(({ action }) => action.split(':')[0]);
    expect([...new Set(services.slice(services.indexOf('s3')))]).to.not.include.members(['sts', 'iam']);
    expect(services.filter((one) => one === 'sts' || one === 'iam')).to.deep.equal([]);
  });

  it('shows another run that is named, a part of the organization, too', async () => {
    await deployed();
    await leave(1, 80);
    await leave(3, 100, false);
    const { stdout } = await overview('--run', runId(3), '--json');
    expect(JSON.parse(stdout)).to.deep.include({ runId: runId(3), isWhole: false, schemaVersion: 1 });
    expect(JSON.parse(stdout)).to.have.nested.property('change.runId', runId(1));
    const { code, stderr } = await overview('--run', runId(7));
    expect(code).to.equal(2);
    expect(stderr).to.include(
      `--run: no report of a run ${runId(7)} is kept; the latest are ${runId(3)}, ${runId(1)}`,
    );
  });

  it('prints CSV and Markdown, one of them at a time', async () => {
    await deployed();
    await leave(1, 100);
    expect((await overview('--csv')).stdout).to.match(/^list,account_id,.+\noverLimit,111111111111,app,/);
    expect((await overview('--markdown')).stdout).to.match(/^# Access keys of the organization\n/);
    expect((await overview('--csv', '--json')).code).to.equal(2);
    expect((await overview('--live', '--run', runId(1))).code).to.equal(2);
  });

  it('looks anew where nothing is deployed', async () => {
    const { code, stdout, stderr } = await overview('--live');
    expect(code, stderr).to.equal(0);
    expect(stdout).to.include('1 active key of 1 user in 2 accounts');
    expect(stdout).to.match(/over the limit: past deleteAfter +1$/m);
    const changing = (await emulator().calls()).filter(({ action }) =>
      /:(Create|Update|Delete|Put)/.test(action),
    );
    expect(changing.map(({ action }) => action).filter((action) => !/Bucket/.test(action))).to.deep.equal([]);
  });

  for (const [title, prepare, expected] of [
    [
      'no function is there',
      async () => {},
      /there is no function access-key-rotation.+\n.+AWS_REGION.+overview --live/,
    ],
    ['the function keeps none', () => deployed({}), /it has no REPORTS_URL\n.+npx serverless deploy/],
    ['none is kept yet', () => deployed(), /kept yet\n.+npx serverless invoke -f rotate/],
    [
      'they may not be listed',
      async () => {
        await deployed();
        await emulator().inject({
          action: 's3:ListBucket',
          kind: 'error',
          code: 'AccessDenied',
          httpStatus: 403,
        });
      },
      /s3:ListBucket failed:.+\n.+operator-policy\.yml/,
    ],
    [
      'the function may not be looked at',
      async () => {
        await deployed();
        await emulator().inject({ action: 'lambda:*', kind: 'error', code: 'AccessDeniedException' });
      },
      /lambda:GetFunctionConfiguration failed:.+\n.+overview --live/,
    ],
  ] as const) {
    it(`says what to do where ${title}`, async () => {
      await prepare();
      const { code, stdout, stderr } = await overview();
      expect([code, stdout]).to.deep.equal([1, '']);
      expect(stderr).to.match(expected);
    });
  }
});
