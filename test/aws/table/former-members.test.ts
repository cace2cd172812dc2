import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { expect } from 'chai';
import { dynamoFormerMembers } from '../../../src/aws/table/former-members.ts';
import type { FormerMembers } from '../../../src/run/ports/accounts.ts';
import { createWorld, emulatorForThisFile, type World } from '../../support/world.ts';
import { failureOf, once } from '../support.ts';

const TableName = 'access-key-rotation';
const [GONE, OTHER] = ['444455556666', '444455556667'];

describe('an account that the organization does not have', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  const members = async (table = TableName): Promise<FormerMembers> => {
    world = await createWorld(emulator(), { accounts: [] });
    return dynamoFormerMembers(world.aws, table);
  };
  const put = (pk: string) =>
    new DynamoDBClient(once(world.aws)).send(
      new PutItemCommand({ TableName, Item: marshall({ pk, sk: 'key#AKIA1' }) }),
    );
  const known = async (former: FormerMembers) => [
    await former.wasMember(GONE),
    await former.wasMember(OTHER),
  ];

  it('never was a member where the table has nothing about it', async () => {
    expect(await known(await members())).to.deep.equal([false, false]);
  });

  for (const pk of [`account#${GONE}`, `history#${GONE}`]) {
    it(`was a member where the table has rows in ${pk}`, async () => {
      const former = await members();
      await put(pk);
      expect(await known(former)).to.deep.equal([true, false]);
    });
  }

  it('was a member where the settings have named it while it was one, for good', async () => {
    const former = await members();
    await former.remember([GONE]);
    expect(await known(former)).to.deep.equal([true, false]);
    await former.remember([]);
    await former.remember([OTHER]);
    expect(await known(former)).to.deep.equal([true, true]);
  });

  it('is not guessed about when the table can not be read', async () => {
    const failure = await failureOf((await members('another')).wasMember(GONE));
    expect(failure).to.include({ kind: 'not-found', during: 'dynamodb:GetItem' });
  });
});
