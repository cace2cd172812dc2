import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect } from 'chai';
import { dynamoHistory } from '../../../src/aws/table/history.ts';
import { dynamoLedger } from '../../../src/aws/table/ledger.ts';
import type { HistoryEntry } from '../../../src/domain/rotation/history.ts';
import { NOTICES, type Notice } from '../../../src/domain/rotation/notice.ts';
import { DAY, MINUTE } from '../../../src/domain/time.ts';
import type { Intent, Ledger } from '../../../src/run/ports/ledger.ts';
import type { OrganizationSeed } from '../../support/emulator/emulator.ts';
import { createWorld, emulatorForThisFile, START, type World } from '../../support/world.ts';
import { entryWith, failureOf, FIRST_MEMBER as APP, once } from '../support.ts';

const ANOTHER = '222222222222';
const [K1, K2] = ['AKIA1', 'AKIA2'] as const;
const noticeAt = (at: number): Notice => ({ about: 'unused', firstAt: at, lastAt: at, date: at + DAY });
const intent = (overrides: Partial<Intent> = {}): Intent => ({
  userName: 'ann,x@example.com',
  userArn: `arn:aws:iam::${APP}:user/ann,x@example.com`,
  replaces: K1,
  knownKeyIds: [K1, K2],
  startedAt: START,
  leaseEndsAt: START + 10 * MINUTE,
  runId: 'run-1',
  ...overrides,
});

describe('the ledger', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  let ledger: Ledger;
  const ledgerIn = async (seed: Partial<OrganizationSeed> = {}, table?: string) => {
    world = await createWorld(emulator(), { accounts: [], ...seed });
    return dynamoLedger(world.aws, table ?? world.organization.tableName);
  };
  beforeEach(async () => {
    ledger = await ledgerIn();
  });

  const client = () => new DynamoDBClient(once(world.aws));
  const TableName = 'access-key-rotation';
  const row = async (sk: string) => {
    const Key = { pk: { S: `account#${APP}` }, sk: { S: sk } };
    return (await client().send(new GetItemCommand({ TableName, Key }))).Item;
  };
  const replaced = (overrides: Partial<HistoryEntry> = {}): HistoryEntry =>
    entryWith({ what: 'replaced', accessKeyId: K1, newAccessKeyId: 'AKIA3', ...overrides });
  const history = async () => (await dynamoHistory(world.aws, TableName).of(APP)).entries;
  const deliver = async () => {
    await ledger.openIntent(APP, intent({ userName: 'ann' }));
    await ledger.recordDelivery(APP, intent({ userName: 'ann' }), K2, replaced());
  };
  const memoryOf = async (id: string) => (await ledger.read(APP)).keys.get(id);

  it('begins empty', async () => {
    expect(await ledger.read(APP)).to.deep.equal({
      keys: new Map(),
      offSince: new Map(),
      gone: new Set(),
      users: new Map(),
      intents: [],
      pendingChanges: [],
      badRows: [],
      acceptances: [],
    });
  });

  it('remembers a delivery, and so does the history', async () => {
    await deliver();
    expect(await memoryOf(K2)).to.deep.equal({ replacementOf: K1, deliveredAt: START });
    expect(await history()).to.deep.equal([replaced()]);
  });

  it('remembers of a key that was replaced in an emergency that it may have leaked', async () => {
    await ledger.openIntent(APP, intent({ userName: 'ann' }));
    await ledger.recordDelivery(APP, intent({ userName: 'ann' }), K2, replaced({ reason: 'emergency' }));
    expect(await memoryOf(K1)).to.deep.equal({ mayHaveLeaked: true });
    expect(await memoryOf(K2)).to.deep.equal({ replacementOf: K1, deliveredAt: START });
  });

  it('remembers where the secret of a key was delivered to, where that is known', async () => {
    await ledger.openIntent(APP, intent({ userName: 'ann' }));
    const where = 'arn:aws:secretsmanager:eu-central-1:1:secret:access-key-rotation/central/2/ann-AbCdEf';
    await ledger.recordDelivery(APP, intent({ userName: 'ann' }), K2, replaced({ secretName: where }));
    expect(await memoryOf(K2)).to.deep.equal({ replacementOf: K1, deliveredAt: START, secretName: where });
    await ledger.record(APP, [
      { kind: 'published', userName: 'ann', accessKeyId: K2, notice: noticeAt(START + DAY) },
    ]);
    await ledger.record(APP, [{ kind: 'reactivated', userName: 'ann', accessKeyId: K2, at: START + DAY }]);
    expect((await memoryOf(K2))?.secretName).to.equal(where);
  });

  it('remembers when a key was seen inactive, to the millisecond, and the last time it was', async () => {
    await ledger.record(APP, [{ kind: 'inactive', userName: 'ann', accessKeyId: K1, at: START + 1 }]);
    expect(await memoryOf(K1)).to.deep.equal({ inactiveSince: START + 1 });
    await ledger.record(APP, [{ kind: 'inactive', userName: 'ann', accessKeyId: K1, at: START + DAY }]);
    expect(await memoryOf(K1)).to.deep.equal({ inactiveSince: START + DAY });
    expect((await row(`key#${K1}`))?.['userName']).to.deep.equal({ S: 'ann' });
  });

  it('remembers each time that something switched a key on again, however often a call is repeated', async () => {
    await ledger.record(APP, [{ kind: 'reactivated', userName: 'ann', accessKeyId: K1, at: START + DAY }]);
    await ledger.record(APP, [{ kind: 'reactivated', userName: 'ann', accessKeyId: K1, at: START + DAY }]);
    await ledger.record(APP, [{ kind: 'reactivated', userName: 'ann', accessKeyId: K1, at: START }]);
    expect(await memoryOf(K1)).to.deep.equal({ reactivatedAt: START, reactivations: [START, START + DAY] });
  });

  it('gathers what it learns about a key in the course of time', async () => {
    await deliver();
    await ledger.record(APP, [
      { kind: 'published', userName: 'ann', accessKeyId: K2, notice: noticeAt(START + 60 * DAY) },
    ]);
    await ledger.record(APP, [{ kind: 'inactive', userName: 'ann', accessKeyId: K2, at: START + 70 * DAY }]);
    expect(await memoryOf(K2)).to.deep.equal({
      replacementOf: K1,
      deliveredAt: START,
      notices: [noticeAt(START + 60 * DAY)],
      inactiveSince: START + 70 * DAY,
    });
  });

  it('forgets notice and deactivation when a key was switched on again, and nothing else', async () => {
    await deliver();
    await ledger.record(APP, [
      { kind: 'published', userName: 'ann', accessKeyId: K2, notice: noticeAt(START + DAY) },
    ]);
    await ledger.record(APP, [{ kind: 'inactive', userName: 'ann', accessKeyId: K2, at: START + 2 * DAY }]);
    await ledger.record(APP, [
      { kind: 'reactivated', userName: 'ann', accessKeyId: K2, at: START + 3 * DAY },
    ]);
    const at = START + 3 * DAY;
    const expected = { replacementOf: K1, deliveredAt: START, reactivatedAt: at, reactivations: [at] };
    expect(await memoryOf(K2)).to.deep.equal(expected);
  });

  it('remembers the last notice about each thing, and what was told in full last', async () => {
    const deadline: Notice = { ...noticeAt(START + DAY), about: 'deadline' };
    const told = { reason: 'deadline-notice', at: START, dueAt: START + DAY };
    await ledger.record(APP, [
      { kind: 'published', userName: 'ann', accessKeyId: K1, notice: noticeAt(START), told },
    ]);
    await ledger.record(APP, [{ kind: 'published', userName: 'ann', accessKeyId: K1, notice: deadline }]);
    expect(await memoryOf(K1)).to.deep.equal({ notices: [noticeAt(START), deadline], told });
    const later = noticeAt(START + 2 * DAY);
    await ledger.record(APP, [{ kind: 'published', userName: 'ann', accessKeyId: K1, notice: later }]);
    await ledger.record(APP, [
      { kind: 'published', userName: 'ann', accessKeyId: K1, told: { reason: 'deadline', at: START + DAY } },
    ]);
    const { notices = [], ...rest } = (await memoryOf(K1)) ?? {};
    expect(notices).to.have.deep.members([later, deadline]);
    expect(rest).to.deep.equal({ told: { reason: 'deadline', at: START + DAY } });
  });

  it('forgets every notice of a key when they are void, and nothing else', async () => {
    await deliver();
    for (const about of NOTICES)
      await ledger.record(APP, [
        { kind: 'published', userName: 'ann', accessKeyId: K2, notice: { ...noticeAt(START), about } },
      ]);
    expect((await memoryOf(K2))?.notices).to.have.length(NOTICES.length);
    await ledger.record(APP, [{ kind: 'notices-void', userName: 'ann', accessKeyId: K2 }]);
    expect(await memoryOf(K2)).to.deep.equal({ replacementOf: K1, deliveredAt: START });
  });

  it('lets the row of a key end that is gone, unless something is recorded of it again', async () => {
    await ledger.record(APP, [
      { kind: 'published', userName: 'ann', accessKeyId: K1, notice: noticeAt(START) },
    ]);
    await ledger.record(APP, [{ kind: 'gone', accessKeyId: K1, at: START }]);
    expect([...(await ledger.read(APP)).gone]).to.deep.equal([K1]);
    expect((await row(`key#${K1}`))?.['expiresAt']).to.deep.equal({
      N: String((START + 400 * DAY) / 1000),
    });
    await ledger.record(APP, [{ kind: 'inactive', userName: 'ann', accessKeyId: K1, at: START + DAY }]);
    expect([...(await ledger.read(APP)).gone]).to.deep.equal([]);
    expect(await row(`key#${K1}`)).not.to.have.any.keys('goneAt', 'expiresAt');
    expect((await memoryOf(K1))?.notices).to.deep.equal([noticeAt(START)]);
  });

  it('remembers when a digest was published last', async () => {
    await ledger.markDigestSent(APP, START);
    await ledger.markDigestSent(APP, START + 7 * DAY);
    expect((await ledger.read(APP)).lastDigestAt).to.equal(START + 7 * DAY);
    expect((await ledger.read(ANOTHER)).lastDigestAt).to.equal(undefined);
  });

  it('keeps accounts apart', async () => {
    await ledger.record(APP, [
      { kind: 'published', userName: 'ann', accessKeyId: K1, notice: noticeAt(START) },
    ]);
    await ledger.record(ANOTHER, [
      { kind: 'published', userName: 'ann', accessKeyId: K2, notice: noticeAt(START) },
    ]);
    expect([...(await ledger.read(APP)).keys.keys()]).to.deep.equal([K1]);
  });

  it('records a replacement that was started', async () => {
    await ledger.openIntent(APP, intent());
    await ledger.openIntent(APP, intent({ userName: 'bob', knownKeyIds: [] }));
    expect((await ledger.read(APP)).intents).to.deep.equal([
      intent(),
      intent({ userName: 'bob', knownKeyIds: [] }),
    ]);
  });

  it('forgets it when it is closed, and again without harm', async () => {
    await ledger.openIntent(APP, intent());
    await ledger.closeIntent(APP, intent());
    await ledger.closeIntent(APP, intent());
    expect((await ledger.read(APP)).intents).to.deep.equal([]);
  });

  it('keeps the intent of another run, whether one is closed or delivered', async () => {
    await ledger.openIntent(APP, intent({ runId: 'run-2' }));
    await ledger.closeIntent(APP, intent());
    expect(await failureOf(ledger.recordDelivery(APP, intent(), 'AKIA3', replaced()))).to.include({
      kind: 'conflict',
    });
    const { keys, intents } = await ledger.read(APP);
    expect(intents).to.deep.equal([intent({ runId: 'run-2' })]);
    expect(keys.size).to.equal(0);
    expect(await history()).to.deep.equal([]);
  });

  it('lets a run start a replacement again that it has started', async () => {
    await ledger.openIntent(APP, intent());
    await ledger.openIntent(APP, intent({ startedAt: START + 1 }));
    expect((await ledger.read(APP)).intents).to.deep.equal([intent({ startedAt: START + 1 })]);
  });

  it('lets no run start a replacement that another run has started', async () => {
    await ledger.openIntent(APP, intent());
    const failure = await failureOf(ledger.openIntent(APP, intent({ runId: 'run-2' })));
    expect(failure).to.include({ kind: 'conflict', during: 'dynamodb:PutItem' });
    expect((await ledger.read(APP)).intents).to.deep.equal([intent()]);
  });

  it('closes the intent with the delivery', async () => {
    await ledger.openIntent(APP, intent());
    await ledger.recordDelivery(APP, intent(), 'AKIA3', replaced());
    const { keys, intents } = await ledger.read(APP);
    expect([...keys.keys()]).to.deep.equal(['AKIA3']);
    expect(intents).to.deep.equal([]);
  });

  for (const [title, when] of [
    ['closes the intent and remembers the delivery, or does neither', 'before'],
    ['does both although the answer is lost', 'after'],
  ] as const) {
    it(title, async () => {
      await ledger.openIntent(APP, intent());
      const action = 'dynamodb:TransactWriteItems';
      const code = when === 'before' ? 'AccessDeniedException' : 'InternalServerError';
      const httpStatus = when === 'before' ? 400 : 500;
      await emulator().inject({ action, kind: 'error', code, httpStatus, when, times: 1 });
      const delivery = ledger.recordDelivery(APP, intent(), 'AKIA3', replaced());
      if (when === 'before') expect(await failureOf(delivery)).to.include({ kind: 'denied', during: action });
      else await delivery;
      const { keys, intents } = await ledger.read(APP);
      const found = [keys.size, intents.length, (await history()).length];
      expect(found).to.deep.equal(when === 'before' ? [0, 1, 0] : [1, 0, 1]);
    });
  }

  it('takes no other delivery of the same key for this one', async () => {
    await ledger.openIntent(APP, intent());
    await ledger.recordDelivery(APP, intent(), 'AKIA3', replaced());
    const again = ledger.recordDelivery(APP, intent(), 'AKIA3', replaced({ at: START + 1 }));
    expect(await failureOf(again)).to.include({ kind: 'conflict' });
  });

  it('is read to its end, however many pages it has', async () => {
    const padding = { S: 'x'.repeat(300_000) };
    const ids = Array.from({ length: 8 }, (_, index) => `AKIA${index}`);
    for (const id of ids) {
      const Item = { pk: { S: `account#${APP}` }, sk: { S: `key#${id}` }, userName: { S: 'ann' }, padding };
      await client().send(new PutItemCommand({ TableName, Item }));
    }
    await emulator().forgetCalls();
    expect([...(await ledger.read(APP)).keys.keys()]).to.have.members(ids);
    expect((await emulator().calls()).length).to.be.above(1);
  });

  it('is read as it is, not as it was a second ago', async () => {
    await emulator().forgetCalls();
    await ledger.read(APP);
    expect((await emulator().calls())[0]?.params['ConsistentRead']).to.equal('True');
  });

  for (const [title, seed, table, kind] of [
    ['there is no such table', {}, 'nowhere', 'not-found'],
    ['AWS denies it', { service: { policy: { Statement: [] } } }, undefined, 'denied'],
  ] as const) {
    for (const [action, call] of [
      ['Query', () => ledger.read(APP)],
      [
        'UpdateItem',
        () =>
          ledger.record(APP, [
            { kind: 'published', userName: 'ann', accessKeyId: K1, notice: noticeAt(START) },
          ]),
      ],
      ['PutItem', () => ledger.acquireLease(APP, 'run-1', START, START)],
      ['PutItem', () => ledger.openIntent(APP, intent())],
      ['DeleteItem', () => ledger.closeIntent(APP, intent())],
      ['DeleteItem', () => ledger.releaseLease(APP, 'run-1')],
      ['UpdateItem', () => ledger.markDigestSent(APP, START)],
      ['TransactWriteItems', () => ledger.recordDelivery(APP, intent(), K2, replaced())],
    ] as const) {
      it(`says so when ${title}: ${action}`, async () => {
        ledger = await ledgerIn(seed, table);
        const failure = await failureOf(call());
        expect(failure).to.include({ kind, during: `dynamodb:${action}` });
        expect(failure.nextStep).to.contain('ROTATION_TABLE_NAME');
      });
    }
  }
});
