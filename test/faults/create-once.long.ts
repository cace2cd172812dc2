import { expect } from 'chai';
import { isClean } from '../../src/domain/report/run-report.ts';
import { userWithKey, emulatorForThisFile, outcomesIn, type World } from '../support/world.ts';
import { lookAround, brokenPromises } from '../support/promises.ts';
import { REQUEST_TIMEOUT, type Trouble } from './faults.ts';
import { actionsOf, faultAt, FOR_GOOD, keysIn, oneAccount } from './one-account.ts';
import { reportOf, run, runLater } from './run.ts';

const due = userWithKey('ann', { id: 'AKIAANNHASTHISKEY000', age: 70, usedAgo: 1 });
const CREATE = 'iam:CreateAccessKey';

const sent = async (world: World): Promise<number> =>
  (await actionsOf(world)).filter((action) => action === CREATE).length;

describe('Creating a key', function () {
  const emulator = emulatorForThisFile();

  describe('never comes before the intent is in the ledger', () => {
    const WRITES = [
      ['that a replacement begins', { action: 'dynamodb:PutItem', match: { sk: 'intent#*' } }],
      ['that a digest is pending', { action: 'dynamodb:UpdateItem', match: { sk: 'digest' } }],
      ['who holds the account', { action: 'dynamodb:PutItem', match: { sk: 'lease' } }],
    ] as const;
    for (const [title, at] of WRITES) {
      for (const trouble of FOR_GOOD) {
        it(`${title}: ${trouble.title}`, async () => {
          const world = await oneAccount(emulator(), due);
          await emulator().inject(faultAt(at, trouble));
          expect(isClean(reportOf(await run(world)))).to.equal(false);
          expect(await sent(world)).to.equal(0);
          expect(await keysIn(world)).to.have.length(1);
        });
      }
    }
  });

  describe('is tried once for each decision, and its result is found by listing', () => {
    const unclear = { kind: 'reset' } as const;
    const CASES: readonly {
      readonly title: string;
      readonly how: Trouble['how'];
      readonly asked: number;
      /** Of the user, when the run is over and the call, too. */
      readonly keys: number;
    }[] = [
      { title: 'denied', how: { kind: 'error', code: 'AccessDenied' }, asked: 1, keys: 1 },
      { title: 'over the quota', how: { kind: 'error', code: 'LimitExceeded' }, asked: 1, keys: 1 },
      { title: 'broken', how: { kind: 'error' }, asked: 1, keys: 1 },
      { title: 'broken after the effect', how: { kind: 'error', when: 'after' }, asked: 1, keys: 1 },
      { title: 'cut off', how: unclear, asked: 1, keys: 1 },
      { title: 'cut off after the effect', how: { ...unclear, when: 'after' }, asked: 1, keys: 1 },
      { title: 'garbled', how: { kind: 'malformed' }, asked: 1, keys: 1 },
      { title: 'garbled after the effect', how: { kind: 'malformed', when: 'after' }, asked: 1, keys: 1 },
      // Nobody can list what is not there yet: the run after this one finds it.
      { title: 'too late', how: { kind: 'delay', delayMs: 2 * REQUEST_TIMEOUT }, asked: 1, keys: 2 },
    ];
    for (const { title, how, asked, keys } of CASES) {
      it(title, async () => {
        const world = await oneAccount(emulator(), due);
        const before = await lookAround(world);
        await emulator().inject({ action: CREATE, ...how });
        const report = reportOf(await run(world, { requestTimeout: REQUEST_TIMEOUT }));
        if (how.kind === 'delay') await new Promise((resolve) => setTimeout(resolve, 2 * REQUEST_TIMEOUT));
        await emulator().clearFaults();

        expect(outcomesIn(report, 'app')).to.deep.equal(['ann replace due failed']);
        expect(await sent(world)).to.equal(asked);
        expect(await keysIn(world)).to.have.length(keys);
        expect(brokenPromises(before, await lookAround(world))).to.deep.equal([]);

        const next = await runLater(world);
        expect(outcomesIn(next, 'app')).to.deep.equal(['ann replace due applied']);
        expect(await sent(world)).to.equal(asked + 1);
        expect(await keysIn(world)).to.have.length(2);
        expect(brokenPromises(before, await lookAround(world))).to.deep.equal([]);
      });
    }

    it('throttled once', async () => {
      const world = await oneAccount(emulator(), due);
      await emulator().inject({ action: CREATE, kind: 'error', code: 'Throttling', times: 1 });
      expect(outcomesIn(reportOf(await run(world)), 'app')).to.deep.equal(['ann replace due applied']);
      expect(await sent(world)).to.equal(2);
      expect(await keysIn(world)).to.have.length(2);
    });

    it('listed twice', async () => {
      const world = await oneAccount(emulator(), due);
      for (const action of ['organizations:ListAccounts', 'iam:ListUsers', 'iam:ListAccessKeys']) {
        await emulator().inject({ action, kind: 'repeat-page', times: 1 });
      }
      expect(outcomesIn(reportOf(await run(world)), 'app')).to.deep.equal(['ann replace due applied']);
      expect(await sent(world)).to.equal(1);
      expect(await keysIn(world)).to.have.length(2);
    });
  });
});
