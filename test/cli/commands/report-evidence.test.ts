import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { s3Bucket } from '../../../src/aws/storage/bucket.ts';
import { reportStore } from '../../../src/aws/storage/stored-runs.ts';
import { parseEvidence } from '../../../src/report/evidence/schema.ts';
import { DAY } from '../../../src/domain/time.ts';
import { BUCKET, makeBucket } from '../../support/map/run-map.ts';
import { storedAccount, storedKey, storedRun } from '../../support/stored-runs.ts';
import { createWorld, emulatorForThisFile, START, type World } from '../../support/world.ts';
import { deployFunction } from '../function-world.ts';
import { run } from '../terminal.ts';

const runId = (n: number) => `20260105T05000${n}Z-a1b2c3`;

describe('report --evidence and --ocsf', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  let folder: string;
  let evidence: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'evidence-'));
    evidence = join(folder, 'q4');
    world = await createWorld(emulator(), { accounts: [{ name: 'app', users: [] }] });
    await makeBucket(emulator());
    await deployFunction(world, { REPORTS_URL: url() });
    const store = reportStore(s3Bucket(world.aws, url(), () => Promise.resolve()));
    for (const [n, daysAgo] of [
      [1, 100],
      [2, 30],
      [3, 1],
    ] as const) {
      const at = START - daysAgo * DAY;
      const done = storedKey(`AKIADONE${n}`, 0, {
        createdAt: at - 70 * DAY,
        userName: `done${n}`,
        outcome: 'applied',
        action: 'deactivate',
        status: 'inactive',
      });
      const old = storedKey('AKIAOLD', 0, { createdAt: at - 100 * DAY });
      await store.write(
        storedRun([storedAccount({ keys: [old, done], rootKeys: 'none' })], {
          runId: runId(n),
          finishedAt: at,
          ...(n === 2 ? { isWhole: false, requestedBy: 'arn:aws:iam::111111111111:user/ann' } : {}),
        }),
      );
    }
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const url = () => `${emulator().endpoint}/${BUCKET}`;
  const report = (...args: readonly string[]) =>
    run(['report', ...args], world, { environment: { ROTATION_FUNCTION_NAME: '' } });
  const json = () => parseEvidence(readFileSync(join(evidence, 'evidence.json'), 'utf8'));

  it('writes what sha256sum finds unchanged, for its owner alone, and enters no account', async () => {
    const { code, stdout, stderr } = await report('--evidence', evidence);
    expect(code, stderr).to.equal(0);
    expect(stdout).to.contain(`evidence of run ${runId(3)}, with 2 runs since 2025-10-06;`);
    const said = execFileSync('sha256sum', ['--strict', '-c', 'SHA256SUMS'], {
      cwd: evidence,
      encoding: 'utf8',
    });
    const files = readdirSync(evidence).filter((name) => name !== 'SHA256SUMS');
    expect(said.split('\n').filter(Boolean).toSorted()).to.deep.equal(files.map((name) => `${name}: OK`));
    for (const name of readdirSync(evidence)) {
      expect(statSync(join(evidence, name)).mode & 0o777, name).to.equal(0o600);
    }
    expect(statSync(evidence).mode & 0o777).to.equal(0o700);
    expect(readdirSync(folder)).to.deep.equal(['q4']);
    const services = (await emulator().calls()).map(({ action }) => action.split(':')[0]);
    expect(services.filter((one) => one === 'sts' || one === 'iam')).to.deep.equal([]);
  });

  it('tells of the period that was asked for, and by whom it was asked', async () => {
    await report('--evidence', evidence);
    expect(json().actions.map(({ keyId, requestedBy }) => [keyId, requestedBy])).to.deep.equal([
      ['AKIADONE3', undefined],
      ['AKIADONE2', 'arn:aws:iam::111111111111:user/ann'],
    ]);
    rmSync(evidence, { recursive: true });
    await report('--evidence', evidence, '--since', '2025-01-01');
    expect(json().actions.map(({ keyId }) => keyId)).to.deep.equal(['AKIADONE3', 'AKIADONE2', 'AKIADONE1']);
    rmSync(evidence, { recursive: true });
    await report('--evidence', evidence, '--run', runId(1));
    expect([json().runId, json().period.runs.length]).to.deep.equal([runId(1), 1]);
  });

  it('takes an empty folder, and no other', async () => {
    mkdirSync(evidence);
    expect((await report('--evidence', evidence)).code).to.equal(0);
    const before = readFileSync(join(evidence, 'evidence.json'), 'utf8');
    const again = await report('--evidence', evidence);
    expect(again.code).to.equal(2);
    expect(again.stderr).to.contain(
      'must be a folder that is empty or not there yet; it holds 10 things already',
    );
    expect(readFileSync(join(evidence, 'evidence.json'), 'utf8')).to.equal(before);
  });

  it('writes findings, one a line, together with whatever else is asked for', async () => {
    const file = join(folder, 'findings.ndjson');
    const { code, stdout } = await report('--ocsf', file, '--evidence', evidence);
    expect(code).to.equal(0);
    expect(stdout).to.contain(`${file}: 1 finding of run ${runId(3)}`);
    const [line, ...others] = readFileSync(file, 'utf8').split('\n');
    expect(others).to.deep.equal(['']);
    expect(JSON.parse(line ?? '')).to.include({ class_uid: 2004 });
    expect(existsSync(evidence)).to.equal(true);
  });

  describe('refuses, and writes nothing,', () => {
    for (const [title, args, says] of [
      ['nothing to write', () => [], /nothing says what to write: give --html, --evidence or --ocsf/],
      [
        'a day that is none',
        () => ['--evidence', evidence, '--since', '2026-02-30'],
        /--since: must be a day/,
      ],
      ['a period after the run', () => ['--evidence', evidence, '--since', '2027-01-01'], /before the run/],
      [
        'a period of nothing',
        () => ['--ocsf', join(folder, 'x'), '--since', '2025-01-01'],
        /give --evidence/,
      ],
      ['a folder in no folder', () => ['--evidence', join(folder, 'no', 'q4')], /can't be written \(ENOENT/],
      ['a file for a folder', () => ['--evidence', join(folder, 'file')], /can't be written \(ENOTDIR/],
      ['evidence of now', () => ['--evidence', evidence, '--live'], /--live.*cannot be used with/],
    ] as const) {
      it(title, async () => {
        writeFileSync(join(folder, 'file'), '');
        const { code, stderr } = await report(...args());
        expect([code, readdirSync(folder)]).to.deep.equal([2, ['file']]);
        expect(stderr).to.match(says);
      });
    }
  });
});
