import { DynamoDBClient, PutItemCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { expect } from 'chai';
import { dynamoLedger } from '../../../src/aws/table/ledger.ts';
import { readRows } from '../../../src/aws/table/ledger-rows.ts';
import { createWorld, emulatorForThisFile, START, type World } from '../../support/world.ts';
import { FIRST_MEMBER as APP, once } from '../support.ts';

type Attributes = Readonly<Record<string, AttributeValue>>;
const N = (value: number): AttributeValue => ({ N: String(value) });
const S = (value: string): AttributeValue => ({ S: value });

const KEY: Attributes = { userName: S('ann'), replacementOf: S('AKIA1'), deliveredAt: N(START) };
const INTENT: Attributes = {
  userArn: S('arn:aws:iam::111111111101:user/ann'),
  replaces: S('AKIA1'),
  knownKeyIds: { L: [S('AKIA1')] },
  startedAt: N(START),
  leaseEndsAt: N(START),
  runId: S('run-1'),
};

const BEGUN: Attributes = {
  what: S('deactivated'),
  userName: S('ann'),
  runId: S('run-1'),
  by: S('arn:aws:iam::123456789012:role/rotation'),
  at: N(START),
  reason: S('unused'),
  message: S('Unused.'),
};

/** What somebody may have done to a row by hand. */
const BAD: readonly (readonly [row: string, field: string, value: AttributeValue | undefined])[] = [
  ...['deliveredAt', 'noticedAt', 'inactiveSince', 'reactivatedAt'].map(
    (field) => ['key#AKIA2', field, S('yesterday')] as const,
  ),
  ...[S(String(START)), N(-1), { L: [] }, { BOOL: true }, { M: {} }, { SS: ['x'] }].map(
    (value) => ['key#AKIA2', 'reactivatedAt', value] as const,
  ),
  // Seconds, as `expiresAt` has them: as milliseconds they are in 1970, and every grace is over.
  ['key#AKIA2', 'noticedAt', N(START / 1000)],
  ['key#AKIA2', 'replacementOf', N(1)],
  ['key#AKIA2', 'replacementOf', { SS: ['AKIA1'] }],
  ['key#AKIA2', 'secretName', N(1)],
  ...Object.keys(INTENT).map((field) => ['intent#ann', field, undefined] as const),
  ['intent#ann', 'replaces', N(1)],
  ['intent#ann', 'knownKeyIds', S('AKIA1')],
  ['intent#ann', 'knownKeyIds', { SS: ['AKIA1'] }],
  ['intent#ann', 'knownKeyIds', { L: [N(1)] }],
  ['intent#ann', 'startedAt', S('yesterday')],
  ['intent#ann', 'leaseEndsAt', { NULL: true }],
  ['intent#ann', 'runId', N(1)],
  ...Object.keys(BEGUN)
    .filter((field) => field !== 'userName')
    .map((field) => ['begun#AKIA2', field, undefined] as const),
  ['begun#AKIA2', 'what', S('replaced')],
  ['begun#AKIA2', 'at', S('yesterday')],
];

describe("the ledger's rows", () => {
  const emulator = emulatorForThisFile();
  let world: World;
  before(async () => {
    world = await createWorld(emulator(), { accounts: [] });
  });
  let accounts = 0;

  /** What is read of an account with just these rows. */
  async function readAfterPutting(rows: Readonly<Record<string, Attributes>>) {
    accounts += 1;
    const accountId = APP.slice(0, 9) + String(accounts).padStart(3, '0');
    const client = new DynamoDBClient(once(world.aws));
    for (const [sk, attributes] of Object.entries(rows)) {
      const Item = { ...attributes, pk: S(`account#${accountId}`), sk: S(sk) };
      await client.send(new PutItemCommand({ TableName: world.organization.tableName, Item }));
    }
    return {
      accountId,
      ...(await dynamoLedger(world.aws, world.organization.tableName).read(accountId)),
    };
  }

  for (const [sk, field, value] of BAD) {
    const whole = { key: KEY, intent: INTENT, begun: BEGUN }[sk.split('#')[0] ?? ''] ?? {};
    const others = Object.entries(whole).filter(([name]) => name !== field);
    const attributes = { ...Object.fromEntries(others), ...(value === undefined ? {} : { [field]: value }) };
    it(`make their user wait when ${field} of ${sk} is ${value === undefined ? 'missing' : JSON.stringify(value)}`, async () => {
      const {
        badRows,
        keys,
        intents,
        pendingChanges: pendingChanges,
        accountId,
      } = await readAfterPutting({
        [sk]: attributes,
      });
      expect(keys.size + intents.length + pendingChanges.length).to.equal(0);
      expect(badRows.map(({ userName }) => userName)).to.deep.equal(['ann']);
      expect(badRows[0]?.message).to.contain(`account#${accountId} / ${sk}`).and.to.contain(field);
      expect(badRows[0]?.message).not.to.match(/[\r\n]/);
    });
  }

  it('that are good are read beside bad ones', async () => {
    const { keys, intents, badRows } = await readAfterPutting({
      'key#AKIA2': KEY,
      'key#AKIA3': { ...KEY, deliveredAt: S('yesterday') },
      'intent#bob': INTENT,
      'intent#cem': {},
    });
    expect(keys).to.deep.equal(new Map([['AKIA2', { replacementOf: 'AKIA1', deliveredAt: START }]]));
    expect(intents.map(({ userName }) => userName)).to.deep.equal(['bob']);
    expect(badRows.map(({ userName }) => userName)).to.have.members(['ann', 'cem']);
  });

  it('that are bad and belong to nobody are reported, too', async () => {
    const { badRows } = await readAfterPutting({ 'key#AKIA2': { deliveredAt: S('yesterday') } });
    expect(badRows).to.have.length(1);
    expect(badRows[0]).not.to.have.property('userName');
  });

  it('may hold fields that are newer than this version, and be of a newer kind', async () => {
    const { keys, badRows } = await readAfterPutting({
      'key#AKIA2': { ...KEY, colour: S('red'), shades: { M: {} } },
      'exemption#ann': { until: S('always') },
    });
    expect([keys.size, badRows.length]).to.deep.equal([1, 0]);
  });

  it('of deleted keys are no business of anybody', async () => {
    const row = { ...KEY, deletedAt: N(START), noticedAt: S('never mind') };
    const { keys, badRows } = await readAfterPutting({ 'key#AKIA2': row });
    expect([keys.size, badRows.length]).to.deep.equal([0, 0]);
  });

  it('leave out what they never held', () => {
    const [memory] = readRows([{ pk: 'account#1', sk: 'key#AKIA2', noticedAt: START }]).keys.values();
    expect(Object.keys(memory ?? {})).to.deep.equal(['noticedAt']);
  });
});
