import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { parseKnownFiles } from '@smithy/core/config';
import { definedOnly } from '../../domain/defined-only.ts';
import { InputError } from '../../domain/errors.ts';
import type { HeldKey } from '../../run/ports/own-key.ts';
import { sourceOf, type Profiles } from './profile-source.ts';

/* The AWS config files, as the SDK itself parses them. */

type Environment = Readonly<Record<string, string | undefined>>;

/** The profiles of this process and of those that started it to get at a key: a circle ends here. */
const ASKED_BY = 'ACCESS_KEY_ROTATION_PROFILES';

const run = promisify(execFile);
const PROCESS_TIMEOUT = 60_000;

/**
 * Where AWS CLI and SDKs have them; without a home, where the SDK finds one by itself.
 * @throws Error when a file can't be parsed; one that can't be read counts as absent, as everywhere in the SDK
 */
export function readProfiles(environment: Environment): Promise<Profiles> {
  const home = environment['HOME'] ?? environment['USERPROFILE'];
  const inHome = (name: string) => (home === undefined ? undefined : path.join(home, '.aws', name));
  return parseKnownFiles({
    ignoreCache: true,
    ...definedOnly({
      filepath: environment['AWS_SHARED_CREDENTIALS_FILE'] ?? inHome('credentials'),
      configFilepath: environment['AWS_CONFIG_FILE'] ?? inHome('config'),
    }),
  });
}

/**
 * @throws InputError when a command that this profile runs has started this very process: each would
 *   start the next one for ever
 */
export function refuseCircle(profile: string, environment: Environment): void {
  const asking = askedBy(environment);
  if (!asking.includes(profile)) return;
  const circle = [...asking.slice(asking.indexOf(profile)), profile].join(' -> ');
  throw new InputError([
    `--from: the profile ${profile} leads back to itself: ${circle}. Name the profile that holds the key itself.`,
  ]);
}

const askedBy = (environment: Environment): readonly string[] =>
  (environment[ASKED_BY] ?? '').split('\n').filter((name) => name !== '');

/**
 * The key of a user that a profile has, written down or printed by a command.
 * @throws InputError when it has none, with what to do
 */
export async function keyOf(profiles: Profiles, profile: string, environment: Environment): Promise<HeldKey> {
  const source = sourceOf(profiles, profile);
  if (source.kind === 'key') return source.key;
  const chain = [...askedBy(environment), profile].join('\n');
  try {
    return printedKey(await outputOf(source.command, { ...environment, [ASKED_BY]: chain }));
  } catch (error) {
    throw new InputError([
      `--from: the profile ${profile} has no key: its credential_process failed (${messageOf(error)})`,
    ]);
  }
}

/** Through a shell, as AWS CLI and SDKs do it. */
async function outputOf(command: string, env: Environment): Promise<string> {
  const isWindows = process.platform === 'win32';
  const options = { env, timeout: PROCESS_TIMEOUT, windowsVerbatimArguments: true };
  const { stdout } = isWindows
    ? await run('cmd.exe', ['/d', '/s', '/c', `"${command}"`], options)
    : await run('/bin/sh', ['-c', command], options);
  return stdout;
}

/** What it prints is never repeated: it may be half a key. */
function printedKey(text: string): HeldKey {
  let printed: Readonly<Record<string, unknown>>;
  try {
    printed = Object(JSON.parse(text)) as Readonly<Record<string, unknown>>;
  } catch {
    throw new Error('what it printed is no JSON');
  }
  const { Version, AccessKeyId, SecretAccessKey, SessionToken } = printed;
  if (Version !== 1) throw new Error('what it printed is not of version 1');
  if (typeof SessionToken === 'string' && SessionToken !== '') {
    throw new Error('what it printed are temporary credentials, and only the key of a user is replaced');
  }
  if (typeof AccessKeyId !== 'string' || typeof SecretAccessKey !== 'string') {
    throw new Error('what it printed lacks AccessKeyId or SecretAccessKey');
  }
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey };
}

function messageOf(error: unknown): string {
  const { stderr, message } = error as { readonly stderr?: string; readonly message?: string };
  return (stderr === undefined || stderr.trim() === '' ? (message ?? '') : stderr).trim();
}
