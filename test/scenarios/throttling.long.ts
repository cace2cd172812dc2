import { expect } from 'chai';
import { rotated } from '../../src/domain/report/run-report.ts';
import { SECOND } from '../../src/domain/time.ts';
import { runThrottled, type Measured } from '../support/throttled.ts';
import { emulatorForThisFile } from '../support/world.ts';

/* The whole size is measured by `npm run bench:throttling`. */
const ACCOUNTS = 3;
const USERS = 15;

describe('A run that replaces every key while IAM answers only so many calls a second', function () {
  const emulator = emulatorForThisFile();
  let measured: Measured;
  let created: readonly (readonly [string | null, string])[];

  before(async function () {
    measured = await runThrottled(emulator(), { accounts: ACCOUNTS, users: USERS, perSecond: 8, burst: 8 });
    created = (await emulator().calls())
      .filter(({ action, status }) => action === 'iam:CreateAccessKey' && status === 200)
      .map(({ accountId, params }) => [accountId, params['UserName'] ?? ''] as const);
  });

  it('is throttled, and finishes without one failure', () => {
    expect(measured.throttled).to.be.greaterThan(0);
    expect(measured.clean, 'clean').to.equal(true);
    expect(measured.replaced).to.equal(ACCOUNTS * USERS);
  });

  it('makes one key for each user', () => {
    expect(created).to.have.length(ACCOUNTS * USERS);
    expect(new Set(created.map(String)).size).to.equal(ACCOUNTS * USERS);
  });

  it('goes about as fast as it may: few requests are in vain', () => {
    expect(measured.throttled / measured.requests).to.be.below(0.25);
  });

  it('lets no account starve', () => {
    // The management account has no users and is done at once.
    const [, first, ...others] = measured.finished;
    expect(others).to.have.length(ACCOUNTS - 1);
    expect(Math.max(...others)).to.be.below(2 * (first ?? 0));
  });
});

describe('A run whose time is over before it could read all users', function () {
  const emulator = emulatorForThisFile();

  it('has done something by then: it stops reading half-way', async () => {
    // No user is started in the last minute, so there are 15 seconds. To read them all takes 25.
    const rate = { perSecond: 8, burst: 8 };
    const crowd = { accounts: 1, users: 100, ...rate, timeLeft: 150 * SECOND, haste: 6 };
    const { replaced, report } = await runThrottled(emulator(), crowd);
    expect(replaced).to.be.greaterThan(3);
    const [account] = rotated(report.accounts).filter(({ gaps }) => gaps.length > 0);
    expect(account?.gaps.every(({ reason }) => reason === 'out-of-time')).to.equal(true);
    expect((account?.gaps.length ?? 0) + replaced).to.equal(100);
  });
});
