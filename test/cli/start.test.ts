import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { DAY } from '../../src/domain/time.ts';
import { ASKED, rememberNow } from '../support/workload-host.ts';
import { emulatorForThisFile } from '../support/world.ts';
import { awsEnvironment } from './terminal.ts';

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const CLI = pathOf('../../src/cli.ts');
const RECORDER = pathOf('../support/loaded-clients.ts');

/**
 * What help may load: how long it takes hangs on that, and a busy machine doesn't change it. It was
 * 34 when this was written; `npm run bench:start` measures the time.
 */
const FILES_FOR_HELP = 45;

/** The same, and what knows the names of settings and accounts. */
const FILES_TO_COMPLETE = 60;

/** What a command line loads in a process of its own. */
async function loadedBy(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly clients: readonly string[]; readonly files: number }> {
  const child = spawn(process.execPath, ['--import', RECORDER, CLI, ...args], {
    env: { PATH: process.env['PATH'], HOME: '/nowhere', AWS_EC2_METADATA_DISABLED: 'true', ...environment },
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  let written = '';
  child.stdio[3]?.on('data', (chunk: Buffer) => (written += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, ...(JSON.parse(written) as { clients: readonly string[]; files: number }) };
}

describe('what a command loads', function () {
  const emulator = emulatorForThisFile();

  it('is a few files and no client of AWS for --help, for the help of a command, and for a slip', async () => {
    for (const [args, code] of [
      [['--help'], 0],
      [['plan', '--help'], 0],
      [['settings', 'set', '--help'], 0],
      [['plan', '--acount', '111122223333'], 2],
    ] as const) {
      const { files, ...loaded } = await loadedBy(args);
      expect(loaded, args.join(' ')).to.deep.equal({ code, clients: [] });
      expect(files, args.join(' ')).to.be.within(1, FILES_FOR_HELP);
    }
  });

  it('is as little for what completes a line while somebody types', async () => {
    for (const line of [
      ['status', '--account', ''],
      ['settings', 'set', 'rot'],
    ]) {
      const { files, ...loaded } = await loadedBy(['complete', 'bash', '--', ...line], {
        HTTPS_PROXY: 'http://127.0.0.1:9',
      });
      expect(loaded, line.join(' ')).to.deep.equal({ code: 0, clients: [] });
      expect(files, line.join(' ')).to.be.within(1, FILES_TO_COMPLETE);
    }
  });

  it('is no client of AWS for credentials that are remembered, and two for those that are not', async () => {
    const home = mkdtempSync(join(tmpdir(), 'remembered-'));
    const line = ['credentials', ...ASKED];
    rememberNow(home);
    const { files, ...remembered } = await loadedBy(line, { HOME: home });
    expect(remembered).to.deep.equal({ code: 0, clients: [] });
    expect(files).to.be.within(1, FILES_FOR_HELP);
    const asking = await loadedBy([...line, '--refresh'], {
      HOME: home,
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    });
    expect(asking.code).to.equal(0);
    expect(asking.clients).to.deep.equal(['client-secrets-manager', 'client-sts']);
    rmSync(home, { recursive: true });
  });

  it('is for plan what a plan asks: the settings of the function, who is there, which keys and secrets, and what the ledger knows', async () => {
    await emulator().reset();
    const now = Date.now();
    const users = [{ userName: 'ann', keys: [{ createdAt: now - 65 * DAY, lastUsedAt: now - DAY }] }];
    const { credentials, tableName, topicArn } = await emulator().seed({
      accounts: [{ name: 'app', users }],
    });
    const environment = {
      ...awsEnvironment(emulator(), credentials),
      ROTATION_TABLE_NAME: tableName,
      ROTATION_TOPIC_ARN: topicArn,
    };
    const { code, clients } = await loadedBy(['plan'], environment);
    expect({ code, clients }).to.deep.equal({
      code: 0,
      clients: [
        'client-dynamodb',
        'client-iam',
        'client-lambda',
        'client-organizations',
        'client-secrets-manager',
        'client-sts',
      ],
    });
  });
});
