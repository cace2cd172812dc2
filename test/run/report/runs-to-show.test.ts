import { expect } from 'chai';
import { InputError, OperationError } from '../../../src/domain/errors.ts';
import type { QuietKey, StoredRun } from '../../../src/domain/report/stored-run.ts';
import type { StoredRuns } from '../../../src/run/ports/stored-runs.ts';
import { runsToShow } from '../../../src/run/report/runs-to-show.ts';
import { ago, storedRun } from '../../support/page/builders.ts';

const runOf = (runId: string, weeks: number, isWhole = true): StoredRun =>
  storedRun([], { runId, finishedAt: ago(7 * weeks), isWhole });
const QUIET: QuietKey = {
  accountId: '111122223333',
  userName: 'ann',
  createdAt: ago(9),
  dueAt: ago(-51),
  lastUse: { kind: 'never' },
};

/** @param broken ids of those that can't be understood */
const storeOf = (stored: readonly StoredRun[], broken: readonly string[] = []): StoredRuns => ({
  list: async () => stored.map(({ runId, finishedAt, isWhole }) => ({ runId, finishedAt, isWhole })),
  read: async (runId) => stored.find((one) => one.runId === runId && !broken.includes(runId)),
  quietKeys: async ({ runId }) => [{ ...QUIET, userName: runId }],
});

const RUNS = [runOf('part', 0, false), runOf('new', 1), runOf('middle', 2), runOf('old', 3)];
const idsOf = (runs: readonly StoredRun[]) => runs.map(({ runId }) => runId);

async function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('the runs that a page shows', () => {
  it('are the last one over the whole organization, its quiet keys, and those before it', async () => {
    const { run, quiet, before } = await runsToShow(storeOf(RUNS));
    expect([run.runId, quiet[0]?.userName]).to.deep.equal(['new', 'new']);
    expect(idsOf(before)).to.deep.equal(['middle', 'old']);
  });

  it('are the one that was asked for, and those before that', async () => {
    const { run, before } = await runsToShow(storeOf(RUNS), 'middle');
    expect([run.runId, ...idsOf(before)]).to.deep.equal(['middle', 'old']);
  });

  it('are about a part of the organization where there is nothing else', async () => {
    expect((await runsToShow(storeOf(RUNS.slice(0, 1)))).run.runId).to.equal('part');
  });

  it("leave out what can't be understood, and are at most 26 before the one", async () => {
    const many = Array.from({ length: 40 }, (_, week) => runOf(`run-${week}`, week));
    const { before } = await runsToShow(storeOf(many, ['run-2']));
    expect(idsOf(before)).to.deep.equal(
      many
        .slice(1, 27)
        .map(({ runId }) => runId)
        .filter((id) => id !== 'run-2'),
    );
  });

  it('say which there are, where there is none of this id', async () => {
    const error = await failureOf(runsToShow(storeOf(RUNS), 'other'));
    expect(error).to.be.instanceOf(InputError);
    expect((error as InputError).problems).to.deep.equal([
      '--run: no report of a run other is stored; the last ones are part, new, middle, old',
    ]);
  });

  it('say what to do where no run has left one, or this version does not understand it', async () => {
    const none = await failureOf(runsToShow(storeOf([])));
    expect((none as OperationError).failure.message).to.equal('no run has left one yet');
    const later = await failureOf(runsToShow(storeOf(RUNS, ['new'])));
    expect((later as OperationError).failure.message).to.contain('that of run new');
  });
});
