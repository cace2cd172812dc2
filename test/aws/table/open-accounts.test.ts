import { expect } from 'chai';
import { dynamoOpenAccounts } from '../../../src/aws/table/open-accounts.ts';
import { createWorld, emulatorForThisFile } from '../../support/world.ts';
import { callsOf } from '../support.ts';

const [APP, DATA, WEB] = ['111111111101', '111111111102', '111111111103'];

describe('the accounts of which something is open', () => {
  const emulator = emulatorForThisFile();

  const indexes = async (...only: readonly string[]) => {
    const { aws, organization } = await createWorld(emulator(), { accounts: [] });
    const index = () => dynamoOpenAccounts(aws, organization.tableName, only);
    return { index: index(), next: index };
  };

  it('are those that were added and not removed', async () => {
    const { index, next } = await indexes();
    await index.add(APP);
    await index.add(DATA);
    await index.remove(APP);
    for (const one of [index, next()]) {
      expect(await Promise.all([APP, DATA, WEB].map((id) => one.has(id)))).to.deep.equal([
        false,
        true,
        false,
      ]);
    }
  });

  it('are told of the whole organization by one question', async () => {
    const { index } = await indexes();
    await Promise.all([APP, DATA, WEB].map((id) => index.has(id)));
    expect(await callsOf(emulator(), 'dynamodb:Query', 'dynamodb:GetItem')).to.have.length(1);
  });

  it('are asked for one by one where a run is about a few', async () => {
    const { index } = await indexes(APP);
    await index.has(APP);
    expect(
      (await callsOf(emulator(), 'dynamodb:Query', 'dynamodb:GetItem')).map(({ action }) => action),
    ).to.deep.equal(['dynamodb:GetItem']);
  });

  it('are there after they are added, though another run has removed what this one saw', async () => {
    const { index, next } = await indexes();
    await index.add(APP);
    expect(await index.has(APP)).to.equal(true);
    await next().remove(APP);
    await index.add(APP);
    expect(await next().has(APP)).to.equal(true);
  });

  it('are asked for again after a question that failed', async () => {
    const { index } = await indexes();
    await emulator().inject({
      action: 'dynamodb:Query',
      kind: 'error',
      code: 'AccessDeniedException',
      times: 1,
    });
    await index.has(APP).catch(() => undefined);
    expect(await index.has(APP)).to.equal(false);
  });
});
