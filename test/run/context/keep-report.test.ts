import { expect } from 'chai';
import { OperationError } from '../../../src/domain/errors.ts';
import type { QuietKey, StoredRun } from '../../../src/domain/report/stored-run.ts';
import { DAY } from '../../../src/domain/time.ts';
import { reportKeeper } from '../../../src/run/context/keep-report.ts';
import type { ReportStore } from '../../../src/run/ports/stored-runs.ts';
import { failure, runReport, T0 } from '../../support/builders.ts';

const keys = (count: number): readonly QuietKey[] =>
  [...Array(count).keys()].map((n) => ({
    accountId: '111111111111',
    userName: `user-${n}`,
    createdAt: T0,
    lastUse: { kind: 'never' },
    dueAt: T0 + DAY,
  }));

function memoryStore(faults: { readonly quiet?: number; readonly run?: boolean } = {}) {
  const runs: StoredRun[] = [];
  const files: number[] = [];
  const refused = () => Promise.reject(new OperationError(failure({ during: 's3:PutObject' })));
  const store: ReportStore = {
    write: (run) => (faults.run === true ? refused() : Promise.resolve(void runs.push(run))),
    writeQuietKeys: (_, file, own) =>
      faults.quiet === file ? refused() : Promise.resolve(void (files[file] = own.length)),
  };
  return { store, runs, files: () => files.slice(1) };
}

const ALL = { selection: { onlyAccounts: [] }, userNames: [] };
const keep = (keeper: ReturnType<typeof reportKeeper>, run: object = ALL) =>
  keeper.keep(runReport(), run as Parameters<typeof keeper.keep>[1]);

describe('keeping the report of a run', () => {
  for (const [title, run, isWhole] of [
    ['everybody', ALL, true],
    ['an account', { ...ALL, selection: { onlyAccounts: ['111111111111'] } }, false],
    ['a user', { ...ALL, userNames: ['ann'] }, false],
  ] as const) {
    it(`says of a run over ${title} that it is ${isWhole ? '' : 'not '}whole`, async () => {
      const { store, runs } = memoryStore();
      expect(await keep(reportKeeper(store, 'run-1'), run)).to.equal(undefined);
      expect(runs.map((one) => [one.runId, one.isWhole, one.quietFiles])).to.deep.equal([
        ['run-1', isWhole, 0],
      ]);
    });
  }

  it('writes quiet keys while the run goes on, two thousand at a time, and holds no more', async () => {
    const { store, runs, files } = memoryStore();
    const keeper = reportKeeper(store, 'run-1');
    await keeper.quietKeys.add(keys(1_500));
    expect(files()).to.deep.equal([]);
    await Promise.all([keeper.quietKeys.add(keys(1_500)), keeper.quietKeys.add(keys(1_500))]);
    expect(files()).to.deep.equal([2_000, 2_000]);
    await keep(keeper);
    expect(files()).to.deep.equal([2_000, 2_000, 500]);
    expect(runs[0]?.quietFiles).to.equal(3);
  });

  it('goes on without quiet keys that can not be written, and says so in the report', async () => {
    const { store, runs, files } = memoryStore({ quiet: 2 });
    const keeper = reportKeeper(store, 'run-1');
    for (let times = 0; times < 4; times++) await keeper.quietKeys.add(keys(2_000));
    expect(await keep(keeper)).to.include({ during: 's3:PutObject' });
    expect(files()).to.deep.equal([2_000]);
    expect(runs[0]?.quietFiles).to.equal(0);
    expect(runs[0]?.findings.map(({ severity }) => severity)).to.deep.equal(['note']);
    expect(runs[0]?.findings[0]?.message).to.include('s3:PutObject: not authorized');
  });

  it('says why the report could not be kept, and throws nothing', async () => {
    const { store } = memoryStore({ run: true });
    expect(await keep(reportKeeper(store, 'run-1'))).to.include({ kind: 'denied', during: 's3:PutObject' });
  });
});
