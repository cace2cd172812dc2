import { expect } from 'chai';
import { OperationError } from '../../../src/domain/errors.ts';
import type { StoredAccount, StoredRun } from '../../../src/domain/report/stored-run.ts';
import { DAY } from '../../../src/domain/time.ts';
import { sendFindings } from '../../../src/run/findings/send-findings.ts';
import type { RefusedFinding } from '../../../src/run/ports/findings.ts';
import type { StoredRuns } from '../../../src/run/ports/stored-runs.ts';
import { T0 } from '../../support/builders.ts';
import { storedAccount, storedKey, storedRun } from '../../support/stored-runs.ts';

const runOn = (day: number, account: StoredAccount): StoredRun =>
  storedRun([account], { runId: `run-${day}`, finishedAt: T0 + day * DAY });
const OLD = storedAccount({ keys: [storedKey('AKIA1', 100)] });
const MENDED = storedAccount({ keys: [storedKey('AKIA1', 10)] });
const UNREACHABLE = storedAccount({ status: 'unreachable' });
const many = (count: number) =>
  storedAccount({
    keys: Array.from({ length: count }, (_, n) => storedKey(`AKIA${n}`, 100, { userName: `u${n}` })),
  });

const DENIED = new OperationError({
  kind: 'denied',
  during: 's3:GetObject',
  message: 'no',
  nextStep: 'Allow it.',
});

function world(...kept: readonly StoredRun[]) {
  const batches: (readonly string[])[] = [];
  const reads: string[] = [];
  const newestFirst = kept.toSorted((one, other) => other.finishedAt - one.finishedAt);
  const runs: StoredRuns = {
    list: () => Promise.resolve(newestFirst),
    read: (runId) => {
      reads.push(runId);
      return Promise.resolve(kept.find((one) => one.runId === runId));
    },
    quietKeys: () => Promise.resolve([]),
  };
  const send = (
    runId: string,
    { refusing = [], ...ports }: Partial<StoredRuns> & { refusing?: readonly RefusedFinding[] } = {},
  ) =>
    sendFindings<string>(runId, {
      runs: { ...runs, ...ports },
      hub: {
        take: (findings) => {
          batches.push(findings);
          return Promise.resolve(refusing);
        },
      },
      format: ({ id }, state) => `${state} ${id}`,
    });
  return { send, batches, reads };
}

describe('findings of a run', () => {
  it('are sent as what is there, and what is gone', async () => {
    const { send, batches } = world(runOn(0, OLD), runOn(1, MENDED));
    expect(await send('run-0')).to.deep.include({ kind: 'sent', active: 1, archived: 0 });
    expect(await send('run-1')).to.deep.include({ active: 0, archived: 1, unchanged: 0 });
    expect(batches).to.deep.equal([
      ['active 111111111111/AKIA1/over-limit'],
      ['archived 111111111111/AKIA1/over-limit'],
    ]);
  });

  it('are sent a hundred at a time', async () => {
    const { send, batches } = world(runOn(0, many(250)));
    await send('run-0');
    expect(batches.map(({ length }) => length)).to.deep.equal([100, 100, 50]);
  });

  it('are not sent where there is nothing to send', async () => {
    const { send, batches } = world(runOn(0, MENDED));
    expect(await send('run-0')).to.deep.include({ kind: 'sent', active: 0, archived: 0 });
    expect(batches).to.deep.equal([]);
  });

  it('are compared with no run that came later', async () => {
    const { send, batches } = world(runOn(0, MENDED), runOn(1, OLD));
    await send('run-0');
    expect(batches).to.deep.equal([]);
  });

  it('are compared with as many runs as it takes, and no more', async () => {
    const runs = [runOn(0, OLD), runOn(1, OLD), runOn(2, UNREACHABLE), runOn(3, MENDED)];
    const { send, batches, reads } = world(...runs);
    await send('run-3');
    expect(reads).to.deep.equal(['run-3', 'run-2', 'run-1']);
    expect(batches).to.deep.equal([['archived 111111111111/AKIA1/over-limit']]);
  });

  it('are compared with ten runs at most', async () => {
    const { send, reads } = world(
      ...Array.from({ length: 15 }, (_, n) => runOn(n, UNREACHABLE)),
      runOn(15, OLD),
    );
    await send('run-15');
    expect(reads).to.have.length(11);
  });

  it('are all sent, and none archived, where earlier reports cannot be read', async () => {
    const { send, batches } = world(runOn(0, many(2)), runOn(1, OLD));
    const sent = await send('run-1', { list: () => Promise.reject(DENIED) });
    expect(sent).to.deep.include({ active: 1, archived: 0, nothingBefore: DENIED.failure });
    expect(batches).to.deep.equal([['active 111111111111/AKIA1/over-limit']]);
  });

  it('are those of a report that is there', async () => {
    const { send, batches } = world(runOn(0, OLD));
    expect(await send('run-9')).to.deep.equal({ kind: 'no-such-run' });
    expect(batches).to.deep.equal([]);
  });

  it('are told where they were refused', async () => {
    const refusing = [{ id: 'x', code: 'InvalidInput', message: 'no' }];
    const { send } = world(runOn(0, many(150)));
    expect(await send('run-0', { refusing })).to.deep.include({ refused: [...refusing, ...refusing] });
  });
});
