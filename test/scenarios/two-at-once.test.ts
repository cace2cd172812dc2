import type { Context } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';
import { DAY, MINUTE } from '../../src/domain/time.ts';
import { rotateOrganization as invoke } from '../../src/handler.ts';
import { setAwsEnvironment } from '../aws/support.ts';
import { reportIn } from '../cli/json-shape.ts';
import { awsEnvironment, run as runCommand } from '../cli/terminal.ts';
import { orderIn, prepareRun } from '../crash/run-process.ts';
import { accountIn, emulatorForThisFile } from '../support/world.ts';
import {
  ALL_OF_IT,
  APP,
  changesOf,
  DATA,
  doneBy,
  everyChangeIn,
  expectAllDone,
  go,
  goAfter,
  holdUp,
  ONE_BY_ONE,
  someCallIsHeldUp,
  whenAllIsDue,
} from './overlap.ts';

const LISTING = { action: 'iam:ListUsers', accountId: APP };

describe('Two runs at once', function () {
  const emulator = emulatorForThisFile();

  it('on the command line and on schedule: the second one reports which run has the account, and does the others', async () => {
    const world = await whenAllIsDue(emulator());
    await holdUp(emulator(), LISTING);
    const scheduled = go(world);
    await someCallIsHeldUp(emulator());
    const { code, stdout } = await runCommand(['apply', '--yes', '--json'], world, {
      environment: { ...ONE_BY_ONE, ROTATION_MODE: 'enforce' },
    });
    await emulator().clearFaults();
    const report = await scheduled;

    const { accounts } = reportIn(stdout);
    const late = (accountId: string) => accounts.find((account) => account.accountId === accountId);
    expect(late(APP)?.status).to.equal('skipped');
    expect(late(APP)?.cause).to.match(
      new RegExp(`^run ${report.runId} is working on it \\(until 2026-01-16T06:1\\d:.*Z at the latest\\)$`),
    );
    const applied = late(DATA)?.outcomes.filter(({ status }) => status === 'applied');
    expect(applied?.map(({ userName, action }) => `${userName} ${action}`)).to.deep.equal(ALL_OF_IT);
    expect(code).to.equal(0);
    expect(doneBy(report, 'app')).to.deep.equal(ALL_OF_IT);
    expect(doneBy(report, 'data')).to.deep.equal([]);
    expect(await changesOf(emulator())).to.have.members([APP, DATA].flatMap(everyChangeIn));
    for (const accountId of [APP, DATA]) await expectAllDone(emulator(), accountId);
  });

  describe('as a Lambda function that is invoked twice', () => {
    let restore = () => {};
    // A Lambda function runs at the real time, and so does the emulator here.
    beforeEach(async () => {
      await emulator().reset();
      const now = Date.now();
      const users = ['ann', 'bob'].map((userName) => ({
        userName,
        keys: [{ createdAt: now - 65 * DAY, lastUsedAt: now - DAY }],
      }));
      const accounts = ['app', 'data'].map((name) => ({ name, users }));
      const { credentials, tableName, topicArn } = await emulator().seed({ accounts });
      restore = setAwsEnvironment({
        ...awsEnvironment(emulator(), credentials),
        ...ONE_BY_ONE,
        ROTATION_MODE: 'enforce',
        ROTATION_TABLE_NAME: tableName,
        ROTATION_TOPIC_ARN: topicArn,
        POWERTOOLS_DEV: 'true', // through the console
      });
      for (const method of ['log', 'info', 'warn', 'error'] as const) sinon.stub(console, method);
    });
    afterEach(() => {
      sinon.restore();
      restore();
    });

    it('everything is done once, and each reports which accounts the other one has', async () => {
      await holdUp(emulator(), LISTING);
      const context = { getRemainingTimeInMillis: () => 15 * MINUTE } as Context;
      const invocations = [1, 2].map(() => invoke({ mode: 'enforce' }, context));
      await Promise.race(invocations);
      await emulator().clearFaults();
      const reports = await Promise.all(invocations);

      const created = [APP, DATA].flatMap((id) =>
        ['ann', 'bob'].map((name) => `${id} CreateAccessKey ${name}`),
      );
      expect(await changesOf(emulator())).to.have.members(created);
      const count = (what: 'replaced' | 'failed' | 'partial') =>
        reports.map(({ totals }) => totals[what]).reduce((sum, one) => sum + one);
      expect([count('replaced'), count('failed'), count('partial')]).to.deep.equal([4, 0, 0]);
      const skipped = reports.flatMap(({ runId, accounts }) =>
        accounts
          .filter(({ accountId, status }) => [APP, DATA].includes(accountId) && status === 'skipped')
          .map(({ cause = '' }) => ({
            cause,
            other: reports.find((one) => one.runId !== runId)?.runId ?? '',
          })),
      );
      expect(skipped).not.to.deep.equal([]);
      for (const { cause, other } of skipped)
        expect(cause).to.include(`run ${other} is working on it (until `);
    });
  });

  it('of which one was killed: its account is skipped until its lease has expired', async () => {
    const undisturbed = await whenAllIsDue(emulator());
    await go(undisturbed);
    const creating = (await emulator().calls()).find(({ action }) => action === 'iam:CreateAccessKey');

    const world = await whenAllIsDue(emulator());
    const run = await prepareRun();
    await emulator().killAt({ pid: run.pid, call: creating?.seq ?? 0, when: 'after' });
    expect(await run.go(orderIn(world, ONE_BY_ONE))).to.equal('SIGKILL');
    const [dead, alive] = creating?.accountId === APP ? ['app', 'data'] : ['data', 'app'];

    const soon = await goAfter(9, world);
    const account = accountIn(soon, dead);
    expect(account.status).to.equal('skipped');
    expect(account)
      .to.have.property('cause')
      .that.matches(/^run 20260116T\d{6}Z-\w{6} is working on it/);
    expect(doneBy(soon, alive)).to.deep.equal(ALL_OF_IT);

    const after = await goAfter(1, world);
    expect(doneBy(after, dead)).to.deep.equal(ALL_OF_IT);
    expect(doneBy(after, alive)).to.deep.equal([]);
    for (const accountId of [APP, DATA]) await expectAllDone(emulator(), accountId);
  });
});
