import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { s3Bucket } from '../../../src/aws/storage/bucket.ts';
import { reportStore } from '../../../src/aws/storage/stored-runs.ts';
import { DAY } from '../../../src/domain/time.ts';
import { BUCKET, makeBucket } from '../../support/map/run-map.ts';
import { storedAccount, storedKey, storedRun } from '../../support/stored-runs.ts';
import { createWorld, emulatorForThisFile, START, userWithKey, type World } from '../../support/world.ts';
import { deployFunction } from '../function-world.ts';
import { run } from '../terminal.ts';

const runId = (n: number) => `20260105T05000${n}Z-a1b2c3`;

describe('report --html', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'report-'));
    file = join(folder, 'page.html');
    world = await createWorld(emulator(), {
      accounts: [
        { name: 'app', users: [userWithKey('ann', { age: 95, usedAgo: 1 }), userWithKey('bob', { age: 5 })] },
      ],
    });
    await makeBucket(emulator());
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const url = () => `${emulator().endpoint}/${BUCKET}`;
  const store = () => reportStore(s3Bucket(world.aws, url(), () => Promise.resolve()));
  const leave = (n: number, age: number, isWhole = true) =>
    store().write(
      storedRun(
        [storedAccount({ name: 'app', keys: [storedKey('AKIAOLD', 0, { createdAt: START - age * DAY })] })],
        { runId: runId(n), finishedAt: START - (9 - n) * DAY, isWhole, quietFiles: 1 },
      ),
    );
  const report = (...more: readonly string[]) =>
    run(['report', ...more], world, { environment: { ROTATION_FUNCTION_NAME: '' } });
  const text = () =>
    readFileSync(file, 'utf8')
      .split('<script')[0]!
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ');

  it('writes a page about the last whole run, with its young keys and the trend of those before', async () => {
    await deployFunction(world, { REPORTS_URL: url() });
    await leave(1, 80);
    await leave(2, 100);
    await leave(3, 100, false);
    const young = {
      accountId: '111111111111',
      userName: 'young',
      createdAt: START,
      dueAt: START,
      lastUse: { kind: 'never' },
    } as const;
    await store().writeQuietKeys(runId(2), 1, [young]);
    const { code, stdout, stderr } = await report('--html', file);
    expect(code, stderr).to.equal(0);
    expect(stdout).to.match(
      new RegExp(
        `^${file}: run ${runId(2)} of 2025-12-29 06:00 UTC, and 1 run before it \\(\\d+ KB\\)\\.\\n$`,
      ),
    );
    expect(text()).to.contain('It is getting worse: 1 more than on 2025-12-28');
    expect(readFileSync(file, 'utf8')).to.contain('"young"');
    const services = (await emulator().calls()).map(({ action }) => action.split(':')[0]);
    expect(services.filter((one) => one === 'sts' || one === 'iam')).to.deep.equal([]);
  });

  it('looks at every account now, where that is asked for, and changes nothing', async () => {
    const before = await emulator().calls();
    const { code, stderr } = await report('--html', file, '--live');
    expect(code, stderr).to.equal(0);
    expect(text()).to.contain('Looked up now, and nothing was changed.');
    expect(text()).to.match(/1 active key is over the limit/);
    expect(readFileSync(file, 'utf8')).to.contain('"bob"');
    expect(stderr).to.contain('Without earlier runs: ');
    const actions = (await emulator().calls()).slice(before.length).map(({ action }) => action);
    expect(
      actions.filter((one) => /:(Create|Update|Delete|Put|Publish)/.test(one) && !one.startsWith('dynamodb')),
    ).to.deep.equal([]);
  });

  it('refuses a run of which nothing is kept, and a file that can not be written, and writes nothing', async () => {
    await deployFunction(world, { REPORTS_URL: url() });
    await leave(1, 80);
    const unknown = await report('--html', file, '--run', runId(7));
    expect([unknown.code, unknown.stderr]).to.satisfy(
      ([code, said]: [number, string]) =>
        code === 2 && said.includes(`no report of a run ${runId(7)} is kept; the latest are ${runId(1)}`),
    );
    const nowhere = await report('--html', join(folder, 'none', 'page.html'));
    expect(nowhere.code).to.equal(2);
    expect(nowhere.stderr).to.contain("can't be written (ENOENT");
    expect((await report('--html', file, '--live', '--run', runId(1))).code).to.equal(2);
    expect((await report()).code).to.equal(2);
    expect(existsSync(file)).to.equal(false);
  });

  it('says where reports would be, where nothing is deployed', async () => {
    const { code, stderr } = await report('--html', file);
    expect(code).to.equal(1);
    expect(stderr).to.contain(
      'Or look anew, which enters every account: access-key-rotation report --live --html FILE',
    );
  });
});
