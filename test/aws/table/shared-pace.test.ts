import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect } from 'chai';
import { sharedPace } from '../../../src/aws/table/shared-pace.ts';
import { DAY } from '../../../src/domain/time.ts';
import { createWorld, emulatorForThisFile, START, type World } from '../../support/world.ts';
import { failureOf, once } from '../support.ts';

const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:access-key-rotation';

describe('the pace of messages to a topic, for processes that know nothing of each other', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  beforeEach(async () => {
    world = await createWorld(emulator(), { accounts: [] });
  });

  /** Each sleeps on a clock of its own, which stands still otherwise; returns how long. */
  const process = (now = START) => {
    let slept = 0;
    const clock = {
      now: () => now,
      sleep: (duration: number) => {
        slept += duration;
        return Promise.resolve();
      },
    };
    const turn = sharedPace(world.aws, world.organization.tableName, TOPIC, clock);
    return async () => {
      slept = 0;
      await turn();
      return slept;
    };
  };

  it('lets the first go at once, and every other a fifth of a second after the one before', async () => {
    const waits = await Promise.all(Array.from({ length: 8 }, () => process()()));
    expect(waits.toSorted((one, other) => one - other)).to.deep.equal([
      0, 200, 400, 600, 800, 1000, 1200, 1400,
    ]);
  });

  it('lets the next go at once, when nobody has for a while', async () => {
    await process()();
    expect(await process(START + 1_000)()).to.equal(0);
  });

  it('does not believe a row that would hold up everybody', async () => {
    const client = new DynamoDBClient(once(world.aws));
    const Item = { pk: { S: 'pace' }, sk: { S: TOPIC }, next: { N: String(START + DAY) } };
    await client.send(new PutItemCommand({ TableName: world.organization.tableName, Item }));
    expect(await process()()).to.equal(0);
    expect(await process()()).to.equal(200);
  });

  it('says so where the table can not be written', async () => {
    await emulator().inject({ action: 'dynamodb:UpdateItem', kind: 'error', code: 'AccessDeniedException' });
    expect(await failureOf(process()())).to.include({ kind: 'denied', during: 'dynamodb:UpdateItem' });
  });
});
