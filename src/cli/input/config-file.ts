import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '../../domain/errors.ts';
import { FUNCTION_NAME } from './deployed-settings.ts';

/*
 * What somebody would otherwise type or export before every command: ~/.config/access-key-rotation/config.yaml.
 * Whatever the environment says goes before it. The command `credentials` doesn't read it: it is for programs.
 */

type Variables = Readonly<Record<string, string | undefined>>;

/** The path of the file, whether or not it is there. https://specifications.freedesktop.org/basedir-spec/latest/ */
export function configPath(environment: Variables, home = homedir()): string {
  const folder = environment['XDG_CONFIG_HOME'] ?? '';
  return join(folder === '' ? join(home, '.config') : folder, 'access-key-rotation', 'config.yaml');
}

/**
 * What the file adds to the environment; nothing where there is no file.
 * @throws InputError with all problems of the file at once
 */
export async function variablesOfConfig(environment: Variables, path: string): Promise<Variables> {
  const text = await textOf(path);
  if (text === undefined) return {};
  // Loaded only where there is a file: every start of a command would pay for it.
  const { readConfig } = await import('../../config/config-file.ts');
  let config;
  try {
    config = readConfig(text);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(error.problems.map((problem) => `${path}: ${problem}`));
  }
  const { region, profile, functionName } = config;
  const isSet = (...names: readonly string[]) => names.some((name) => (environment[name] ?? '') !== '');
  return {
    ...(region === undefined || isSet('AWS_REGION', 'AWS_DEFAULT_REGION') ? {} : { AWS_REGION: region }),
    // Credentials of the environment are those of another identity.
    ...(profile === undefined || isSet('AWS_PROFILE', 'AWS_ACCESS_KEY_ID') ? {} : { AWS_PROFILE: profile }),
    ...(functionName === undefined || isSet(FUNCTION_NAME) ? {} : { [FUNCTION_NAME]: functionName }),
  };
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
