import { DynamoDBClient, PutItemCommand, type AttributeValue } from '@aws-sdk/client-dynamodb';
import { expect } from 'chai';
import { dynamoLedger } from '../../../src/aws/table/ledger.ts';
import { NOTICE_ATTRIBUTES } from '../../../src/aws/table/ledger-rows.ts';
import { readRows } from '../../../src/aws/table/read-ledger.ts';
import { DAY } from '../../../src/domain/time.ts';
import type { BadRow } from '../../../src/run/ports/ledger.ts';
import { createWorld, emulatorForThisFile, START, type World } from '../../support/world.ts';
import { FIRST_MEMBER as APP, once } from '../support.ts';
import { BEGUN, INTENT, KEY, N, S, type Attributes } from './rows.ts';

const NOTICE = { firstAt: N(START), lastAt: N(START + DAY), date: N(START + 10 * DAY) };
const BAD_NOTICES: readonly AttributeValue[] = [
  // As version 1 kept it, in an attribute of its own.
  N(START),
  S('announced'),
  { M: {} },
  ...Object.keys(NOTICE).map((field) => ({ M: { ...NOTICE, [field]: S('yesterday') } })),
  { M: { ...NOTICE, date: N((START + 10 * DAY) / 1000) } },
  { M: { ...NOTICE, inAnyCase: S('tomorrow') } },
];

const aboutOf = ({ userName, accessKeyId }: BadRow) => userName ?? accessKeyId;

/** What somebody may have done to a row by hand. */
const BAD: readonly (readonly [row: string, field: string, value: AttributeValue | undefined])[] = [
  ...['deliveredAt', 'inactiveSince', 'reactivatedAt', 'goneAt'].map(
    (field) => ['key#AKIA2', field, S('yesterday')] as const,
  ),
  ...[S(String(START)), N(-1), { L: [] }, { BOOL: true }, { M: {} }, { SS: ['x'] }].map(
    (value) => ['key#AKIA2', 'reactivatedAt', value] as const,
  ),
  // Seconds, as `expiresAt` has them: as milliseconds they are in 1970, and every grace is over.
  ['key#AKIA2', 'inactiveSince', N(START / 1000)],
  ...Object.values(NOTICE_ATTRIBUTES).flatMap((field) =>
    BAD_NOTICES.map((value) => ['key#AKIA2', field, value] as const),
  ),
  ['key#AKIA2', 'reactivations', { L: [N(START)] }],
  ['key#AKIA2', 'reactivations', { NS: [String(START / 1000)] }],
  ['key#AKIA2', 'reactivations', { SS: ['yesterday'] }],
  ['key#AKIA2', 'told', S('unused')],
  ['key#AKIA2', 'told', { M: { reason: S('unused') } }],
  ['key#AKIA2', 'told', { M: { reason: S('unused'), at: S('yesterday') } }],
  ['key#AKIA2', 'deactivatedAs', N(1)],
  ['key#AKIA2', 'mayHaveLeaked', S('no')],
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
      // Whose it is says the row's own key: a user, or a key of which IAM tells whose it is.
      expect(badRows.map(aboutOf)).to.deep.equal([sk.startsWith('intent') ? 'ann' : 'AKIA2']);
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
    expect(badRows.map(aboutOf)).to.have.members(['AKIA3', 'cem']);
  });

  it('that are bad and name no user are about the user who has the key', async () => {
    const { badRows } = await readAfterPutting({ 'key#AKIA2': { deliveredAt: S('yesterday') } });
    expect(badRows.map(aboutOf)).to.deep.equal(['AKIA2']);
  });

  it('may hold fields that are newer than this version, and be of a newer kind', async () => {
    const { keys, badRows } = await readAfterPutting({
      'key#AKIA2': { ...KEY, colour: S('red'), shades: { M: {} } },
      'exemption#ann': { until: S('always') },
    });
    expect([keys.size, badRows.length]).to.deep.equal([1, 0]);
  });

  it('of deleted keys are no business of anybody, but for when they were switched off', async () => {
    const row = { ...KEY, deletedAt: N(START), reactivatedAt: S('never mind') };
    const off = { ...KEY, deletedAt: N(START), inactiveSince: N(START - DAY) };
    const { keys, badRows, offSince } = await readAfterPutting({ 'key#AKIA2': row, 'key#AKIA3': off });
    expect([keys.size, badRows.length]).to.deep.equal([0, 0]);
    expect(offSince).to.deep.equal(new Map([['AKIA3', START - DAY]]));
  });

  it('leave out what they never held', () => {
    const [memory] = readRows([{ pk: 'account#1', sk: 'key#AKIA2', inactiveSince: START }]).keys.values();
    expect(Object.keys(memory ?? {})).to.deep.equal(['inactiveSince']);
  });

  it('hold the last notice about each thing, what was told, and every time a key was switched on again', async () => {
    const { keys, gone, badRows } = await readAfterPutting({
      'key#AKIA2': {
        ...KEY,
        secretName: S('access-keys/ann'),
        deactivatedAs: S('unused'),
        mayHaveLeaked: { BOOL: true },
        noticeUnused: { M: NOTICE },
        noticeReplaced: { M: { ...NOTICE, inAnyCase: N(START + 30 * DAY) } },
        noticeDeadline: { M: NOTICE },
        noticeLeastRecentlyUsed: { M: NOTICE },
        noticeDelete: { M: NOTICE },
        reactivations: { NS: [String(START + 2), String(START), String(START + 1)] },
        told: { M: { reason: S('deadline-notice'), at: N(START), dueAt: N(START + DAY) } },
        goneAt: N(START),
      },
    });
    const notice = { firstAt: START, lastAt: START + DAY, date: START + 10 * DAY };
    expect(badRows).to.deep.equal([]);
    expect([...gone]).to.deep.equal(['AKIA2']);
    expect(keys.get('AKIA2')).to.deep.equal({
      replacementOf: 'AKIA1',
      deliveredAt: START,
      secretName: 'access-keys/ann',
      deactivatedAs: 'unused',
      mayHaveLeaked: true,
      notices: [
        { about: 'unused', ...notice },
        { about: 'replaced', ...notice, inAnyCase: START + 30 * DAY },
        { about: 'deadline', ...notice },
        { about: 'least-recently-used', ...notice },
        { about: 'delete', ...notice },
      ],
      reactivations: [START, START + 1, START + 2],
      told: { reason: 'deadline-notice', at: START, dueAt: START + DAY },
    });
  });
});
