import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect } from 'chai';
import { dynamoHistory } from '../../../src/aws/table/history.ts';
import { lastRunRow } from '../../../src/aws/table/last-run-row.ts';
import { dynamoLedger } from '../../../src/aws/table/ledger.ts';
import { dynamoTable } from '../../../src/aws/table/table.ts';
import type { LastRun } from '../../../src/run/ports/last-run.ts';
import { kindOf } from '../../support/memory/caught.ts';
import { DAY } from '../../../src/domain/time.ts';
import type { Intent, Ledger } from '../../../src/run/ports/ledger.ts';
import { createWorld, emulatorForThisFile, START, type World } from '../../support/world.ts';
import { FIRST_MEMBER as APP, entryWith } from '../support.ts';

const TableName = 'access-key-rotation';

describe('the ledger', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  let ledger: Ledger;
  beforeEach(async () => {
    world = await createWorld(emulator(), { accounts: [] });
    ledger = dynamoLedger(world.aws, TableName);
  });
  const digest = async () => {
    const { lastDigestAt, pendingDigest: pendingDigest } = await ledger.read(APP);
    return { lastDigestAt, pendingDigest };
  };

  it('records the first run whose digest is pending, until one is published', async () => {
    await ledger.markDigestPending(APP, 'run-1', START);
    await ledger.markDigestPending(APP, 'run-2', START + DAY);
    expect(await digest()).to.deep.equal({
      lastDigestAt: undefined,
      pendingDigest: { runId: 'run-1', since: START },
    });
    await ledger.markDigestSent(APP, START + 2 * DAY);
    expect(await digest()).to.deep.equal({ lastDigestAt: START + 2 * DAY, pendingDigest: undefined });
  });

  it('drops the pending digest when there was nothing to report, and not when the last one was', async () => {
    await ledger.markDigestSent(APP, START);
    await ledger.markDigestPending(APP, 'run-1', START + DAY);
    await ledger.markDigestSent(APP, undefined);
    expect(await digest()).to.deep.equal({ lastDigestAt: START, pendingDigest: undefined });
  });

  for (const [write, action] of [
    [() => ledger.markDigestPending(APP, 'run-1', START), 'dynamodb:UpdateItem'],
    [() => ledger.markDigestSent(APP, START), 'dynamodb:UpdateItem'],
  ] as const) {
    it(`takes a lost answer of ${String(write).replace(/.*ledger\.(\w+).*/s, '$1')} for done`, async () => {
      await emulator().inject({ action, kind: 'reset', when: 'after', times: 1 });
      await write();
    });
  }

  describe('closing an intent with something to say', () => {
    const intent: Intent = {
      userName: 'ann',
      userArn: `arn:aws:iam::${APP}:user/ann`,
      replaces: 'AKIAOLD',
      knownKeyIds: ['AKIAOLD'],
      secretName: 'access-key-rotation/ann',
      startedAt: START,
      leaseEndsAt: START + 600_000,
      runId: 'run-0',
    };
    const entry = entryWith({ what: 'lost-key-deleted', at: START + DAY, userName: 'ann' });
    const found = async () => ({
      intents: (await ledger.read(APP)).intents,
      history: (await dynamoHistory(world.aws, TableName).of(APP)).entries,
    });

    it('does both', async () => {
      await ledger.openIntent(APP, intent);
      expect((await found()).intents).to.deep.equal([intent]);
      await ledger.closeIntent(APP, intent, entry);
      expect(await found()).to.deep.equal({ intents: [], history: [entry] });
    });

    it('does neither for the intent of another run', async () => {
      await ledger.openIntent(APP, intent);
      await ledger.closeIntent(APP, { ...intent, runId: 'run-9' }, entry);
      expect(await found()).to.deep.equal({ intents: [intent], history: [] });
    });

    it('takes a lost answer for done', async () => {
      await ledger.openIntent(APP, intent);
      await emulator().inject({
        action: 'dynamodb:TransactWriteItems',
        kind: 'reset',
        when: 'after',
        times: 1,
      });
      await ledger.closeIntent(APP, intent, entry);
      expect(await found()).to.deep.equal({ intents: [], history: [entry] });
    });
  });
});

describe('the memory of the last run', () => {
  const emulator = emulatorForThisFile();

  it('gives the next run what it was given', async () => {
    const world = await createWorld(emulator(), { accounts: [] });
    const memory = lastRunRow(world.aws, TableName);
    expect(await memory.read()).to.deep.equal({
      unreachable: [],
      deferred: [],
      surveyed: new Map(),
      runs: 0,
    });
    const last = {
      unreachable: [APP],
      deferred: [{ accountId: APP }, { accountId: APP, userName: 'a=b,c@d' }],
      surveyed: new Map([[APP, 7]]),
      runs: 7,
    };
    await memory.change('run-1', () => last);
    expect(await memory.read()).to.deep.equal(last);
  });

  it('loses nothing of runs that end at the same time', async () => {
    const world = await createWorld(emulator(), { accounts: [] });
    const memory = lastRunRow(world.aws, TableName);
    const adds = (accountId: string) => (recorded: LastRun) => ({
      ...recorded,
      unreachable: [...recorded.unreachable, accountId],
    });
    await memory.change('run-0', adds(APP));
    const others = [2, 3, 4].map((n) => `${APP.slice(0, 11)}${n}`);
    await Promise.all(others.map((id) => memory.change(`run-${id}`, adds(id))));
    expect((await memory.read()).unreachable).to.have.members([APP, ...others]);
  });

  it('gives up where others always come first', async () => {
    const world = await createWorld(emulator(), { accounts: [] });
    const memory = lastRunRow(world.aws, TableName);
    await emulator().inject({
      action: 'dynamodb:PutItem',
      kind: 'error',
      code: 'ConditionalCheckFailedException',
      match: { pk: 'run' },
    });
    expect(await kindOf(memory.change('run-1', (recorded) => recorded))).to.equal('conflict');
  });

  it('counts one run where an earlier version wrote no number, or somebody nonsense', async () => {
    const world = await createWorld(emulator(), { accounts: [] });
    const surveyed = [APP, `${APP.slice(0, 11)}9/x`, 'all', 7, `${APP.slice(0, 11)}8/1e999`];
    const { client } = dynamoTable(world.aws, TableName);
    await client.send(new PutCommand({ TableName, Item: { pk: 'run', sk: 'last', surveyed, runs: -1 } }));
    const { surveyed: read, runs } = await lastRunRow(world.aws, TableName).read();
    expect([...read.values(), runs]).to.deep.equal([1, 1, 1, 0]);
  });
});
