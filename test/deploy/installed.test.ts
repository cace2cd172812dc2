import { execFile } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { ROOT } from '../../scripts/third-party.ts';
import { callerIdentity, startFakeAws, type FakeAws } from '../support/fake-aws.ts';
import { ARN, NEW, OLD, profileWith, secretWith } from '../support/workload-host.ts';

const exec = promisify(execFile);

/** Small enough for a container's layer, or a file of configuration management. */
const MOST_BYTES = 600_000;

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** With the Node of this process, or the one that is named, and an environment of its own. */
const run = (
  program: string,
  args: readonly string[],
  env: Record<string, string>,
  cwd: string,
): Promise<Ended> =>
  exec(program, [...args], { env, cwd }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: unknown) => error as Ended,
  );

const ASK = ['--user', 'ann', '--from', 'first', '--region', 'eu-central-1'];

describe('the package, installed into an empty folder', function () {
  this.timeout(300_000);
  let base: string;
  let installed: string;
  let home: string;
  let aws: FakeAws;

  before(async () => {
    base = mkdtempSync(path.join(tmpdir(), 'installed-'));
    // Built in a copy, so that what is being worked on stays as it is.
    const project = path.join(base, 'project');
    for (const name of readdirSync(ROOT).filter((one) =>
      /^(src|scripts|resources|[^.].*\.(json|md)|LICENSE)$/.test(one),
    )) {
      cpSync(path.join(ROOT, name), path.join(project, name), { recursive: true });
    }
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(project, 'node_modules'), 'dir');
    const bin = path.join(ROOT, 'node_modules/.bin');
    const environment = { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` } as Record<
      string,
      string
    >;
    await exec(
      process.execPath,
      [path.join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.build.json', '--noCheck'],
      { cwd: project },
    );
    await exec(process.execPath, ['scripts/bundle-credentials.ts', 'dist/credentials.mjs'], { cwd: project });
    const { stdout } = await exec('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', base], {
      cwd: project,
      env: environment,
    });
    const [packed] = JSON.parse(stdout) as readonly { readonly filename: string }[];

    // As `npm install` unpacks it, with the dependencies that the package declares, and no other.
    installed = path.join(base, 'empty/node_modules/access-key-rotation');
    mkdirSync(installed, { recursive: true });
    await exec('tar', [
      '-xzf',
      path.join(base, packed?.filename ?? ''),
      '-C',
      installed,
      '--strip-components=1',
    ]);
    for (const name of Object.keys(manifest().dependencies)) {
      const there = path.join(base, 'empty/node_modules', name);
      mkdirSync(path.dirname(there), { recursive: true });
      symlinkSync(path.join(ROOT, 'node_modules', name), there, 'dir');
    }
    aws = await startFakeAws(
      () =>
        ({ action }) =>
          action === 'GetCallerIdentity' ? callerIdentity(ARN) : secretWith(NEW),
    );
  });
  beforeEach(() => {
    home = mkdtempSync(path.join(base, 'home-'));
    mkdirSync(path.join(home, '.aws'));
    writeFileSync(path.join(home, '.aws/credentials'), profileWith(OLD));
  });
  after(async () => {
    rmSync(base, { recursive: true, force: true });
    await aws.close();
  });

  const manifest = () =>
    JSON.parse(readFileSync(path.join(installed, 'package.json'), 'utf8')) as {
      readonly bin: Readonly<Record<string, string>>;
      readonly dependencies: Readonly<Record<string, string>>;
    };
  const environment = () => ({
    HOME: home,
    AWS_ENDPOINT_URL: aws.endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
  });
  const command = () => path.join(installed, manifest().bin['access-key-rotation'] ?? '');
  const files = () => readdirSync(path.join(installed, 'dist'), { recursive: true, encoding: 'utf8' });

  it('imports nothing but its dependencies, its own files and Node', () => {
    const known = new Set([...Object.keys(manifest().dependencies), ...builtinModules]);
    const foreign = files()
      .filter((file) => file.endsWith('.js'))
      .flatMap((file) => {
        const text = readFileSync(path.join(installed, 'dist', file), 'utf8');
        const found = [...text.matchAll(/^(?:import|export)[^'"]*?from\s+'([^']+)'|\bimport\('([^']+)'\)/gm)];
        return found.map(([, fixed, later]) => fixed ?? later ?? '').map((name) => `${file}: ${name}`);
      })
      .filter((line) => {
        const name = line.slice(line.indexOf(': ') + 2);
        if (name.startsWith('.') || name.startsWith('node:')) return false;
        const [scope = '', rest = ''] = name.split('/');
        return !known.has(scope.startsWith('@') ? `${scope}/${rest}` : scope);
      });
    expect(foreign).to.deep.equal([]);
  });

  it('has no tests, no sources and no TypeScript in it', () => {
    expect(files().filter((file) => /\.ts$|\.test\./.test(file))).to.deep.equal([]);
  });

  /** The oldest Node that is supported, where the machine has one; else that of this process. */
  const nodes = async (): Promise<readonly string[]> => {
    const { stdout } = await exec('bash', ['-c', 'type -ap node || true']);
    const all = [...new Set([process.execPath, ...stdout.trim().split('\n')])].filter((one) => one !== '');
    return all;
  };

  it('says its version, helps, and explains slips, with every Node of this machine, without a warning of the SDK', async () => {
    for (const node of await nodes()) {
      const say = (...args: readonly string[]) => run(node, [command(), ...args], environment(), base);
      expect(await say('--version'), node).to.deep.include({ code: 0, stderr: '' });
      expect((await say('plan', '--help')).stdout, node).to.include('Usage: access-key-rotation plan');
      expect((await say('plan', '--acount', '1')).code, node).to.equal(2);
      const planned = await say('plan');
      expect(planned.stderr, node).not.to.match(/Warning|node >=/);
      expect(planned.code, node).to.be.oneOf([1, 2]);
    }
  });

  it('prints credentials with every Node of this machine, and nothing else', async () => {
    for (const node of await nodes()) {
      const { code, stdout, stderr } = await run(
        node,
        [command(), 'credentials', ...ASK, '--refresh'],
        environment(),
        base,
      );
      expect([code, stderr], node).to.deep.equal([0, '']);
      expect(stdout, node).to.include(NEW);
    }
  });

  describe('its one file, alone in a folder', () => {
    let folder: string;
    let file: string;
    before(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'alone-'));
      file = path.join(folder, 'credentials.mjs');
      cpSync(path.join(installed, 'dist/credentials.mjs'), file);
      chmodSync(file, 0o555);
    });
    after(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    it('is below 600 KB', () => {
      expect(statSync(file).size).to.be.below(MOST_BYTES);
    });

    it('prints credentials with every Node of this machine, and again from what it remembers', async () => {
      for (const node of await nodes()) {
        const asked = await run(node, [file, ...ASK, '--refresh'], environment(), folder);
        expect(asked, node).to.deep.include({ code: 0, stderr: '' });
        expect(asked.stdout, node).to.include(NEW);
        const before = aws.calls.length;
        const again = await run(node, [file, ...ASK], environment(), folder);
        expect(again.stdout, node).to.include(NEW);
        expect(aws.calls, node).to.have.length(before);
      }
      expect(readdirSync(folder)).to.deep.equal(['credentials.mjs']);
    });

    it('ends with 1 for another user, 2 for a slip, 0 for help, and says why', async () => {
      const say = (...args: readonly string[]) =>
        run(process.execPath, [file, ...args], environment(), folder);
      const other = await say('--user', 'bob', '--from', 'first', '--region', 'eu-central-1');
      expect([other.code, other.stdout]).to.deep.equal([1, '']);
      expect(other.stderr).to.include('--user ann');
      const slip = await say('--user', 'ann', '--from', 'first', '--regoin', 'x');
      expect([slip.code, slip.stdout]).to.deep.equal([2, '']);
      expect(slip.stderr).to.include('--regoin');
      expect(await say('--help')).to.deep.include({ code: 0, stderr: '' });
      // As a line that was written for the whole package.
      expect((await say('credentials', ...ASK)).code).to.equal(0);
    });
  });
});
