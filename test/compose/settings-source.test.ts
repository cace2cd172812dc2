import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { expect } from 'chai';
import { baseLayers } from '../../src/config/base-layers.ts';
import { readSettings } from '../../src/config/settings.ts';
import { settingsSource } from '../../src/compose/settings-source.ts';
import { createWorld, emulatorForThisFile, START, type World } from '../support/world.ts';

const APP = '111111111101';

describe('the settings of a run', () => {
  const emulator = emulatorForThisFile();
  let world: World;
  beforeEach(async () => {
    world = await createWorld(emulator(), { accounts: [] });
  });
  const read = (environment: Readonly<Record<string, string>> = world.environment) =>
    settingsSource(world.aws, readSettings(environment), START).read();
  const put = (sk: string, attributes: object) =>
    new DynamoDBClient(world.aws).send(
      new PutItemCommand({
        TableName: world.organization.tableName,
        Item: marshall({ pk: 'settings', sk, ...attributes }),
      }),
    );

  it('are those of the deployment alone where there is no table', async () => {
    const environment = { ROTATION_ROTATE_AFTER_DAYS: '50' };
    expect(await read(environment)).to.deep.equal({
      base: baseLayers(readSettings(environment)),
      rows: [],
      badRows: [],
    });
    expect(await emulator().calls()).to.deep.equal([]);
  });

  it('are those of the table too, each row by itself', async () => {
    await put('organization', { values: { rotateAfter: 50 }, final: ['rotateAfter'] });
    await put(`account#${APP}`, { values: { rotateAfter: '50' } });
    await put('else', { values: {} });
    const { base, rows, badRows } = await read();
    expect(base.map(({ level }) => level)).to.deep.equal(['default', 'environment']);
    expect(rows).to.deep.equal([
      { target: { level: 'organization' }, values: { rotateAfter: 50 }, final: ['rotateAfter'] },
    ]);
    expect(badRows.map(({ target }) => target)).to.deep.equal([
      { level: 'account', accountId: APP },
      undefined,
    ]);
    expect(badRows[0]?.message).to.contain('rotateAfter: must be a number of days');
  });

  it('take no exemption that is longer than a year from the run', async () => {
    const exemption = { owner: 'Ann', reason: 'moves', until: '2027-01-07' };
    await put(`user#${APP}#ann`, { values: { exemption } });
    expect((await read()).badRows[0]?.message).to.contain(
      'must be at most a year (366 days) from now, 2027-01-06',
    );
  });

  it('stop everybody while an import is not finished: what is missing may be what says to do less', async () => {
    await put('version', { version: 3, unfinished: '2026-01-05T06:00:00.000Z by jane' });
    expect((await read()).badRows).to.deep.equal([
      {
        message:
          'an import of settings was begun at 2026-01-05T06:00:00.000Z by jane and is not finished; finish it first, with the file it was begun with: access-key-rotation settings import FILE',
      },
    ]);
  });
});
