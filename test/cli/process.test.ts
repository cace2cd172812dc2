import { expect } from 'chai';
import { DAY } from '../../src/domain/time.ts';
import type { SeededOrganization } from '../support/emulator/emulator.ts';
import { emulatorForThisFile } from '../support/world.ts';
import { reportIn } from './json-shape.ts';
import { awsEnvironment, runProcess } from './terminal.ts';

describe('a process of its own', function () {
  const emulator = emulatorForThisFile();
  let seeded: SeededOrganization;
  let environment: Record<string, string>;

  // It runs at the real time, and so does the emulator here.
  beforeEach(async () => {
    await emulator().reset();
    const now = Date.now();
    const users = [{ userName: 'ann', keys: [{ createdAt: now - 65 * DAY, lastUsedAt: now - DAY }] }];
    seeded = await emulator().seed({ accounts: [{ name: 'app', users }] });
    environment = awsEnvironment(emulator(), seeded.credentials);
  });

  it('plans: the report is all of stdout', async () => {
    const { code, stdout, stderr } = await runProcess(['plan', '--json'], environment);
    expect(code).to.equal(0);
    const app = reportIn(stdout).accounts.find(({ accountName }) => accountName === 'app');
    expect(app?.outcomes.map(({ action, status }) => [action, status])).to.deep.equal([['replace', 'held']]);
    expect(stderr).to.equal('');
  });

  it('applies, and the new key works', async () => {
    const { code, stdout } = await runProcess(['apply', '--yes', '--json'], {
      ...environment,
      ROTATION_MODE: 'enforce',
      ROTATION_TABLE_NAME: seeded.tableName,
      ROTATION_TOPIC_ARN: seeded.topicArn,
    });
    expect(code).to.equal(0);
    expect(reportIn(stdout).totals.replaced).to.equal(1);
    const [app] = await emulator().snapshot('111111111101');
    expect(app?.users[0]?.keys[1]).to.include({ status: 'Active' }).and.to.have.property('lastUsedAt');
  });

  it('ends with 1 when an account is unreachable', async () => {
    const { credentials } = await emulator().seed({
      accounts: [{ name: 'app', memberRole: false, users: [] }],
    });
    const { code, stdout } = await runProcess(['plan', '--json'], awsEnvironment(emulator(), credentials));
    expect(code).to.equal(1);
    expect(reportIn(stdout).totals.accounts.unreachable).to.equal(1);
  });

  it('ends with 2 without a region, says so on stderr, and calls nothing', async () => {
    const { AWS_REGION: _, ...withoutRegion } = environment;
    const { code, stdout, stderr } = await runProcess(['plan'], withoutRegion);
    expect(code).to.equal(2);
    expect(stdout).to.equal('');
    expect(stderr).to.contain('AWS_REGION: must be set');
    expect(await emulator().calls()).to.deep.equal([]);
  });

  it('ends with 1 and a next step without credentials', async () => {
    const { AWS_ENDPOINT_URL = '', AWS_REGION = '' } = environment;
    const { code, stderr } = await runProcess(['plan'], { AWS_ENDPOINT_URL, AWS_REGION });
    expect(code).to.equal(1);
    expect(stderr).to.contain('Next step: ').and.not.to.contain('defect');
  });
});
