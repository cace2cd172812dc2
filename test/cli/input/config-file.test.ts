import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { configPath, variablesOfConfig } from '../../../src/cli/input/config-file.ts';
import { InputError } from '../../../src/domain/errors.ts';
import { runProcess } from '../terminal.ts';

const ALL = 'region: eu-west-1\nprofile: rotation\nfunctionName: other\n';

describe('the config file of a command line', () => {
  let home: string;
  let path: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'config-'));
    path = configPath({}, home);
    mkdirSync(join(path, '..'), { recursive: true });
  });
  afterEach(() => {
    rmSync(home, { recursive: true });
  });
  const variablesWith = async (text: string, environment = {}) => {
    writeFileSync(path, text);
    return await variablesOfConfig(environment, path);
  };
  const problemsOf = async (text: string): Promise<readonly string[]> => {
    try {
      await variablesWith(text);
      return [];
    } catch (error) {
      if (error instanceof InputError) return error.problems;
      throw error;
    }
  };

  for (const [title, environment, expected] of [
    ['in .config of the home folder', {}, '/home/ann/.config/access-key-rotation/config.yaml'],
    [
      'where XDG_CONFIG_HOME says',
      { XDG_CONFIG_HOME: '/etc/ann' },
      '/etc/ann/access-key-rotation/config.yaml',
    ],
  ] as const) {
    it(`is ${title}`, () => expect(configPath(environment, '/home/ann')).to.equal(expected));
  }

  for (const [title, environment, expected] of [
    [
      'says where to work',
      {},
      { AWS_REGION: 'eu-west-1', AWS_PROFILE: 'rotation', ROTATION_FUNCTION_NAME: 'other' },
    ],
    [
      'comes after the region of the environment',
      { AWS_DEFAULT_REGION: 'eu-north-1' },
      { AWS_PROFILE: 'rotation', ROTATION_FUNCTION_NAME: 'other' },
    ],
    [
      'comes after the profile of the environment',
      { AWS_PROFILE: 'mine', AWS_REGION: 'eu-north-1' },
      { ROTATION_FUNCTION_NAME: 'other' },
    ],
    [
      'chooses no profile where the environment has credentials',
      { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', ROTATION_FUNCTION_NAME: 'none' },
      { AWS_REGION: 'eu-west-1' },
    ],
  ] as const) {
    it(title, async () => expect(await variablesWith(ALL, environment)).to.deep.equal(expected));
  }

  it('need not be there', async () => expect(await variablesOfConfig({}, path)).to.deep.equal({}));

  for (const [title, text, names] of [
    ['a name that is not known', 'regoin: eu-west-1\n', ['regoin']],
    ['two values that are wrong', 'region: Frankfurt\nfunctionName: a b\n', ['region', 'functionName']],
    ['no text for a name', 'profile: 12\n', ['profile']],
    ['a list', '- eu-west-1\n', ['must be a list']],
    ['a name twice', 'region: eu-west-1\nregion: eu-west-2\n', ['region']],
    ['no YAML', 'region: [\n', ['the file']],
    ['nothing', '', ['the file']],
  ] as const) {
    it(`with ${title} is refused, and everything wrong in it named`, async () => {
      const problems = await problemsOf(text);
      expect(problems.map((problem) => problem.startsWith(`${path}: `))).to.deep.equal(names.map(() => true));
      expect(problems.map((one) => one.slice(path.length + 2).split(/:| {2}/)[0])).to.satisfy(
        (found: readonly string[]) => names.every((name, index) => found[index]?.startsWith(name)),
      );
    });
  }

  it('is read before a command, which does nothing where the file is wrong', async () => {
    writeFileSync(path, 'regoin: eu-west-1\n');
    const ended = await runProcess(['plan'], { HOME: home });
    expect(ended.code).to.equal(2);
    expect(ended.stderr).to.contain(`${path}: regoin: no such setting of this file; did you mean region?`);
    expect((await runProcess(['--help'], { HOME: home })).code).to.equal(0);
  });

  it('chooses the region and the function of a command', async () => {
    writeFileSync(path, 'region: eu-west-3\nfunctionName: somewhere\n');
    const asked: string[] = [];
    const server = createServer(({ url = '', headers }, response) => {
      asked.push(`${url} ${headers.authorization ?? ''}`);
      response.writeHead(403).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    await runProcess(['apply', '--yes', '--mode', 'enforce'], {
      HOME: home,
      ROTATION_FUNCTION_NAME: '',
      AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'example',
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    });
    server.close();
    expect(asked[0]).to.match(/functions\/somewhere\/.* Credential=AKIAEXAMPLE\/\d+\/eu-west-3\/lambda\//);
  });
});
