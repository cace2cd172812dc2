import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { expect } from 'chai';
import { bulkWrite } from '../../../src/aws/table/bulk-write.ts';
import { dynamoHistory } from '../../../src/aws/table/history.ts';
import {
  settingsTable,
  type SettingsTable,
  type SettingsWrite,
} from '../../../src/aws/table/settings-table.ts';
import { OperationError } from '../../../src/domain/errors.ts';
import { createWorld, emulatorForThisFile, START, type World } from '../../support/world.ts';
import { failureOf, once } from '../support.ts';

const APP = '111111111101';
const BY = 'arn:aws:iam::123456789012:user/jane';
const NOTHING = { items: [], version: 0 };
const TableName = 'access-key-rotation';

const write = (key: string, values?: object, partition = 'organization'): SettingsWrite => ({
  key,
  ...(values === undefined ? {} : { item: { pk: 'settings', sk: key, values, final: [] } }),
  partition,
  entry: {
    at: START,
    runId: 'run-1',
    by: BY,
    what: 'settings-changed',
    reason: 'rotateAfter',
    message: `${key} was changed`,
  },
});
const users = (count: number, rotateAfter = 30): SettingsWrite[] =>
  Array.from({ length: count }, (_, index) => write(`user#${APP}#u${index}`, { rotateAfter }, APP));

describe('the table of settings', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  let table: SettingsTable;
  beforeEach(async () => {
    world = await createWorld(emulator(), { accounts: [] });
    table = settingsTable(world.aws, TableName);
  });
  const client = () => new DynamoDBClient(once(world.aws));
  const put = (item: object) => client().send(new PutItemCommand({ TableName, Item: marshall(item) }));
  const versionRow = async () => {
    const Key = marshall({ pk: 'settings', sk: 'version' });
    const { Item } = await client().send(new GetItemCommand({ TableName, Key }));
    return Item === undefined ? undefined : unmarshall(Item);
  };
  const keys = async () => (await table.read()).items.map(({ sk }) => sk);
  const transactions = async () =>
    (await emulator().calls()).filter(({ action }) => action === 'dynamodb:TransactWriteItems').length;

  it('is empty at first', async () => {
    expect(await table.read()).to.deep.equal(NOTHING);
  });

  it('gives back what was written, of every type', async () => {
    const values = {
      rotateAfter: 30.5,
      owner: 'Ä',
      includeUsers: ['a'],
      exemption: { owner: 'x', until: '2026-02-01' },
      empty: [],
    };
    await table.write([write('organization', values)], NOTHING, false);
    expect(await table.read()).to.deep.equal({
      version: 1,
      items: [{ pk: 'settings', sk: 'organization', values, final: [] }],
    });
  });

  it('removes what goes, and raises the version each time', async () => {
    await table.write([write('organization', {}), write(`account#${APP}`, {}, APP)], NOTHING, false);
    await table.write([write('organization')], await table.read(), false);
    expect(await keys()).to.deep.equal([`account#${APP}`]);
    expect(await versionRow()).to.deep.equal({ pk: 'settings', sk: 'version', version: 2 });
  });

  it('leaves the other rows of the table alone', async () => {
    await put({ pk: `account#${APP}`, sk: 'key#AKIA1' });
    expect((await table.read()).items).to.deep.equal([]);
  });

  it('remembers in the history who has changed what', async () => {
    await table.write([write('organization', {}), ...users(2)], NOTHING, false);
    const history = dynamoHistory(world.aws, TableName);
    expect((await history.of('organization')).entries).to.deep.equal([write('organization').entry]);
    expect(
      (await history.of(APP)).entries.map(({ message, by, what }) => [message, by, what]),
    ).to.have.deep.members([
      [`user#${APP}#u0 was changed`, BY, 'settings-changed'],
      [`user#${APP}#u1 was changed`, BY, 'settings-changed'],
    ]);
  });

  it('refuses the second of two writers, of whom both have read the same', async () => {
    for (const begin of [NOTHING, { items: [], version: 1 }]) {
      await table.write([write('organization', { owner: 'first' })], begin, false);
      const failure = await failureOf(
        table.write([write('organization', { owner: 'second' })], begin, false),
      );
      expect(failure).to.deep.include({
        kind: 'conflict',
        during: 'write the settings',
        message: 'somebody else changed the settings meanwhile',
      });
      const { items } = await table.read();
      expect(items[0]?.['values']).to.deep.equal({ owner: 'first' });
    }
  });

  it('writes both of two writers that come one after the other', async () => {
    const [one, other] = await Promise.allSettled([
      table.write([write('organization', {})], NOTHING, false),
      table.write([write(`account#${APP}`, {}, APP)], NOTHING, false),
    ]);
    expect([one.status, other.status].sort()).to.deep.equal(['fulfilled', 'rejected']);
    const late = one.status === 'rejected' ? write('organization', {}) : write(`account#${APP}`, {}, APP);
    await table.write([late], await table.read(), false);
    expect(await keys()).to.deep.equal([`account#${APP}`, 'organization']);
  });

  it('writes 45 rows in one transaction, and more in several', async () => {
    await table.write(users(45), NOTHING, true);
    expect(await transactions()).to.equal(1);
    await table.write(users(91, 31), await table.read(), true);
    expect(await transactions()).to.equal(4);
    const { items, version, unfinished } = await table.read();
    expect([items.length, version, unfinished]).to.deep.equal([91, 4, undefined]);
    for (const { values } of items) expect(values).to.deep.equal({ rotateAfter: 31 });
  });

  describe('of hundreds of rows', () => {
    const bulk = () => settingsTable(world.aws, TableName, { bulk: bulkWrite });
    const marked = `${new Date(START).toISOString()} by ${BY}`;

    it('is written in batches, between two transactions', async () => {
      await bulk().write(users(460), NOTHING, true);
      expect(await transactions()).to.equal(2);
      const { items, version, unfinished } = await table.read();
      expect([items.length, version, unfinished]).to.deep.equal([460, 2, undefined]);
      const history = (await dynamoHistory(world.aws, TableName).of(APP)).entries;
      expect(history.map(({ message }) => message).join())
        .to.include('#u0 was changed')
        .and.include('#u459 was');
    });

    it('stays unfinished when it breaks off', async () => {
      await emulator().inject({
        action: 'dynamodb:BatchWriteItem',
        skip: 5,
        kind: 'error',
        code: 'AccessDeniedException',
      });
      expect((await failureOf(bulk().write(users(460), NOTHING, true))).kind).to.equal('denied');
      expect((await table.read()).unfinished).to.equal(marked);
    });

    it('is unfinished again when somebody else wrote a whole file meanwhile, and ended before', async () => {
      const slow: typeof bulkWrite = async (...args) => {
        await bulkWrite(...args);
        await table.write([write('organization', {})], { items: [], version: 1 }, true);
      };
      const failure = await failureOf(
        settingsTable(world.aws, TableName, { bulk: slow }).write(users(460), NOTHING, true),
      );
      expect(failure.kind).to.equal('conflict');
      expect(await table.read()).to.include({ version: 3, unfinished: marked });
    });
  });

  describe('when a large change breaks off in the middle', () => {
    beforeEach(async () => {
      await emulator().inject({
        action: 'dynamodb:TransactWriteItems',
        skip: 1,
        kind: 'error',
        code: 'AccessDeniedException',
      });
      expect((await failureOf(table.write(users(60), NOTHING, true))).kind).to.equal('denied');
      await emulator().clearFaults();
    });

    it('says so until all is written', async () => {
      const read = await table.read();
      expect([read.items.length, read.version]).to.deep.equal([45, 1]);
      expect(read.unfinished).to.equal(`${new Date(START).toISOString()} by ${BY}`);
      // One row more doesn't make it whole.
      await table.write([write('organization', {})], read, false);
      expect((await table.read()).unfinished).to.equal(read.unfinished);
      await table.write(users(60).slice(45), await table.read(), true);
      expect((await table.read()).unfinished).to.equal(undefined);
    });

    it('is whole again when the same is wanted once more, even if nothing is to be written', async () => {
      await table.write([], await table.read(), true);
      expect((await table.read()).unfinished).to.equal(undefined);
    });
  });

  /** Reads, while somebody writes during each of the first queries. */
  const readWhileWritten = async (times: number) => {
    await emulator().inject({ action: 'dynamodb:Query', times, kind: 'delay', delayMs: 400 });
    const before = (await emulator().calls()).length;
    const queries = async () =>
      (await emulator().calls()).slice(before).filter(({ action }) => action === 'dynamodb:Query').length;
    const reading = table.read().catch((error: unknown) => error);
    for (let version = 0; version < times; version++) {
      while ((await queries()) <= version) await world.clock.sleep(20);
      await table.write([write('organization', { rotateAfter: version })], { items: [], version }, false);
    }
    return { read: await reading, queries: await queries() };
  };

  it('is not half read: what is written meanwhile is read again', async () => {
    const { read, queries } = await readWhileWritten(1);
    expect(read).to.deep.equal({
      version: 1,
      items: [{ pk: 'settings', sk: 'organization', values: { rotateAfter: 0 }, final: [] }],
    });
    expect(queries).to.equal(2);
  });

  it('is not read while it changes again and again', async () => {
    const { read, queries } = await readWhileWritten(3);
    expect(read).to.be.instanceOf(OperationError).and.to.have.nested.property('failure.kind', 'conflict');
    expect(queries).to.equal(3);
  });

  it('says which row to mend when the version is lost', async () => {
    await put({ pk: 'settings', sk: 'version', version: 'one' });
    expect((await failureOf(table.read())).message).to.equal(
      'the row settings / version has no number as its version',
    );
  });

  it('reads what somebody wrote by hand, whatever it is', async () => {
    await put({ pk: 'settings', sk: 'odd', values: { a: new Set(['x']), b: null, c: true } });
    await client().send(
      new PutItemCommand({
        TableName,
        Item: {
          pk: { S: 'settings' },
          sk: { S: 'large' },
          values: { M: { rotateAfter: { N: '9007199254740993' } } },
        },
      }),
    );
    expect(await keys()).to.deep.equal(['large', 'odd']);
  });

  it('names the table that is not there', async () => {
    const gone = settingsTable(world.aws, 'gone');
    expect((await failureOf(gone.read())).nextStep).to.contain('ROTATION_TABLE_NAME');
    expect((await failureOf(gone.write([write('organization')], NOTHING, false))).nextStep).to.contain(
      'ROTATION_TABLE_NAME',
    );
  });
});
