import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { expect } from 'chai';
import { dynamoLedger } from '../../../src/aws/table/ledger.ts';
import { DAY, MINUTE } from '../../../src/domain/time.ts';
import type { Ledger } from '../../../src/run/ports/ledger.ts';
import { createWorld, emulatorForThisFile, START, type World } from '../../support/world.ts';
import { failureOf, FIRST_MEMBER as APP, once } from '../support.ts';

const UNTIL = START + 10 * MINUTE;
const granted = { kind: 'granted' };
const refused = { kind: 'held', holder: 'run-1', until: UNTIL };

describe('the lease of an account', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  let ledger: Ledger;
  beforeEach(async () => {
    world = await createWorld(emulator(), { accounts: [] });
    ledger = dynamoLedger(world.aws, world.organization.tableName);
    expect(await ledger.acquireLease(APP, 'run-1', UNTIL, START)).to.deep.equal(granted);
  });
  const take = (runId: string, now: number) => ledger.acquireLease(APP, runId, now + 10 * MINUTE, now);

  for (const [title, runId, now, expected] of [
    ['is refused to another run', 'run-2', START, refused],
    ['is refused to another run 1 ms before it ends', 'run-2', UNTIL - 1, refused],
    ['is taken by another run at its end', 'run-2', UNTIL, granted],
    ['is prolonged by the run that has it', 'run-1', START + MINUTE, granted],
    ['is taken again after its end by the run that had it', 'run-1', UNTIL + DAY, granted],
  ] as const) {
    it(title, async () => {
      expect(await take(runId, now)).to.deep.equal(expected);
    });
  }

  it('is refused until the end that it was prolonged to', async () => {
    await take('run-1', UNTIL - 1);
    expect(await take('run-2', UNTIL)).to.deep.equal({ ...refused, until: UNTIL - 1 + 10 * MINUTE });
  });

  it('is another one for another account', async () => {
    expect(await ledger.acquireLease('222222222222', 'run-2', UNTIL, START)).to.deep.equal(granted);
  });

  it('is granted to one of two runs that ask at the same time', async () => {
    await ledger.releaseLease(APP, 'run-1');
    const answers = await Promise.all([take('run-2', START), take('run-3', START)]);
    expect(answers.filter((answer) => answer.kind === 'granted')).to.have.length(1);
  });

  it('is free once it was released', async () => {
    await ledger.releaseLease(APP, 'run-1');
    expect(await take('run-2', START)).to.deep.equal(granted);
  });

  it('is not released by a run that has lost it', async () => {
    await ledger.releaseLease(APP, 'run-2');
    expect(await take('run-3', START)).to.deep.equal(refused);
  });

  it('may be released twice', async () => {
    await ledger.releaseLease(APP, 'run-1');
    await ledger.releaseLease(APP, 'run-1');
  });

  it('is granted to the run that asked when the answer was lost', async () => {
    await ledger.releaseLease(APP, 'run-1');
    const error = { kind: 'error', code: 'InternalServerError', httpStatus: 500 } as const;
    await emulator().inject({ action: 'dynamodb:PutItem', ...error, when: 'after', times: 1 });
    expect(await take('run-2', START)).to.deep.equal(granted);
  });

  it("isn't taken for granted, nor for refused, when AWS fails", async () => {
    await emulator().inject({ action: 'dynamodb:PutItem', kind: 'error', code: 'AccessDeniedException' });
    expect(await failureOf(take('run-1', START))).to.include({ kind: 'denied', during: 'dynamodb:PutItem' });
  });

  it('goes from the table a day after its end', async () => {
    const Key = { pk: { S: `account#${APP}` }, sk: { S: 'lease' } };
    const { Item } = await new DynamoDBClient(once(world.aws)).send(
      new GetItemCommand({ TableName: world.organization.tableName, Key }),
    );
    expect(Item?.['expiresAt']).to.deep.equal({ N: String((UNTIL + DAY) / 1000) });
  });

  it("isn't part of what is remembered", async () => {
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
});
