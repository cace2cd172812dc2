import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { expect } from 'chai';
import { dynamoHistory } from '../../../src/aws/table/history.ts';
import { historyItem, settingsHistoryItem } from '../../../src/aws/table/history-rows.ts';
import type { Item } from '../../../src/aws/table/items.ts';
import type { HistoryEntry } from '../../../src/domain/rotation/history.ts';
import { DAY, SECOND } from '../../../src/domain/time.ts';
import type { OrganizationSeed } from '../../support/emulator/emulator.ts';
import { createWorld, emulatorForThisFile, START, type World } from '../../support/world.ts';
import { entryWith, failureOf, FIRST_MEMBER as APP, once } from '../support.ts';

const TableName = 'access-key-rotation';
const full: Required<HistoryEntry> = entryWith({
  userName: 'ann,x@example.com',
  accessKeyId: 'AKIA1',
  newAccessKeyId: 'AKIA2',
  secretName: 'access-key-rotation/ann/2Cx@example.com',
});

describe('the history of an account', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  const historyIn = async (seed: Partial<OrganizationSeed> = {}, table = TableName) => {
    world = await createWorld(emulator(), { accounts: [], ...seed });
    return dynamoHistory(world.aws, table);
  };
  const put = async (item: Item, odd: Record<string, AttributeValue> = {}) => {
    const client = new DynamoDBClient(once(world.aws));
    const marshalled = marshall(item, { removeUndefinedValues: true });
    await client.send(new PutItemCommand({ TableName, Item: { ...marshalled, ...odd } }));
  };

  it('begins empty', async () => {
    expect(await (await historyIn()).of(APP)).to.deep.equal({ entries: [], unreadable: [] });
  });

  it('holds all that was written, and no more fields than were', async () => {
    const history = await historyIn();
    await put(historyItem(APP, full));
    expect((await history.of(APP)).entries).to.deep.equal([full]);
    const small = entryWith({ at: START + 1, what: 'settings-changed' });
    await put(historyItem(APP, small));
    expect((await history.of(APP)).entries).to.deep.equal([small, full]);
  });

  it('tells the newest first, however it was written', async () => {
    const history = await historyIn();
    for (const day of [2, 0, 3, 1]) await put(historyItem(APP, { ...full, at: START + day * DAY }));
    const days = (await history.of(APP)).entries.map(({ at }) => (at - START) / DAY);
    expect(days).to.deep.equal([3, 2, 1, 0]);
  });

  it('is read to its end, however many pages it has', async () => {
    const history = await historyIn();
    const message = 'x'.repeat(300_000);
    for (let second = 0; second < 8; second++) {
      await put(historyItem(APP, { ...full, at: START + second * SECOND, message }));
    }
    await emulator().forgetCalls();
    expect((await history.of(APP)).entries).to.have.length(8);
    expect((await emulator().calls()).length).to.be.above(1);
  });

  it('keeps accounts apart, and the organization', async () => {
    const history = await historyIn();
    await put(historyItem('222222222222', full));
    await put(historyItem('organization', full));
    expect((await history.of(APP)).entries).to.deep.equal([]);
  });

  describe('has, too, what people have added about settings', () => {
    const set: HistoryEntry = entryWith({ at: START + 1, what: 'settings-changed', message: 'as it was' });

    it('in order, and once where it has been copied: as it was then', async () => {
      const history = await historyIn();
      await put(historyItem(APP, full));
      await put(settingsHistoryItem(APP, set));
      expect((await history.of(APP)).entries).to.deep.equal([set, full]);
      await put(historyItem(APP, set));
      await put(settingsHistoryItem(APP, { ...set, message: 'written over' }));
      expect((await history.of(APP)).entries).to.deep.equal([set, full]);
    });

    it('and nothing else that was put there', async () => {
      const history = await historyIn();
      await put(settingsHistoryItem(APP, full));
      expect((await history.of(APP)).entries).to.deep.equal([]);
    });
  });

  it('has the same row for the same entry, and others for others of the same moment', async () => {
    const history = await historyIn();
    await put(historyItem(APP, full));
    await put(historyItem(APP, full));
    expect((await history.of(APP)).entries).to.have.length(1);
    await put(historyItem(APP, { ...full, runId: 'run-2' }));
    await put(historyItem(APP, { ...full, accessKeyId: 'AKIA9' }));
    await put(historyItem(APP, { ...full, what: 'deactivated' }));
    await put(historyItem(APP, full, 'deletions'));
    expect((await history.of(APP)).entries).to.have.length(5);
  });

  it('is kept for 396 days', async () => {
    await historyIn();
    await put(historyItem(APP, full));
    const Key = { pk: { S: `history#${APP}` }, sk: { S: '2026-01-05T06:00:00.000Z#replaced#AKIA1#run-1' } };
    const client = new DynamoDBClient(once(world.aws));
    const { Item } = await client.send(new GetItemCommand({ TableName, Key }));
    expect(Item?.['expiresAt']).to.deep.equal({ N: String((START + 396 * DAY) / SECOND) });
  });

  for (const [field, value] of [
    ['at', { S: 'yesterday' }],
    ['at', { N: String(START / SECOND) }],
    ['what', { S: 'renamed' }],
    ['by', { N: '1' }],
    ['userName', { BOOL: true }],
    ['message', { M: {} }],
  ] as const) {
    it(`names, instead of what it tells, a row whose ${field} is ${JSON.stringify(value)}`, async () => {
      const history = await historyIn();
      await put(historyItem(APP, full));
      await put(historyItem(APP, { ...full, runId: 'run-2' }), { [field]: value });
      const { entries, unreadable } = await history.of(APP);
      expect(entries.map(({ runId }) => runId)).to.deep.equal(['run-1']);
      expect(unreadable).to.deep.equal([
        'history#111111111101 / 2026-01-05T06:00:00.000Z#replaced#AKIA1#run-2',
      ]);
    });
  }

  for (const [title, seed, table, kind] of [
    ['there is no such table', {}, 'nowhere', 'not-found'],
    ['AWS denies it', { service: { policy: { Statement: [] } } }, undefined, 'denied'],
  ] as const) {
    it(`says so when ${title}`, async () => {
      const failure = await failureOf((await historyIn(seed, table)).of(APP));
      expect(failure).to.include({ kind, during: 'dynamodb:Query' });
      expect(failure.nextStep).to.contain('ROTATION_TABLE_NAME');
    });
  }
});
