import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { expect } from 'chai';
import { DAY, SECOND } from '../../src/domain/time.ts';
import { run } from '../cli/terminal.ts';
import { createWorld, emulatorForThisFile, userWithKey, type World } from '../support/world.ts';

describe('the history is kept', () => {
  const emulator = emulatorForThisFile();

  /** What is in it, and after how many days each entry goes. */
  async function historyIn({ aws, organization }: World): Promise<readonly (readonly [unknown, number])[]> {
    const client = new DynamoDBClient(aws);
    const { Items = [] } = await client.send(new ScanCommand({ TableName: organization.tableName }));
    client.destroy();
    return Items.map((item) => unmarshall(item))
      .filter(({ pk }) => /^(settings-)?history#/.test(String(pk)))
      .map(
        ({ what, at, expiresAt }) =>
          [what, Math.floor((Number(expiresAt) * SECOND - Number(at)) / DAY)] as const,
      );
  }

  for (const [title, environment, days] of [
    ['for thirteen months', {}, 396],
    ['for seven years, if the deployment says so', { ROTATION_HISTORY_DAYS: '2557' }, 2557],
  ] as const) {
    it(`${title}, whoever adds to it`, async () => {
      const users = [userWithKey('ann', { age: 70, usedAgo: 1 })];
      const world = await createWorld(emulator(), { accounts: [{ name: 'member', users }] });
      const set = ['settings', 'set', 'rotateAfter', '45', '--organization', '--yes'];
      const known = { ...world, environment: { ...world.environment, ...environment } };
      expect((await run(set, known)).code).to.equal(0);
      await world.run({ environment });
      expect(await historyIn(world)).to.have.deep.members([
        ['settings-changed', days],
        ['replaced', days],
      ]);
    });
  }
});
