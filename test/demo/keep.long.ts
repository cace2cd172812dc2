import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { DAY } from '../../src/domain/time.ts';

const DEMO = fileURLToPath(new URL('../../demo/demo.ts', import.meta.url));
const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

/** Nothing of whoever runs the tests, but for keys in the shell, which must not be used. */
const SHELL = {
  PATH: process.env['PATH'],
  HOME: '/nowhere',
  AWS_EC2_METADATA_DISABLED: 'true',
  AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
  AWS_SECRET_ACCESS_KEY: 'of-somebody',
  AWS_REGION: 'us-east-1',
};

interface Ended {
  readonly code: number | null;
  readonly text: string;
}

/** Both streams, as a person sees them. */
function textOf(child: ChildProcess): () => string {
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return () => text;
}

const endOf = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve) => child.once('close', resolve));

/** What somebody types into another terminal. */
async function inShell(...lines: readonly string[]): Promise<Ended> {
  const child = spawn('sh', ['-c', lines.join('\n')], { env: SHELL });
  const text = textOf(child);
  return { code: await endOf(child), text: text() };
}

async function until(isSo: () => boolean): Promise<void> {
  const end = Date.now() + 240_000;
  while (!isSo()) {
    if (Date.now() > end) throw new Error('it never came');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('npm run demo -- --keep', () => {
  let demo: ChildProcess;
  let printed: () => string;
  let ended: Promise<number | null>;
  let setUp: readonly string[];
  let folder: string;
  const cli = (args: string) => inShell(...setUp, `${process.execPath} ${CLI} ${args}`);

  before(async () => {
    demo = spawn(process.execPath, [DEMO, '--keep'], { env: SHELL });
    printed = textOf(demo);
    ended = endOf(demo);
    await until(() => printed().includes('Ctrl-C here stops it.') || demo.exitCode !== null);
    setUp = printed()
      .split('\n')
      .filter((line) => /^ {2}(?:export|unset) /.test(line));
    folder = dirname(/AWS_CONFIG_FILE=(\S+)/.exec(printed())?.[1] ?? '');
  });
  after(() => {
    demo.kill('SIGKILL');
  });

  it('shows the tour, and two lines to paste', () => {
    expect(printed()).to.contain('As it should be.');
    expect(setUp.map((line) => line.trim().split(' ')[0])).to.deep.equal(['export', 'unset']);
    expect(setUp.filter((line) => line.length > 80)).to.deep.equal([]);
  });

  it('writes a page with a trend, and says where', () => {
    const [, file = '', runs] = /\n(\S+\.html): run [^]*? and (\d+) runs before it/.exec(printed()) ?? [];
    expect(Number(runs)).to.equal(5);
    const page = readFileSync(file, 'utf8');
    expect(page).to.contain('Active keys over their limit in 6 runs: 18 on ').and.contain('banner critical');
  });

  it('tells what the owner who ignored all of it was told, week by week', () => {
    const [, told = ''] = /ignored every mail\n\n([^]*?)\n\n==/.exec(printed()) ?? [];
    const days = told.match(/^\d{4}-\d\d-\d\d/gm)?.map((date) => Date.parse(date)) ?? [];
    const [first = 0] = days;
    expect(days.map((day) => (day - first) / DAY)).to.deep.equal([0, 7, 14, 21, 28, 35, 35]);
    expect(told).to.match(/^\S+ {2}By \S+, svc-fraud-scan: put the new key/);
    expect(told).to.match(/\n\S+ {2}By \S+, svc-fraud-scan: switch \w+ on again/);
    expect(told).to.match(/was switched off by the run of this day/);
  });

  it('leaves an organization in which a newcomer sees the run of today', async () => {
    const { code, text } = await cli('overview');
    expect(text).to.contain('team-payments').and.contain('Exempt until ');
    expect(text).to.contain('Settings: of the function access-key-rotation in eu-central-1.');
    expect(text).to.match(/active keys of \d+ users in 9 accounts, as run \S+ left them on [^(]+\(today\)/);
    expect(code).to.equal(0);
  });

  it('and where commands change things, through the function', async () => {
    const [, restore = ''] = /npm run -s cli -- (restore [^]*?\n.*)\n/.exec(printed()) ?? [];
    const { code, text } = await cli(`${restore} --yes`);
    expect(text).to.match(/\bactive\b|switched on/);
    expect(code).to.equal(0);
  });

  it('leaves nothing behind when it is stopped: no folder, and nobody listens', async () => {
    const [, endpoint = ''] = /runs on (\S+),/.exec(printed()) ?? [];
    const [, emulator = ''] = /emulated on\s+(\S+)\./.exec(printed()) ?? [];
    expect(existsSync(folder)).to.equal(true);
    demo.kill('SIGINT');
    expect(await ended).to.equal(0);
    expect(existsSync(folder)).to.equal(false);
    for (const gone of [endpoint, emulator]) {
      const refused = await fetch(gone).then(
        () => 'answered',
        () => 'refused',
      );
      expect(refused, gone).to.equal('refused');
    }
    expect(printed()).to.match(/Stopped\. Nothing of it is left\.\n$/);
  });
});
