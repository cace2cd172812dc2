import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect } from 'chai';
import { historyItem } from '../../../src/aws/table/history-rows.ts';
import { dynamoLedger } from '../../../src/aws/table/ledger.ts';
import type { Item } from '../../../src/aws/table/items.ts';
import { DAY } from '../../../src/domain/time.ts';
import { entryWith, FIRST_MEMBER as APP, once } from '../../aws/support.ts';
import {
  accountIn,
  createWorld,
  emulatorForThisFile,
  START,
  userWithKey,
  type World,
} from '../../support/world.ts';
import { run } from '../terminal.ts';

describe('history, where rows of it can not be read', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  beforeEach(async () => {
    world = await createWorld(emulator(), {
      accounts: [{ name: 'app', users: [userWithKey('ann', { age: 5 })] }],
    });
  });
  const put = async (...items: readonly Item[]) => {
    const client = new DynamoDBClient(once(world.aws));
    const TableName = world.organization.tableName;
    for (const item of items) await client.send(new PutCommand({ TableName, Item: item }));
  };
  const good = historyItem(APP, entryWith({ userName: 'ann', accessKeyId: 'AKIAGOOD' }));
  const bad = (of: string, n: number): Item => ({
    ...historyItem(of, entryWith({ runId: `run-${n + 1}`, userName: 'ann' })),
    what: 'renamed',
  });
  const history = (...more: readonly string[]) =>
    run(['history', '--account', APP, ...more], world, { columns: 200 });

  it('says how many there are, and their names, beside the others', async () => {
    await put(good, bad(APP, 1), bad('organization', 2));
    const { code, stdout } = await history();
    expect(code).to.equal(0);
    expect(stdout).to.include('AKIAGOOD');
    expect(stdout).to.include(
      `2 rows of the history can't be read: history#${APP} / 2026-01-05T06:00:00.000Z#replaced##run-2; history#organization / `,
    );
    const json = JSON.parse((await history('--json')).stdout) as { entries: unknown[]; unreadable: string[] };
    expect(json.entries).to.have.length(1);
    expect(json.unreadable).to.have.length(2);
  });

  it('says so where there is nothing else, and also to who asks about one user or run', async () => {
    await put(bad(APP, 1));
    for (const more of [[], ['--user', 'ann'], ['--run', 'run-7']]) {
      const { code, stdout } = await history(...more);
      expect([code, stdout.startsWith("1 row of the history can't be read: ")]).to.deep.equal([0, true]);
      expect(stdout).to.not.include('Nothing was done');
    }
  });

  it('says it in one line of bounded length, whatever they are called', async () => {
    const forged = (n: number) => ({
      pk: `history#${APP}`,
      sk: `${n}\n\u001b[2J access-key-rotation restore ${'x'.repeat(900)}`,
    });
    await put(...Array.from({ length: 12 }, (_, n) => forged(n)));
    const { stdout } = await history();
    // Lines are broken where the terminal ends, and go on indented.
    expect(stdout.replaceAll(/\n {2}/g, ' ')).to.match(/^12 rows [^\n\u001b]{100,1900}; and 7 more\.\n$/);
  });

  it('says nothing of it where all can be read', async () => {
    await put(good);
    expect((await history()).stdout).to.not.include("can't be read");
    expect(JSON.parse((await history('--json')).stdout)).to.not.have.property('unreadable');
  });

  it('is reported by a run that tells from it what an earlier one could not', async () => {
    await put(bad(APP, 1));
    await dynamoLedger(world.aws, world.organization.tableName).markDigestPending(APP, 'run-0', START - DAY);
    const account = accountIn(await world.run(), 'app');
    const findings = account.status === 'rotated' ? account.findings : [];
    expect(findings.filter(({ severity }) => severity === 'failure').map(({ message }) => message))
      .to.have.length(1)
      .and.satisfy(([message]: string[]) =>
        message?.startsWith("1 row of the history can't be read: history#"),
      );
  });
});
