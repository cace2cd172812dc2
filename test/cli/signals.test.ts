import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { expect } from 'chai';
import { DAY } from '../../src/domain/time.ts';
import { once } from '../aws/support.ts';
import type { SeededOrganization } from '../support/emulator/emulator.ts';
import { emulatorForThisFile, REGION } from '../support/world.ts';
import { awsEnvironment, runProcess } from './terminal.ts';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

describe('a command that is stopped', function () {
  this.timeout(120_000);
  const emulator = emulatorForThisFile();
  let seeded: SeededOrganization;
  let environment: Record<string, string>;
  beforeEach(async () => {
    await emulator().reset();
    const now = Date.now();
    const users = ['ann', 'bob'].map((userName) => ({
      userName,
      keys: [{ createdAt: now - 65 * DAY, lastUsedAt: now - DAY }],
    }));
    seeded = await emulator().seed({ accounts: [{ name: 'app', users }] });
    environment = {
      PATH: process.env['PATH'] ?? '',
      HOME: '/nowhere',
      AWS_EC2_METADATA_DISABLED: 'true',
      ...awsEnvironment(emulator(), seeded.credentials),
      ROTATION_FUNCTION_NAME: 'none',
      ROTATION_TABLE_NAME: seeded.tableName,
      ROTATION_TOPIC_ARN: seeded.topicArn,
      ROTATION_MODE: 'enforce',
    };
  });

  const leases = async (): Promise<readonly string[]> => {
    const client = new DynamoDBClient(
      once({
        region: REGION,
        endpoint: emulator().endpoint,
        credentials: () => Promise.resolve(seeded.credentials),
      }),
    );
    const { Items = [] } = await client.send(new ScanCommand({ TableName: seeded.tableName }));
    return Items.flatMap(({ sk, until }) => (until === undefined || sk?.S !== 'lease' ? [] : sk.S));
  };

  /** Until a call is held up by the fault that was injected. */
  const reached = async (action: string) => {
    for (;;) {
      if ((await emulator().calls()).some((call) => call.action === action)) return;
      await sleep(50);
    }
  };

  for (const [signal, code, where] of [
    ['SIGINT', 130, 'iam:CreateAccessKey'],
    ['SIGTERM', 143, 'secretsmanager:PutSecretValue'],
  ] as const) {
    it(`by ${signal} at ${where} ends with ${code} within a second, gives the account back, and the next run does the rest`, async () => {
      await emulator().inject({ action: where, kind: 'delay', delayMs: 30_000, when: 'after' });
      const child = spawn(process.execPath, [CLI, 'apply', '--mode', 'enforce', '--yes'], {
        env: environment,
        stdio: 'ignore',
      });
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
      await reached(where);
      const before = performance.now();
      child.kill(signal);
      expect(await ended).to.equal(code);
      expect(performance.now() - before).to.be.below(1500); // of a machine that does other things, too
      await emulator().clearFaults();
      expect(await leases()).to.deep.equal([]);

      // A key made at that moment may not be listed for some seconds, so it waits for the lease's old end.
      await emulator().advance(DAY);
      const next = await runProcess(['apply', '--mode', 'enforce', '--yes', '--json'], environment);
      expect(next.code, next.stderr).to.equal(0);
      const [app] = await emulator().snapshot('111111111101');
      expect(app?.users.map(({ keys }) => keys.length)).to.deep.equal([2, 2]);
      expect(app?.secrets.map(({ name }) => name)).to.have.length(2);
    });
  }

  it('while it only looks ends as fast, and says nothing of a defect', async () => {
    await emulator().inject({ action: 'iam:ListUsers', kind: 'delay', delayMs: 30_000 });
    const child = spawn(process.execPath, [CLI, 'plan'], {
      env: environment,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    await reached('iam:ListUsers');
    const before = performance.now();
    child.kill('SIGINT');
    expect(await ended).to.equal(130);
    expect(performance.now() - before).to.be.below(1500);
    expect(stderr).to.equal('');
    await emulator().clearFaults();
  });
});
