import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { expect } from 'chai';
import sinon from 'sinon';
import { DAY } from '../src/domain/time.ts';
import { daysSinceLastRun } from '../src/watch.ts';
import { setAwsEnvironment } from './aws/support.ts';
import { awsEnvironment } from './cli/terminal.ts';
import type { SeededOrganization } from './support/emulator/emulator.ts';
import { emulatorForThisFile, REGION } from './support/world.ts';

describe('the daily watch', () => {
  const emulator = emulatorForThisFile();
  let seeded: SeededOrganization;
  let lines: unknown[];
  let restore = () => {};

  beforeEach(async () => {
    await emulator().reset();
    seeded = await emulator().seed({ accounts: [] });
    restore = setAwsEnvironment({
      ...awsEnvironment(emulator(), seeded.credentials),
      POWERTOOLS_DEV: 'true',
      POWERTOOLS_METRICS_DISABLED: 'false',
    });
    lines = [];
    sinon.stub(console, 'log').callsFake((line) => lines.push(line));
  });
  afterEach(() => {
    sinon.restore();
    restore();
  });

  const finished = async (daysAgo: number, service = 'access-key-rotation') => {
    const { endpoint } = emulator();
    const client = new CloudWatchClient({ endpoint, region: REGION, credentials: seeded.credentials });
    await client.send(
      new PutMetricDataCommand({
        Namespace: 'AccessKeyRotation',
        MetricData: [
          {
            MetricName: 'RunsFinished',
            Dimensions: [{ Name: 'service', Value: service }],
            Value: 1,
            Timestamp: new Date(Date.now() - daysAgo * DAY - 60_000),
          },
        ],
      }),
    );
  };
  const emitted = () => JSON.parse(String(lines[0])) as Readonly<Record<string, unknown>>;

  for (const [daysAgo, says] of [
    [0, [0]],
    [3, [3, 2]],
    [12, [12, 11]],
  ] as const) {
    it(`says how many days ago the last run finished: ${daysAgo}`, async () => {
      await finished(20);
      await finished(daysAgo);
      expect(await daysSinceLastRun()).to.be.oneOf([...says]);
      expect(emitted()).to.include({
        service: 'access-key-rotation',
        DaysSinceLastRun: await daysSinceLastRun(),
      });
    });
  }

  it('does not take the run of another service for ours', async () => {
    await finished(1, 'another');
    expect(await daysSinceLastRun()).to.equal(60);
  });

  it('says 60 when it can see no run at all', async () => {
    expect(await daysSinceLastRun()).to.equal(60);
  });
});
