import {
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import { expect } from 'chai';
import { dynamoHistory } from '../../../src/aws/table/history.ts';
import { dynamoLedger } from '../../../src/aws/table/ledger.ts';
import type { Acceptance } from '../../../src/domain/rotation/acceptance.ts';
import { DAY } from '../../../src/domain/time.ts';
import type { Ledger } from '../../../src/run/ports/ledger.ts';
import { createWorld, emulatorForThisFile, START, type World } from '../../support/world.ts';
import { FIRST_MEMBER as APP, entryWith, failureOf, once } from '../support.ts';

const TableName = 'access-key-rotation';
const action = 'dynamodb:TransactWriteItems';
const acceptance = (overrides: Partial<Acceptance> = {}): Acceptance => ({
  limit: 'deactivations',
  keyIds: ['AKIA1', 'AKIA2'],
  by: 'arn:aws:iam::123456789012:user/carol',
  reason: 'The team has moved to roles.',
  at: START,
  until: START + 8 * DAY,
  ...overrides,
});
const accepted = entryWith({ what: 'limit-accepted', reason: 'deactivations' });
const passed = (overrides: { readonly runId?: string; readonly at?: number } = {}) =>
  entryWith({ what: 'limit-passed', at: START + DAY, reason: 'deactivations', ...overrides });

describe('an accepted limit in the ledger', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  let ledger: Ledger;
  beforeEach(async () => {
    world = await createWorld(emulator(), { accounts: [] });
    ledger = dynamoLedger(world.aws, TableName);
  });
  const acceptances = async () => (await ledger.read(APP)).acceptances;
  const history = async () =>
    (await dynamoHistory(world.aws, TableName).of(APP)).entries.map(({ what, runId }) => `${what} ${runId}`);
  const client = () => new DynamoDBClient(once(world.aws));
  const deny = () => emulator().inject({ action, kind: 'error', code: 'AccessDeniedException' });

  it('is there with all that was said', async () => {
    await ledger.accept(APP, acceptance(), accepted);
    expect(await acceptances()).to.deep.equal([acceptance()]);
    expect(await history()).to.deep.equal(['limit-accepted run-1']);
  });

  it('is there once for each limit, as it was said last', async () => {
    await ledger.accept(APP, acceptance(), accepted);
    await ledger.accept(APP, acceptance({ limit: 'deletions', keyIds: ['AKIA3'] }), accepted);
    await ledger.accept(APP, acceptance({ keyIds: ['AKIA4'] }), accepted);
    expect(await acceptances()).to.have.deep.members([
      acceptance({ keyIds: ['AKIA4'] }),
      acceptance({ limit: 'deletions', keyIds: ['AKIA3'] }),
    ]);
  });

  it('is forgotten by the table when it has ended', async () => {
    await ledger.accept(APP, acceptance(), accepted);
    const Key = { pk: { S: `account#${APP}` }, sk: { S: 'accepted#deactivations' } };
    const { Item } = await client().send(new GetItemCommand({ TableName, Key }));
    expect(Item?.['expiresAt']).to.deep.equal({ N: String((START + 8 * DAY) / 1000) });
  });

  it('is still there when it is used, for a run that goes on with it', async () => {
    await ledger.accept(APP, acceptance(), accepted);
    await ledger.useAcceptance(APP, 'deactivations', passed());
    await ledger.useAcceptance(APP, 'deactivations', passed({ runId: 'run-2' }));
    expect(await acceptances()).to.deep.equal([acceptance()]);
    expect(await history()).to.deep.equal([
      'limit-passed run-2',
      'limit-passed run-1',
      'limit-accepted run-1',
    ]);
  });

  it('is used no more when it was ended, which may be said twice', async () => {
    await ledger.accept(APP, acceptance(), accepted);
    await ledger.accept(APP, acceptance({ limit: 'deletions' }), accepted);
    await ledger.useAcceptance(APP, 'deactivations', passed());
    await ledger.endAcceptance(APP, 'deactivations');
    await ledger.endAcceptance(APP, 'deactivations');
    expect((await acceptances()).map(({ limit }) => limit)).to.deep.equal(['deletions']);
    const again = await failureOf(ledger.useAcceptance(APP, 'deactivations', passed({ runId: 'run-2' })));
    expect(again).to.include({ kind: 'conflict', during: action });
    expect(again.message).to.contain('deactivations').and.to.contain(APP);
  });

  it('may be used for both limits at the same moment', async () => {
    for (const limit of ['deactivations', 'deletions'] as const) {
      await ledger.accept(APP, acceptance({ limit }), accepted);
    }
    await ledger.useAcceptance(APP, 'deactivations', passed());
    await ledger.useAcceptance(APP, 'deletions', passed());
    expect(await history()).to.deep.equal([
      ...['limit-passed run-1', 'limit-passed run-1'],
      ...['limit-accepted run-1', 'limit-accepted run-1'],
    ]);
  });

  it('counts as used when the same run says it again', async () => {
    await ledger.accept(APP, acceptance(), accepted);
    await ledger.useAcceptance(APP, 'deactivations', passed());
    await ledger.useAcceptance(APP, 'deactivations', passed());
    expect(await history()).to.deep.equal(['limit-passed run-1', 'limit-accepted run-1']);
  });

  it('is used although the answer is lost', async () => {
    await ledger.accept(APP, acceptance(), accepted);
    await emulator().inject({ action, kind: 'reset', when: 'after', times: 1 });
    await ledger.useAcceptance(APP, 'deactivations', passed());
    expect(await history()).to.deep.equal(['limit-passed run-1', 'limit-accepted run-1']);
  });

  it('is not ended by a run that may not write', async () => {
    await ledger.accept(APP, acceptance(), accepted);
    await emulator().inject({ action: 'dynamodb:DeleteItem', kind: 'error', code: 'AccessDeniedException' });
    const failure = await failureOf(ledger.endAcceptance(APP, 'deactivations'));
    expect(failure).to.include({ kind: 'denied', during: 'dynamodb:DeleteItem' });
    expect(await acceptances()).to.have.length(1);
  });

  it('is not used by a run that may not write', async () => {
    await ledger.accept(APP, acceptance(), accepted);
    await deny();
    const failure = await failureOf(ledger.useAcceptance(APP, 'deactivations', passed()));
    expect(failure).to.include({ kind: 'denied', during: action });
    expect(await acceptances()).to.have.length(1);
    expect(await history()).to.deep.equal(['limit-accepted run-1']);
  });

  it('can not be used before anybody has accepted it', async () => {
    const failure = await failureOf(ledger.useAcceptance(APP, 'deletions', passed()));
    expect(failure).to.include({ kind: 'conflict' });
    expect(await history()).to.deep.equal([]);
  });

  it('is accepted and in the history, or neither', async () => {
    await deny();
    const failure = await failureOf(ledger.accept(APP, acceptance(), accepted));
    expect(failure).to.include({ kind: 'denied', during: action });
    expect(failure.nextStep).to.contain('ROTATION_TABLE_NAME');
    expect([await acceptances(), await history()]).to.deep.equal([[], []]);
  });

  const N = (value: number): AttributeValue => ({ N: String(value) });
  const BAD: readonly (readonly [field: string, value: AttributeValue | undefined])[] = [
    ...['keyIds', 'by', 'reason', 'at', 'until'].map((field) => [field, undefined] as const),
    ['keyIds', { S: 'all' }],
    ['keyIds', { L: [] }],
    ['keyIds', { L: [N(1)] }],
    ['until', N((START + DAY) / 1000)],
    ['until', { S: 'for ever' }],
  ];
  for (const [field, value] of BAD) {
    const written = value === undefined ? 'missing' : JSON.stringify(value);
    it(`is not there when ${field} is ${written}: then the limit holds`, async () => {
      await put('accepted#deactivations', { [field]: value });
      const { acceptances: found, badRows } = await ledger.read(APP);
      expect([found, badRows]).to.deep.equal([[], []]);
    });
  }

  it('is not there when nobody knows the limit', async () => {
    await put('accepted#creations', {});
    expect(await acceptances()).to.deep.equal([]);
  });

  async function put(sk: string, changes: Readonly<Record<string, AttributeValue | undefined>>) {
    const { keyIds, by, reason, at, until } = acceptance();
    const good: typeof changes = {
      keyIds: { L: keyIds.map((id) => ({ S: id })) },
      by: { S: by },
      reason: { S: reason },
      at: N(at),
      until: N(until),
    };
    const Item: Record<string, AttributeValue> = { pk: { S: `account#${APP}` }, sk: { S: sk } };
    for (const [name, value] of Object.entries({ ...good, ...changes })) {
      if (value !== undefined) Item[name] = value;
    }
    await client().send(new PutItemCommand({ TableName, Item }));
  }
});
