import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { startTimes } from '../../bench/start-times.ts';
import { DAY } from '../../src/domain/time.ts';
import { buildCommand, type BuiltCommand } from '../support/built-command.ts';
import { ASKED, NEW, rememberNow } from '../support/workload-host.ts';
import { emulatorForThisFile } from '../support/world.ts';
import { awsEnvironment } from './terminal.ts';

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));
const CLI = pathOf('../../src/cli.ts');
const RECORDER = pathOf('../support/loaded-clients.ts');

/** The clients that a command line loads in a process of its own. */
async function clientsOf(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly clients: readonly string[] }> {
  const child = spawn(process.execPath, ['--import', RECORDER, CLI, ...args], {
    env: { PATH: process.env['PATH'], HOME: '/nowhere', AWS_EC2_METADATA_DISABLED: 'true', ...environment },
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  let written = '';
  child.stdio[3]?.on('data', (chunk: Buffer) => (written += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, clients: JSON.parse(written) as readonly string[] };
}

describe('what a command loads', function () {
  this.timeout(120_000);
  const emulator = emulatorForThisFile();

  it('is no client of AWS for --help, for the help of a command, and for a slip', async () => {
    for (const [args, code] of [
      [['--help'], 0],
      [['plan', '--help'], 0],
      [['settings', 'set', '--help'], 0],
      [['plan', '--acount', '111122223333'], 2],
    ] as const) {
      expect(await clientsOf(args), args.join(' ')).to.deep.equal({ code, clients: [] });
    }
  });

  it('is no client of AWS for credentials that are remembered, and two for those that are not', async () => {
    const home = mkdtempSync(join(tmpdir(), 'remembered-'));
    const line = ['credentials', ...ASKED];
    rememberNow(home);
    expect(await clientsOf(line, { HOME: home })).to.deep.equal({ code: 0, clients: [] });
    const asking = await clientsOf([...line, '--refresh'], {
      HOME: home,
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
    });
    expect(asking).to.deep.equal({ code: 0, clients: ['client-secrets-manager', 'client-sts'] });
    rmSync(home, { recursive: true });
  });

  it('is for plan what a plan asks: who is there, which keys and secrets, and what the ledger knows', async () => {
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
    expect(await clientsOf(['plan'], environment)).to.deep.equal({
      code: 0,
      clients: [
        'client-dynamodb',
        'client-iam',
        'client-organizations',
        'client-secrets-manager',
        'client-sts',
      ],
    });
  });
});

describe('the time that a command takes', function () {
  this.timeout(120_000);
  let built: BuiltCommand;
  before(async () => {
    built = await buildCommand();
  });
  after(() => {
    built.remove();
  });

  /**
   * How many times as long as another program. Of each the fastest run counts, for whatever else the
   * machine does only adds to it; where that is too much they are run again, in case it never was quiet.
   */
  function ratio(
    program: readonly string[],
    base: readonly string[],
    limit: number,
    environment: Readonly<Record<string, string>> = {},
  ): number {
    const programs = new Map([
      ['program', program],
      ['base', base],
    ]);
    const fastest = { program: Infinity, base: Infinity };
    for (let tries = 0; tries < 6 && !(fastest.program / fastest.base <= limit); tries++) {
      const times = startTimes(programs, 11, environment);
      fastest.program = Math.min(fastest.program, ...(times.get('program') ?? []));
      fastest.base = Math.min(fastest.base, ...(times.get('base') ?? []));
    }
    return fastest.program / fastest.base;
  }

  for (const args of [['--help'], ['plan', '--help']]) {
    it(`is at most three times that of an empty program: ${args.join(' ')}, as it is installed`, () => {
      expect(ratio([built.cli, ...args], ['--eval', ''], 3)).to.be.at.most(3);
    });
  }

  describe('and what programs call again and again, within the hour', () => {
    let home: string;
    before(() => {
      home = mkdtempSync(join(tmpdir(), 'remembered-'));
      rememberNow(home);
    });
    after(() => {
      rmSync(home, { recursive: true });
    });

    for (const [title, limit, line] of [
      ['as it is installed', 2.5, () => [built.cli, 'credentials', ...ASKED]],
      ['as one file', 2.2, () => [built.credentials, ...ASKED]],
    ] as const) {
      it(`is at most ${limit} times that of an empty program: credentials, ${title}`, () => {
        const { stdout } = spawnSync(process.execPath, line(), { env: { HOME: home }, encoding: 'utf8' });
        expect(stdout).to.include(NEW);
        expect(ratio(line(), ['--eval', ''], limit, { HOME: home })).to.be.at.most(limit);
      });
    }
  });

  // Loading what strips the types takes two to three times an empty program already.
  it('is at most twice that of an empty program in TypeScript, from the source', () => {
    expect(ratio([CLI, '--help'], [pathOf('../../bench/empty.ts')], 2)).to.be.at.most(2);
  });
});
