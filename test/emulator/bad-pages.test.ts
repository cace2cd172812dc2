import { PutItemCommand, QueryCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { ListUsersCommand } from '@aws-sdk/client-iam';
import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { expect } from 'chai';
import { emulatorForThisFile } from '../support/emulator-hooks.ts';
import type { Fault, SeededOrganization } from '../support/emulator/emulator.ts';
import { adminOf, clientsFor, FIRST_MEMBER, problemOf, refusalOf } from './clients.ts';

/** What each of the first pages holds; `again` where its token leads to it again. */
const PAGES: readonly (readonly [string, Omit<Fault, 'action'>, readonly string[]])[] = [
  ['an empty page that goes on', { kind: 'empty-page', times: 1 }, ['', 'ann bob']],
  ['a page twice', { kind: 'repeat-page', times: 1 }, ['ann bob', 'ann bob']],
  ['a page that leads to itself', { kind: 'repeat-page' }, ['ann bob', 'ann bob again', 'ann bob again']],
];

describe('emulator: corrupted pages and rows', () => {
  const emulator = emulatorForThisFile();
  let seeded: SeededOrganization;

  beforeEach(async () => {
    const users = ['ann', 'bob'].map((userName) => ({ userName, keys: [] }));
    seeded = await emulator().seed({ accounts: [{ name: 'app', users }] });
  });

  /** @param read a page, and the token of the next one */
  const pagesOf = async (
    read: (token: unknown) => Promise<{ readonly on: readonly string[]; readonly next: unknown }>,
  ): Promise<readonly string[]> => {
    const pages: string[] = [];
    let token: unknown;
    do {
      const { on, next } = await read(token);
      const again = next !== undefined && JSON.stringify(next) === JSON.stringify(token);
      pages.push([...on, ...(again ? ['again'] : [])].join(' '));
      token = next;
    } while (token !== undefined && pages.length < 3);
    return pages;
  };

  for (const [title, fault, expected] of PAGES) {
    it(`a list has ${title}`, async () => {
      await emulator().inject({ action: 'iam:ListUsers', ...fault });
      const { iam } = await adminOf(emulator(), FIRST_MEMBER);
      const pages = await pagesOf(async (token) => {
        const { Users = [], Marker } = await iam.send(
          new ListUsersCommand(token === undefined ? {} : { Marker: token as string }),
        );
        return { on: Users.map(({ UserName = '' }) => UserName), next: Marker };
      });
      expect(pages).to.deep.equal(expected);
    });

    for (const order of ['ascending', 'descending']) {
      it(`a query has ${title}, ${order}`, async () => {
        const { dynamodb } = clientsFor(emulator(), seeded.credentials);
        const { tableName: TableName } = seeded;
        for (const sk of ['ann', 'bob']) {
          await dynamodb.send(new PutItemCommand({ TableName, Item: { pk: { S: 'x' }, sk: { S: sk } } }));
        }
        await emulator().inject({ action: 'dynamodb:Query', match: { pk: 'x' }, ...fault });
        const pages = await pagesOf(async (token) => {
          const { Items = [], LastEvaluatedKey } = await dynamodb.send(
            new QueryCommand({
              TableName,
              KeyConditionExpression: 'pk = :pk',
              ExpressionAttributeValues: { ':pk': { S: 'x' } },
              ScanIndexForward: order === 'ascending',
              ...(token === undefined ? {} : { ExclusiveStartKey: token as Record<string, { S: string }> }),
            }),
          );
          return { on: Items.map(({ sk }) => sk?.S ?? '').sort(), next: LastEvaluatedKey };
        });
        expect(pages).to.deep.equal(expected);
      });
    }
  }

  it('a fault can be aimed at rows by a pattern, and at a transaction by one of its rows', async () => {
    const { dynamodb } = clientsFor(emulator(), seeded.credentials);
    const { tableName: TableName } = seeded;
    const put = (...names: readonly string[]) =>
      refusalOf(
        dynamodb.send(
          new TransactWriteItemsCommand({
            TransactItems: names.map((sk) => ({
              Put: { TableName, Item: { pk: { S: 'account#1' }, sk: { S: sk } } },
            })),
          }),
        ),
      );
    const match = { pk: 'account#*', sk: '*intent#ann*' };
    await emulator().inject({ action: 'dynamodb:*', kind: 'error', match });
    const statuses = [await put('key#1', 'intent#ann'), await put('key#1', 'intent#bob')];
    expect(statuses).to.deep.equal(['InternalFailure', 'accepted']);
  });

  it('an error can repeat the request, with the secret that is in it', async () => {
    await emulator().inject({ action: 'secretsmanager:*', kind: 'error', message: 'no', echoRequest: true });
    const { secrets } = await adminOf(emulator(), FIRST_MEMBER);
    const problem = await problemOf(
      secrets.send(new PutSecretValueCommand({ SecretId: 'ann', SecretString: 'hush' })),
    );
    expect(problem?.message).to.match(/^no: \{.*"SecretString":"hush"/);
  });
});
