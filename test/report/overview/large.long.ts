import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { Bucket } from '../../../src/aws/storage/bucket.ts';
import { storedRuns } from '../../../src/aws/storage/stored-runs.ts';
import { formatOverview } from '../../../src/cli/output/overview.ts';
import { overviewOf } from '../../../src/domain/report/overview.ts';
import { days, SECOND } from '../../../src/domain/time.ts';
import { T0 } from '../../support/builders.ts';
import { storedAccount, storedKey, storedRun } from '../../support/stored-runs.ts';

const ACCOUNTS = 1_000;
const USERS = 50;

/** Each user has been looked at, which is the most that a run can leave. */
const large = (runId: string, finishedAt: number) =>
  storedRun(
    [...Array(ACCOUNTS).keys()].map((a) =>
      storedAccount({
        id: String(100_000_000_000 + a),
        name: `account-${a}`,
        ouPath: ['r-1', `ou-${a % 20}`],
        keys: [...Array(USERS).keys()].map((u) =>
          storedKey(`AKIA${String(a * USERS + u).padStart(16, '0')}`, (a + u) % 120, {
            userName: `user-${u}`,
            owner: `team-${u % 30}`,
            message: 'Older than 60 days and in use: a new key takes its place in the next run.',
            next: { what: 'replace', at: T0 + days((a * u) % 60) },
          }),
        ),
      }),
    ),
    { runId, finishedAt },
  );

describe('the overview of 1,000 accounts with 50 users each', () => {
  it('takes less than two seconds from what is stored to the printed text', async () => {
    const objects = new Map(
      [1, 2].map((n) => {
        const run = large(`20260301T060000Z-00000${n}`, T0 - days(7 * n));
        const name = `reports/runs/${9_999_999_999_999 - run.finishedAt}_whole_${run.runId}.json.gz`;
        return [name, gzipSync(JSON.stringify(run))] as const;
      }),
    );
    const bucket: Bucket = {
      get: (name) => Promise.resolve(objects.get(name)),
      put: () => Promise.resolve(),
      list: (prefix) => Promise.resolve([...objects.keys()].filter((name) => name.startsWith(prefix)).sort()),
    };

    const runs = storedRuns(bucket);
    const show = async (): Promise<{ readonly text: string; readonly took: number }> => {
      // Of the processor: the clock would also count what else the machine does.
      const began = process.cpuUsage();
      const [last, earlier] = await runs.list();
      const run = await runs.read(last?.runId ?? '');
      const before = await runs.read(earlier?.runId ?? '');
      if (run === undefined) throw new Error('no run');
      const text = formatOverview(overviewOf(run, before, T0), T0, 120);
      const { user, system } = process.cpuUsage(began);
      return { text, took: (user + system) / 1_000 };
    };

    // The best of three: a busy machine makes a processor slower, too.
    const shown = [await show(), await show(), await show()];
    for (const { text } of shown) {
      expect(text).to.include('50,000 active keys');
      expect(text).to.include('Changes are since run 20260301T060000Z-000002');
    }
    expect(Math.min(...shown.map(({ took }) => took))).to.be.below(2 * SECOND);
  });
});
