import { expect } from 'chai';
import * as sinon from 'sinon';
import { HOUR, MINUTE } from '../../../src/domain/time.ts';
import { NEVER_THROWS, refusal, type Around, type CallName } from '../../support/memory/intercept.ts';
import { mortal, onceAt, type Moment } from '../../support/memory/process.ts';
import { annsReplacement, CIRCUMSTANCES, inWords, type Circumstances } from '../rotation/replacement.ts';

type Replacement = ReturnType<typeof annsReplacement>;

/** Something that happens to a run at a moment. @returns the call at which it did, if it came to that */
type Disturbance = (replacement: Replacement, moment: Moment) => Promise<CallName | undefined>;

const dies: Disturbance = async ({ go }, moment) => {
  const process = mortal(moment);
  // Whatever it throws when it dies, nobody is left to see it.
  await go(process.around).catch(() => undefined);
  return process.diedAt;
};

const isRefused: Disturbance = async ({ go }, moment) => {
  let refused: CallName | undefined;
  let calls = 0;
  const around: Around = async ({ name }, proceed) => {
    if (NEVER_THROWS.has(name)) return await proceed();
    calls++;
    if (calls !== moment.call) return await proceed();
    refused = name;
    if (moment.side === 'after') await proceed();
    throw refusal('transient', name);
  };
  await go(around);
  return refused;
};

/** Longer than its lease; another run comes and goes in between. */
const isSuspended: Disturbance = async ({ go, goLater }, moment) => {
  let suspended: CallName | undefined;
  const sleep = async (name: CallName) => {
    suspended = name;
    await goLater();
  };
  await go(onceAt(moment, sleep));
  return suspended;
};

/** Disturbs one run after the other at one call after the other, until a run ends undisturbed. */
async function everywhere(circumstances: Circumstances, side: Moment['side'], disturb: Disturbance) {
  const calls: CallName[] = [];
  const broken: string[] = [];
  for (let call = 1; ; call++) {
    const replacement = annsReplacement(circumstances);
    const at = await disturb(replacement, { call, side });
    if (at === undefined) return { calls, broken };
    calls.push(at);
    const say = (when: string) => (promise: string) => `${call}. ${side} ${at}, ${when}: ${promise}`;
    broken.push(...replacement.brokenNow().map(say('now')));
    await replacement.goLater();
    broken.push(...replacement.brokenInTheEnd().map(say('after the next run')));
    broken.push(...(await changesOf(replacement)).map(say('the run after that')));
  }
}

/** What one more run does; nothing. */
async function changesOf({ member, goLater }: Replacement): Promise<readonly string[]> {
  const sandbox = sinon.createSandbox();
  const spies = sandbox.spy(member.session.writer);
  await goLater(MINUTE);
  sandbox.restore();
  return Object.entries(spies).flatMap(([name, spy]) => (spy.called ? [`writer.${name} was called`] : []));
}

const OF_A_REPLACEMENT: readonly CallName[] = [
  'sessions.open',
  'sessions.caller',
  'ledger.acquireLease',
  'ledger.read',
  'inventory.users',
  'inventory.keysOf',
  'inventory.lastUse',
  'ledger.markDigestPending',
  'secrets.look',
  'ledger.openIntent',
  'secrets.prepare',
  'writer.create',
  'secrets.store',
  'verifier.answers',
  'secrets.promote',
  'ledger.recordDelivery',
  'notifier.publish',
  'ledger.record',
  'ledger.markDigestSent',
  'ledger.releaseLease',
];

const DISTURBANCES: readonly (readonly [string, Disturbance])[] = [
  ['dies', dies],
  ['is refused a call', isRefused],
  ['is suspended until another run has come and gone', isSuspended],
];

for (const [happens, disturb] of DISTURBANCES) {
  describe(`a run that ${happens}, at any call, does no harm and is made good by the next one`, () => {
    for (const circumstances of CIRCUMSTANCES) {
      for (const side of ['before', 'after'] as const) {
        it(`${side} the call has its effect (${inWords(circumstances)})`, async () => {
          const { calls, broken } = await everywhere(circumstances, side, disturb);
          expect(broken).to.deep.equal([]);
          expect(calls).to.include.members([...OF_A_REPLACEMENT]);
        });
      }
    }
  });
}

describe('the compensation of a run that dies', () => {
  for (const side of ['before', 'after'] as const) {
    it(`${side} any call is made good by the next run`, async () => {
      const broken: string[] = [];
      for (let call = 1; ; call++) {
        const replacement = annsReplacement({
          consumers: 'read the old key',
          secondPlace: 'free',
          useIsTold: 'at once',
        });
        replacement.member.iam.lags.newKeyAnswers = Infinity;
        const at = await dies(replacement, { call, side });
        if (at === undefined) break;
        broken.push(...replacement.brokenNow().map((promise) => `${call}. ${at}, now: ${promise}`));
        replacement.member.iam.lags.newKeyAnswers = 0;
        await replacement.goLater();
        broken.push(...replacement.brokenInTheEnd().map((promise) => `${call}. ${at}: ${promise}`));
      }
      expect(broken).to.deep.equal([]);
    });
  }
});

describe('the recovery of a run that dies', () => {
  for (const side of ['before', 'after'] as const) {
    for (const useIsTold of ['at once', 'late'] as const) {
      it(`${side} any call is made good by the run after it (use is told ${useIsTold})`, async () => {
        const broken: string[] = [];
        for (let call = 1; ; call++) {
          const replacement = annsReplacement({
            consumers: 'read the old key',
            secondPlace: 'free',
            useIsTold,
          });
          replacement.faults.on('secrets.promote', 'transient');
          await replacement.go();
          replacement.clock.pass(HOUR);
          const at = await dies(replacement, { call, side });
          if (at === undefined) break;
          broken.push(...replacement.brokenNow().map((promise) => `${call}. ${at}, now: ${promise}`));
          await replacement.goLater();
          broken.push(...replacement.brokenInTheEnd().map((promise) => `${call}. ${at}: ${promise}`));
        }
        expect(broken).to.deep.equal([]);
      });
    }
  }
});

describe('a run that comes while the lease of a dead one lasts', () => {
  it('leaves the account alone', async () => {
    const replacement = annsReplacement({ consumers: 'none yet', secondPlace: 'free', useIsTold: 'at once' });
    await dies(replacement, { call: 9, side: 'after' });
    const before = replacement.ledger.of(replacement.member.id);
    const report = await replacement.goLater(9 * MINUTE);
    expect(report.status).to.equal('skipped');
    expect(replacement.ledger.of(replacement.member.id)).to.deep.equal(before);
    expect((await replacement.goLater(MINUTE)).status).to.equal('rotated');
    expect(replacement.brokenInTheEnd()).to.deep.equal([]);
  });
});
