import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { expect } from 'chai';
import { dynamoLedger } from '../../../src/aws/table/ledger.ts';
import { DAY, SECOND } from '../../../src/domain/time.ts';
import type { Ledger } from '../../../src/run/ports/ledger.ts';
import { createWorld, emulatorForThisFile, START, type World } from '../../support/world.ts';
import { failureOf, once } from '../support.ts';

const MOST = 25;

describe('what a run may deactivate at deadlines in the whole organization', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  let ledger: Ledger;
  let client: DynamoDBClient;
  let runs = 0;
  let runId = '';
  before(async () => {
    world = await createWorld(emulator(), { accounts: [] });
    ledger = dynamoLedger(world.aws, world.organization.tableName);
    client = new DynamoDBClient(once(world.aws));
  });
  beforeEach(() => {
    runId = `run-${++runs}`;
  });
  afterEach(() => emulator().clearFaults());
  const claim = (wanted: number, most = MOST, run = runId) => ledger.claimDeadlines(run, wanted, most, START);
  const row = async () => {
    const Key = { pk: { S: `run#${runId}` }, sk: { S: 'deadlines' } };
    return (await client.send(new GetItemCommand({ TableName: world.organization.tableName, Key }))).Item;
  };
  const sum = (granted: readonly number[]) => granted.reduce((one, other) => one + other, 0);

  it('is granted as wanted, as long as some are left, and counted in a row of the run', async () => {
    expect(await claim(10)).to.equal(10);
    expect(await claim(10)).to.equal(10);
    expect(await claim(10)).to.equal(5);
    expect(await claim(10)).to.equal(0);
    expect(await row()).to.deep.equal({
      pk: { S: `run#${runId}` },
      sk: { S: 'deadlines' },
      taken: { N: '25' },
      // Longer than any run takes.
      expiresAt: { N: String((START + 30 * DAY) / SECOND) },
    });
  });

  for (const [title, wanted, most, granted] of [
    ['of nothing is nothing', 0, MOST, 0],
    ['is never more than there may be', 100, MOST, MOST],
    ['is nothing where there may be none', 3, 0, 0],
    ['is the very last one', 1, 1, 1],
  ] as const) {
    it(title, async () => {
      expect(await claim(wanted, most)).to.equal(granted);
      expect((await row())?.['taken']?.N ?? '0').to.equal(String(granted));
    });
  }

  it('is counted for each run on its own', async () => {
    expect(await claim(MOST)).to.equal(MOST);
    expect(await claim(1, MOST, 'another-run')).to.equal(1);
  });

  it('is nothing where less may be done by now than was done', async () => {
    await claim(20);
    expect(await claim(5, 10)).to.equal(0);
    expect(await claim(5, 22)).to.equal(2);
  });

  for (const wanted of [1, 4, 7, 25]) {
    it(`is never more in all, when 12 workers want ${wanted} each at once`, async () => {
      const answers = await Promise.all(Array.from({ length: 12 }, () => claim(wanted).catch(() => 0)));
      expect(sum(answers)).to.equal(Number((await row())?.['taken']?.N));
      expect(sum(answers)).to.equal(Math.min(MOST, 12 * wanted));
      expect(Math.max(...answers)).to.be.at.most(wanted);
    });
  }

  it('counts twice, and never grants twice, where an answer is lost', async () => {
    await emulator().inject({ action: 'dynamodb:UpdateItem', kind: 'reset', when: 'after', times: 1 });
    const granted = await claim(10);
    expect(granted).to.equal(10);
    expect(granted + (await claim(MOST))).to.be.at.most(MOST);
  });

  it('is refused, not guessed, where the table may not be written', async () => {
    await emulator().inject({ action: 'dynamodb:UpdateItem', kind: 'error', code: 'AccessDeniedException' });
    expect(await failureOf(claim(3))).to.include({ kind: 'denied', during: 'dynamodb:UpdateItem' });
    expect(await row()).to.equal(undefined);
  });

  it('is refused where what was taken may not be read', async () => {
    await claim(24);
    await emulator().inject({ action: 'dynamodb:GetItem', kind: 'error', code: 'AccessDeniedException' });
    expect(await failureOf(claim(3))).to.include({ kind: 'denied', during: 'dynamodb:GetItem' });
  });
});
