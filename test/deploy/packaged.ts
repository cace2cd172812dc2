/** The service as it would be uploaded. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Template } from './cloudformation.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const serverless = join(root, 'node_modules/serverless/bin/serverless.js');

export const FUNCTION_NAMES = [
  'rotate',
  'watch',
  'journal',
  'page',
  'list',
  'account',
  'finish',
  'findings',
] as const;
type FunctionName = (typeof FUNCTION_NAMES)[number];

export interface Packaged {
  readonly folder: string;
  /** One for each function. */
  readonly zips: Readonly<Record<FunctionName, string>>;
  readonly template: Template;
}

let byDefault: Promise<Packaged> | undefined;
let asMap: Promise<Packaged> | undefined;
let withEverything: Promise<Packaged> | undefined;

/** What has no default. */
export const REQUIRED = { externalId: 'agreed-upon', organizationId: 'o-ab12cd34ef' };

/** Without any other parameter; done once, whoever asks. */
export const packagedByDefault = (): Promise<Packaged> => (byDefault ??= packageService({}));

/** With a function for each account, by Step Functions; done once, too. */
export const packagedAsMap = (): Promise<Packaged> => (asMap ??= packageService({ scale: 'map' }));

/** With every function that there can be; done once, too. */
export const packagedWithEverything = (): Promise<Packaged> =>
  (withEverything ??= packageService({ scale: 'map', securityHub: 'true' }));

/** @param parameters besides those that are required; undefined: without it */
export async function packageService(
  parameters: Readonly<Record<string, string | undefined>>,
): Promise<Packaged> {
  const folder = mkdtempSync(join(tmpdir(), 'access-key-rotation-package-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  const given: Readonly<Record<string, string | undefined>> = { ...REQUIRED, ...parameters };
  const params = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [`--param=${name}=${value}`],
  );
  await run(
    process.execPath,
    [serverless, 'package', '--package', folder, '--region', 'eu-central-1', ...params],
    { cwd: root, env: environment() },
  );
  const template = readFileSync(join(folder, 'cloudformation-template-update-stack.json'), 'utf8');
  return {
    folder,
    zips: Object.fromEntries(
      FUNCTION_NAMES.map((name) => [name, join(folder, `${name}.zip`)]),
    ) as Packaged['zips'],
    template: JSON.parse(template) as Template,
  };
}

/** Packaging needs nothing of AWS, and nothing of the developer's settings may get in. */
const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(AWS|ROTATION|SLS|SERVERLESS)_/.test(name)),
  );
