import { expect } from 'chai';
import { runOnCanned } from '../../bench/canned/run.ts';
import { startCannedAws } from '../../bench/canned/server.ts';
import type { CannedSeed } from '../../bench/canned/organization.ts';
import { totalsOf } from '../../src/domain/report/run-report.ts';
import { createWorld, emulatorForThisFile, START, userWithKey } from '../support/world.ts';

/** As large as benchmarks have it small: two of its keys are due. */
const SEED: CannedSeed = {
  accounts: 3,
  users: 20,
  dueEvery: 50,
  now: START,
  latency: 0,
  report: { least: 0, most: 0 },
};

describe('Canned answers of AWS', () => {
  const emulator = emulatorForThisFile();

  it('lead a run to the same calls and the same totals as the emulator does', async () => {
    const world = await createWorld(emulator(), {
      accounts: Array.from({ length: SEED.accounts }, (_, account) => ({
        name: `account-${account + 1}`,
        users: Array.from({ length: SEED.users }, (_user, nth) => {
          const isDue = (account * SEED.users + nth) % SEED.dueEvery === 0;
          return userWithKey(`user-${nth + 1}`, { age: isDue ? 100 : 10, usedAgo: 1 });
        }),
      })),
    });
    const report = await world.run({ environment: { ROTATION_INVENTORY: 'auto' } });
    const emulated: Record<string, number> = {};
    for (const { action } of await emulator().calls()) emulated[action] = (emulated[action] ?? 0) + 1;

    const canned = await startCannedAws(SEED);
    try {
      const result = await runOnCanned({ endpoint: canned.endpoint, seed: SEED, now: START, isFirst: true });
      expect(result.totals).to.deep.equal(totalsOf(report.accounts));
      expect(result.isClean).to.equal(true);
      expect(result.totals.replaced).to.equal(2);
      expect(canned.asked()).to.deep.equal({ calls: emulated, throttled: 0 });
    } finally {
      await canned.close();
    }
  });

  it('are refused to an account that asks faster than its rate, and to no other', async () => {
    const canned = await startCannedAws({ ...SEED, rate: { perSecond: 0.001, burst: 2 } });
    const ask = async (accountId: string) => {
      const answer = await fetch(canned.endpoint, {
        method: 'POST',
        headers: {
          authorization: `AWS4 Credential=ASIA${accountId}0000/20260105/us-east-1/iam/aws4_request`,
        },
        body: 'Action=ListUsers',
      });
      return answer.status;
    };
    try {
      const first = [await ask('111111111101'), await ask('111111111101'), await ask('111111111101')];
      expect([...first, await ask('111111111102')]).to.deep.equal([200, 200, 400, 200]);
      expect(canned.asked()).to.deep.equal({ calls: { 'iam:ListUsers': 4 }, throttled: 1 });
    } finally {
      await canned.close();
    }
  });

  it('are none to calls that nobody wrote an answer for', async () => {
    const canned = await startCannedAws(SEED);
    try {
      const answer = await fetch(canned.endpoint, {
        method: 'POST',
        headers: { 'x-amz-target': 'DynamoDB_20120810.Scan', authorization: 'none' },
        body: '{}',
      });
      expect(answer.status).to.equal(400);
      expect(await answer.json())
        .to.have.property('__type')
        .that.includes('Scan');
    } finally {
      await canned.close();
    }
  });
});
