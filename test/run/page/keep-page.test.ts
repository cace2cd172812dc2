import { expect } from 'chai';
import { OperationError } from '../../../src/domain/errors.ts';
import type { StoredRun, StoredRunName } from '../../../src/domain/report/stored-run.ts';
import { days } from '../../../src/domain/time.ts';
import { keepPage } from '../../../src/run/page/keep-page.ts';
import { withEarlier } from '../../../src/run/page/with-earlier.ts';
import type { StoredRuns } from '../../../src/run/ports/stored-runs.ts';
import { T0 } from '../../support/builders.ts';
import { storedRun } from '../../support/stored-runs.ts';

const runId = (n: number) => `20260301T06000${n}Z-a1b2c3`;
const runAt = (n: number, facts: Partial<StoredRun> = {}) =>
  storedRun([], { runId: runId(n), finishedAt: T0 + days(n), ...facts });
const nameOf = ({ runId: id, finishedAt, isWhole }: StoredRun): StoredRunName => ({
  runId: id,
  finishedAt,
  isWhole,
});

/** Newest first, as they are listed. */
const runsOf = (runs: readonly StoredRun[], unreadable: readonly StoredRun[] = []): StoredRuns => ({
  list: async () =>
    [...runs, ...unreadable].map(nameOf).sort((one, other) => other.finishedAt - one.finishedAt),
  read: async (id) => runs.find((run) => run.runId === id),
  quietKeys: async () => [],
});

/** @param later as they are listed once the page is written */
async function keep(name: StoredRunName, runs: StoredRuns, later = runs) {
  const written: string[] = [];
  const opened = [runs, later];
  const kept = await keepPage(name, {
    openRuns: () => opened.shift() ?? later,
    pages: {
      write: async (run, page) => void written.push(`${run.runId}: ${page}`),
      writeLatest: async (page) => void written.push(`latest: ${page}`),
    },
    abridge: (run) => run,
    format: ({ run, before }) =>
      [run, ...before].map(({ finishedAt }) => (finishedAt - T0) / days(1)).join(' after '),
  });
  return { kept, written };
}

describe('the page of a run', () => {
  const [one, two, three] = [runAt(1), runAt(2), runAt(3)];

  it('is kept beside the report and as the latest, with the runs before it', async () =>
    expect(await keep(nameOf(three), runsOf([one, two, three]))).to.deep.equal({
      kept: { kind: 'kept', runId: runId(3), isLatest: true },
      written: [`${runId(3)}: 3 after 2 after 1`, 'latest: 3 after 2 after 1'],
    }));

  for (const [title, run, runs, later] of [
    ['an earlier run', two, [one, two, three], undefined],
    ['a run over a part', runAt(4, { isWhole: false }), [one, runAt(4, { isWhole: false })], undefined],
    ['a run that another one has overtaken meanwhile', two, [one, two], [one, two, three]],
  ] as const) {
    it(`of ${title} is not the latest`, async () => {
      const { kept, written } = await keep(nameOf(run), runsOf(runs), later && runsOf(later));
      expect(kept).to.deep.equal({ kind: 'kept', runId: run.runId, isLatest: false });
      expect(written).to.have.length(1);
    });
  }

  it('is the latest though a run over a part came later', async () => {
    const { kept } = await keep(nameOf(two), runsOf([one, two, runAt(4, { isWhole: false })]));
    expect(kept).to.include({ isLatest: true });
  });

  for (const [title, name] of [
    ['that nobody has left', nameOf(three)],
    ['whose end was done again, and has left another report', { ...nameOf(two), finishedAt: T0 }],
    ['that is called what it is not', { ...nameOf(two), isWhole: false }],
  ] as const) {
    it(`is not made of a run ${title}`, async () =>
      expect(await keep(name, runsOf([one, two]))).to.deep.equal({
        kept: { kind: 'nothing-to-do' },
        written: [],
      }));
  }

  it('leaves out an earlier run that can not be understood', async () =>
    expect((await keep(nameOf(three), runsOf([one, three], [two]))).written).to.include(
      `${runId(3)}: 3 after 1`,
    ));

  it('takes of each earlier run only what is asked of it, and knows the last whole one', async () => {
    const part = runAt(3, { isWhole: false });
    const { before } = await withEarlier(
      runAt(4),
      runsOf([one, two, part]),
      [part, two, one].map(nameOf),
      (run, isLastWhole) => [run.runId, isLastWhole],
    );
    expect(before).to.deep.equal([
      [runId(3), false],
      [runId(2), true],
      [runId(1), false],
    ]);
  });

  it('fails where its own report can not be understood, and nothing is written', async () => {
    const error = await keep(nameOf(three), runsOf([one], [three])).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(OperationError);
    expect(String(error)).to.include(`the report of run ${runId(3)} can't be understood`);
  });
});
