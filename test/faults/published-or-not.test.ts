import type { Context } from 'aws-lambda';
import { expect } from 'chai';
import sinon from 'sinon';
import { isClean, type RunReport } from '../../src/domain/report/run-report.ts';
import { DAY, MINUTE } from '../../src/domain/time.ts';
import { rotateOrganization } from '../../src/handler.ts';
import { FIRST_MEMBER, setAwsEnvironment } from '../aws/support.ts';
import { awsEnvironment } from '../cli/terminal.ts';
import type { Fault } from '../support/emulator/emulator.ts';
import { everyRow } from '../support/promises.ts';
import { emulatorForThisFile, outcomesIn, userWithKey } from '../support/world.ts';
import { keysIn, oneAccount } from './one-account.ts';
import { reportOf, run } from './run.ts';
import { publishedAbout } from '../support/found.ts';

const KEY = 'AKIAANNHASTHISKEY000';
const denied = { kind: 'error', code: 'AuthorizationError', httpStatus: 403 } as const;

describe('A notice', function () {
  const emulator = emulatorForThisFile();
  const unused = userWithKey('ann', { id: KEY, age: 120, usedAgo: 110 });

  /** What happens to an unused key: in this run, in one 11 days later, and in one 22 days later. */
  const weeks = async (...faults: readonly Fault[]): Promise<readonly string[]> => {
    const world = await oneAccount(emulator(), unused);
    await emulator().inject(...faults);
    const said: string[] = [];
    for (let count = 0; count < 3; count++) {
      const report: RunReport = reportOf(await run(world));
      await emulator().clearFaults();
      const [key = `${KEY} gone`] = await keysIn(world);
      said.push(`${key.slice(KEY.length + 1)}, ${isClean(report) ? 'clean' : 'failed'}`);
      await world.pass(11);
    }
    return said;
  };

  it('comes a grace before the deactivation', async () => {
    expect(await weeks()).to.deep.equal(['Active, clean', 'Inactive, clean', 'gone, clean']);
  });

  const FAILED: readonly (readonly [string, Fault])[] = [
    ['was not published', { action: 'sns:Publish', ...denied }],
    ['may or may not have been published', { action: 'sns:Publish', kind: 'malformed', when: 'after' }],
    [
      'was not recorded in the ledger',
      { action: 'dynamodb:UpdateItem', match: { sk: `key#${KEY}` }, ...denied, code: 'AccessDenied' },
    ],
  ];
  for (const [title, fault] of FAILED) {
    it(`that ${title} postpones the deactivation`, async () => {
      expect(await weeks(fault)).to.deep.equal(['Active, failed', 'Active, clean', 'Inactive, clean']);
    });
  }
});

describe('With SNS down', function () {
  const emulator = emulatorForThisFile();
  let lines: unknown[];
  let restore = () => {};

  afterEach(() => {
    sinon.restore();
    restore();
  });

  it('nothing that was done is lost: report, log, ledger and the next run have it', async () => {
    // A Lambda function runs at the real time, and so does the emulator here.
    await emulator().reset();
    const now = Date.now();
    const users = [
      { userName: 'ann', keys: [{ id: KEY, createdAt: now - 65 * DAY, lastUsedAt: now - DAY }] },
    ];
    const seeded = await emulator().seed({ accounts: [{ name: 'app', users }] });
    restore = setAwsEnvironment({
      ...awsEnvironment(emulator(), seeded.credentials),
      ROTATION_MODE: 'enforce',
      ROTATION_TABLE_NAME: seeded.tableName,
      ROTATION_TOPIC_ARN: seeded.topicArn,
      POWERTOOLS_DEV: 'true',
    });
    const context = { getRemainingTimeInMillis: () => 15 * MINUTE } as Context;
    lines = [];
    for (const method of ['log', 'info', 'warn', 'error'] as const) {
      sinon.stub(console, method).callsFake((line) => lines.push(line));
    }
    await emulator().inject({ action: 'sns:Publish', ...denied });
    const report = await rotateOrganization({ mode: 'enforce' }, context);
    await emulator().clearFaults();
    const outcome = report.accounts.find(({ accountId }) => accountId === FIRST_MEMBER)?.outcomes[0];
    const { newAccessKeyId = '', secretName = '' } = outcome ?? {};

    expect(outcome).to.include({ userName: 'ann', action: 'replace', status: 'applied' });
    expect(newAccessKeyId).to.match(/^AKIA/);
    const log = lines.map(String).filter((line) => line.includes(newAccessKeyId));
    expect(log.join()).to.include(secretName).and.to.include('"accessKeyId"');
    const rows = await everyRow({ emulator: emulator(), organization: seeded });
    expect(rows).to.deep.include.members([
      rows.find(({ sk }) => sk === `key#${newAccessKeyId}`),
      rows.find((row) => row['what'] === 'replaced' && row['newAccessKeyId'] === newAccessKeyId),
    ]);
    expect(await emulator().notifications()).to.deep.equal([]);

    lines = [];
    const next = await rotateOrganization({ mode: 'enforce' }, context);
    const published = await publishedAbout(emulator(), FIRST_MEMBER);
    expect(published).to.have.length(1);
    expect(published[0]?.message).to.include(secretName).and.to.include(report.runId);
    expect(JSON.stringify(next.accounts)).to.include(newAccessKeyId).and.to.include(report.runId);

    await emulator().forgetNotifications();
    await rotateOrganization({ mode: 'enforce' }, context);
    expect(JSON.stringify(await emulator().notifications())).not.to.include(report.runId);
  });

  it('a deactivation is done all the same where its notice was published before', async () => {
    const world = await oneAccount(emulator(), userWithKey('ann', { id: KEY, age: 120, usedAgo: 110 }));
    await run(world);
    await world.pass(11);
    await emulator().inject({ action: 'sns:Publish', ...denied });
    const report = reportOf(await run(world));
    expect(outcomesIn(report, 'app')).to.deep.equal(['ann deactivate unused applied']);
    expect(isClean(report)).to.equal(false);
    await emulator().clearFaults();
    await emulator().forgetNotifications();
    await world.pass(1);
    await run(world);
    const [digest] = await publishedAbout(emulator(), FIRST_MEMBER);
    expect(digest?.message).to.include(KEY).and.to.include('deactivated');
  });
});
