/** `serverless deploy` and `remove` as a person types them, against an emulator instead of AWS. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { REGION } from '../support/world.ts';
import type { Template } from './cloudformation.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** What a deployment needs of the repository. */
const NEEDED = ['package.json', 'resources', 'scripts', 'serverless.yml', 'src', 'tsconfig.json'];

/** The framework asks every five seconds how far the stack is; the emulator is never slow. */
const MILLISECONDS_BETWEEN_QUESTIONS = '100';

export interface Deployment {
  /** What the framework said. */
  serverless(command: string, ...options: readonly string[]): Promise<string>;
  /** The template of the last deployment. */
  template(): Template;
}

/**
 * In a copy of the repository: the framework leaves its files where it runs.
 * @param environment goes before {@link environmentFor}
 */
export function deploymentTo(
  endpoint: string,
  parameters: Readonly<Record<string, string>>,
  environment: Readonly<Record<string, string>> = {},
): Deployment {
  const folder = mkdtempSync(join(tmpdir(), 'access-key-rotation-deployment-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  for (const name of NEEDED) cpSync(join(root, name), join(folder, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const params = Object.entries(parameters).map(([name, value]) => `--param=${name}=${value}`);
  return {
    serverless: async (command, ...options) => {
      const framework = join(folder, 'node_modules/serverless/bin/serverless.js');
      const { stdout, stderr } = await run(
        process.execPath,
        [framework, command, '--region', REGION, ...params, ...options],
        { cwd: folder, env: { ...environmentFor(endpoint), ...environment } },
      );
      return stdout + stderr;
    },
    template: () => {
      const file = join(folder, '.serverless/cloudformation-template-update-stack.json');
      return JSON.parse(readFileSync(file, 'utf8')) as Template;
    },
  };
}

export async function unzip(zip: string, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  await run('python3', ['-m', 'zipfile', '-e', zip, folder]);
  return folder;
}

/** Nothing of the developer's settings, and never AWS itself. */
export const environmentFor = (endpoint: string): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(AWS|ROTATION|SLS|SERVERLESS|LAMBDA)_/.test(name)),
  ),
  AWS_ENDPOINT_URL: endpoint,
  AWS_ACCESS_KEY_ID: 'administrator',
  AWS_SECRET_ACCESS_KEY: 'not-a-secret',
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
  SLS_AWS_MONITORING_FREQUENCY: MILLISECONDS_BETWEEN_QUESTIONS,
});
