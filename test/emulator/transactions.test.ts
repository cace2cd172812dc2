import { GetItemCommand, PutItemCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { expect } from 'chai';
import { emulatorForThisFile } from '../support/emulator-hooks.ts';
import { clientsFor, refusalOf } from './clients.ts';

/* moto copies the whole table before a transaction; the emulator copies only what it needs. */

describe('emulator: transactions', () => {
  const emulator = emulatorForThisFile();

  const table = async () => {
    const { credentials, tableName: TableName } = await emulator().seed({ accounts: [] });
    const { dynamodb } = clientsFor(emulator(), credentials);
    const key = (sk: string) => ({ pk: { S: 'account' }, sk: { S: sk } });
    const put = (sk: string, text: string) =>
      dynamodb.send(new PutItemCommand({ TableName, Item: { ...key(sk), text: { S: text } } }));
    const textOf = async (sk: string) =>
      (await dynamodb.send(new GetItemCommand({ TableName, Key: key(sk) }))).Item?.['text']?.S;
    const change = (condition: string) => {
      const values = { ':new': { S: 'new' } };
      const UpdateExpression = 'SET #text = :new';
      const names = { ExpressionAttributeNames: { '#text': 'text' }, ExpressionAttributeValues: values };
      return refusalOf(
        dynamodb.send(
          new TransactWriteItemsCommand({
            TransactItems: [
              { Update: { TableName, Key: key('updated'), UpdateExpression, ...names } },
              { Put: { TableName, Item: { ...key('made'), text: { S: 'new' } } } },
              { Delete: { TableName, Key: key('deleted') } },
              { ConditionCheck: { TableName, Key: key('looked at'), ConditionExpression: condition } },
            ],
          }),
        ),
      );
    };
    for (const sk of ['updated', 'deleted', 'looked at', 'another']) await put(sk, 'old');
    const texts = async () => {
      const found: (string | undefined)[] = [];
      for (const sk of ['updated', 'made', 'deleted', 'another']) found.push(await textOf(sk));
      return found;
    };
    return { change, texts };
  };

  it('do everything', async () => {
    const { change, texts } = await table();
    expect(await change('attribute_exists(pk)')).to.equal('accepted');
    expect(await texts()).to.deep.equal(['new', 'new', undefined, 'old']);
  });

  it('or nothing', async () => {
    const { change, texts } = await table();
    expect(await change('attribute_not_exists(pk)')).to.equal('TransactionCanceledException');
    expect(await texts()).to.deep.equal(['old', undefined, 'old', 'old']);
    expect(await change('attribute_exists(pk)')).to.equal('accepted');
    expect(await texts()).to.deep.equal(['new', 'new', undefined, 'old']);
  });
});
