import { expect } from 'chai';
import sinon from 'sinon';
import { DAY } from '../../src/domain/time.ts';
import { setAwsEnvironment } from '../aws/support.ts';
import type { OrganizationSeed, SeededOrganization } from '../support/emulator/emulator.ts';
import { serveFunctions, type Functions, type Invoke } from '../support/map/functions.ts';
import { invokeHere } from '../support/map/handlers.ts';
import { createMap, environmentOfMap } from '../support/map/run-map.ts';
import { emulatorForThisFile } from '../support/world.ts';

describe('a run by map', function () {
  const emulator = emulatorForThisFile();
  let functions: Functions | undefined;
  let restore = () => {};

  beforeEach(() => emulator().reset());
  afterEach(async () => {
    sinon.restore();
    restore();
    await functions?.stop();
  });

  const seedFor = (now: number): OrganizationSeed => ({
    topicReaders: ['security@example.com'],
    accounts: ['a', 'b', 'c'].map((name) => ({
      name,
      users: [{ userName: `ann-${name}`, keys: [{ createdAt: now - 65 * DAY, lastUsedAt: now - DAY }] }],
    })),
  });

  it('works', async () => {
    const organization: SeededOrganization = await emulator().seed(seedFor(Date.now()));
    restore = setAwsEnvironment(environmentOfMap(emulator(), organization));
    process.env['REPORTS_URL'] = environmentOfMap(emulator(), organization)['REPORTS_URL'];
    const invoke: Invoke = invokeHere;
    functions = await serveFunctions(invoke);
    const map = await createMap(emulator(), { serviceAccountId: organization.managementAccountId, functions });
    const t = Date.now();
    const out = await map.run();
    console.log(JSON.stringify(out, null, 1), Date.now() - t);
    expect(out.status).to.equal('SUCCEEDED');
  });
});
