import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { expect } from 'chai';
import { dynamoHistory } from '../../../src/aws/table/history.ts';
import { dynamoLedger } from '../../../src/aws/table/ledger.ts';
import type { KeyMemory } from '../../../src/domain/rotation/key.ts';
import { DAY } from '../../../src/domain/time.ts';
import type { Notice } from '../../../src/domain/rotation/notice.ts';
import type { KeyChange } from '../../../src/domain/rotation/history.ts';
import type { Ledger } from '../../../src/run/ports/ledger.ts';
import { createWorld, emulatorForThisFile, START, type World } from '../../support/world.ts';
import { entryWith, failureOf, FIRST_MEMBER as APP, once } from '../support.ts';

const KEY = 'AKIA1';
const TableName = 'access-key-rotation';
/** A run may find out later that it was done. */
const SINCE = START + 12 * DAY;
const action = 'dynamodb:TransactWriteItems';
const change = (what: KeyChange['what'], overrides: Partial<KeyChange> = {}): KeyChange =>
  entryWith({ what, at: START + 10 * DAY, userName: 'ann', accessKeyId: KEY, ...overrides });

const NOTICE: Notice = { about: 'unused', firstAt: START, lastAt: START, date: START + 10 * DAY };

/** What is remembered of a key that was announced and then switched off before. */
const LINES: readonly (readonly [KeyChange['what'], KeyMemory | undefined])[] = [
  ['deactivated', { notices: [NOTICE], inactiveSince: SINCE, deactivatedAs: 'due' }],
  ['restored', { reactivatedAt: SINCE }],
  ['deleted', undefined],
  ['lost-key-deleted', undefined],
];

describe('a change of a key in the ledger', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  let ledger: Ledger;
  beforeEach(async () => {
    world = await createWorld(emulator(), { accounts: [] });
    ledger = dynamoLedger(world.aws, TableName);
    await ledger.record(APP, [{ kind: 'published', userName: 'ann', accessKeyId: KEY, notice: NOTICE }]);
    await ledger.record(APP, [{ kind: 'inactive', userName: 'ann', accessKeyId: KEY, at: START + DAY }]);
  });
  const found = async () => ({
    memory: (await ledger.read(APP)).keys.get(KEY),
    history: (await dynamoHistory(world.aws, TableName).of(APP)).entries,
  });
  const row = async () => {
    const client = new DynamoDBClient(once(world.aws));
    const Key = { pk: { S: `account#${APP}` }, sk: { S: `key#${KEY}` } };
    return (await client.send(new GetItemCommand({ TableName, Key }))).Item;
  };

  for (const [what, memory] of LINES) {
    it(`is remembered together with its place in the history: ${what}`, async () => {
      await ledger.recordChange(APP, change(what), SINCE);
      expect(await found()).to.deep.equal({ memory, history: [change(what)] });
      expect((await row())?.['userName']).to.deep.equal({ S: 'ann' });
    });

    it(`does no harm when it is written twice: ${what}`, async () => {
      await ledger.recordChange(APP, change(what), SINCE);
      await ledger.recordChange(APP, change(what), SINCE);
      expect(await found()).to.deep.equal({ memory, history: [change(what)] });
    });

    it(`is remembered although the answer is lost: ${what}`, async () => {
      await emulator().inject({ action, kind: 'reset', when: 'after', times: 1 });
      await ledger.recordChange(APP, change(what), SINCE);
      expect(await found()).to.deep.equal({ memory, history: [change(what)] });
    });

    it(`is remembered in both places or in neither: ${what}`, async () => {
      const before = await found();
      await emulator().inject({ action, kind: 'error', code: 'AccessDeniedException', httpStatus: 400 });
      const failure = await failureOf(ledger.recordChange(APP, change(what), SINCE));
      expect(failure).to.include({ kind: 'denied', during: action });
      expect(failure.nextStep).to.contain('ROTATION_TABLE_NAME');
      expect(await found()).to.deep.equal(before);
    });
  }

  it('remembers of an emergency that the key may have leaked, whatever becomes of it', async () => {
    await ledger.recordChange(APP, change('deactivated', { reason: 'emergency' }), SINCE);
    await ledger.record(APP, [{ kind: 'reactivated', userName: 'ann', accessKeyId: KEY, at: SINCE + 1 }]);
    await ledger.record(APP, [{ kind: 'inactive', userName: 'ann', accessKeyId: KEY, at: SINCE + 2 }]);
    expect((await found()).memory)
      .to.include({ mayHaveLeaked: true })
      .and.not.to.have.key('deactivatedAs');
    await ledger.recordChange(APP, change('restored'), SINCE + 3);
    expect((await found()).memory).to.include({ mayHaveLeaked: true });
  });

  it('keeps the row of a deleted key for 400 days, for people who ask', async () => {
    await ledger.recordChange(APP, change('deleted'), SINCE);
    expect(await row()).to.deep.include({
      userName: { S: 'ann' },
      deletedAt: { N: String(START + 10 * DAY) },
      expiresAt: { N: String((START + 410 * DAY) / 1000) },
    });
  });

  it('is remembered of a key that the ledger has never heard of', async () => {
    await ledger.recordChange(APP, change('restored', { accessKeyId: 'AKIA2' }), SINCE);
    const { keys } = await ledger.read(APP);
    expect(keys.get('AKIA2')).to.deep.equal({ reactivatedAt: SINCE });
  });

  describe('that is pending', () => {
    const begun = async () => (await ledger.read(APP)).pendingChanges;
    for (const [what] of LINES) {
      it(`is found until it is done: ${what}`, async () => {
        await ledger.markChangePending(APP, change(what));
        expect(await begun()).to.deep.equal([change(what)]);
        expect((await found()).history).to.deep.equal([]);
        await ledger.recordChange(APP, change(what), SINCE);
        expect(await begun()).to.deep.equal([]);
      });

      it(`is found until it is dropped, and then it was never made: ${what}`, async () => {
        const before = await found();
        await ledger.markChangePending(APP, change(what));
        await ledger.dropPendingChange(APP, change(what));
        expect(await begun()).to.deep.equal([]);
        expect(await found()).to.deep.equal(before);
      });
    }

    it('stays when a run drops its own, and another has started one since', async () => {
      const others = change('deactivated', { runId: 'another-run' });
      await ledger.markChangePending(APP, others);
      await ledger.dropPendingChange(APP, change('deactivated'));
      expect(await begun()).to.deep.equal([others]);
    });

    it('says which call was denied', async () => {
      const denied = { kind: 'error', code: 'AccessDeniedException', httpStatus: 400 } as const;
      await emulator().inject({ action: 'dynamodb:PutItem', ...denied });
      await emulator().inject({ action: 'dynamodb:DeleteItem', ...denied });
      const failures = [
        await failureOf(ledger.markChangePending(APP, change('deleted'))),
        await failureOf(ledger.dropPendingChange(APP, change('deleted'))),
      ];
      expect(failures.map(({ kind, during }) => [kind, during])).to.deep.equal([
        ['denied', 'dynamodb:PutItem'],
        ['denied', 'dynamodb:DeleteItem'],
      ]);
    });
  });
});
