import { statSync } from 'node:fs';
import path from 'node:path';
import { ACCOUNT_ID } from '../../../config/patterns.ts';
import type { Terminal } from '../../input/terminal.ts';
import { readState } from '../credentials/read-state.ts';
import { writeState } from '../credentials/write-state.ts';

/*
 * The ids and names of accounts that the last overview or plan has shown, for completion: AWS can't be asked while
 * somebody types. Nothing rests on them; without the file there is no id to choose from, and no more.
 */

export interface KnownAccount {
  readonly id: string;
  readonly name: string;
}

/** Some 50,000 accounts. */
const MOST_BYTES = 4 * 1024 * 1024;

/** Never throws: no command fails because of it. */
export function rememberAccounts(
  accounts: readonly KnownAccount[],
  { environment }: Pick<Terminal, 'environment'>,
): void {
  const text = `${JSON.stringify(accounts.map(({ id, name }) => ({ id, name })))}\n`;
  const { AWS_PROFILE: profile = '' } = environment;
  for (const file of new Set([fileIn(environment, ''), fileIn(environment, profile)])) {
    if (file !== undefined) writeState(file, text);
  }
}

/** Damaged files count as none. */
export function knownAccounts({ environment }: Pick<Terminal, 'environment'>): readonly KnownAccount[] {
  const file = fileIn(environment, environment['AWS_PROFILE'] ?? '');
  const { text } = file === undefined ? {} : readState(file, MOST_BYTES);
  if (text === undefined) return [];
  try {
    const read: unknown = JSON.parse(text);
    return Array.isArray(read) ? read.filter(isAccount) : [];
  } catch {
    return [];
  }
}

/** What is not an id must not get into anybody's command line. */
const isAccount = (value: unknown): value is KnownAccount => {
  const { id, name } = (value ?? {}) as Partial<Record<keyof KnownAccount, unknown>>;
  return typeof id === 'string' && ACCOUNT_ID.test(id) && typeof name === 'string';
};

/**
 * One for each profile, since another organization has other accounts, and one of whatever was shown last: where the
 * profile is in our config file, it isn't known while somebody types.
 * @returns undefined where there is no place for it
 */
function fileIn(environment: Terminal['environment'], profile: string): string | undefined {
  const { XDG_CACHE_HOME: own = '', HOME: home = '' } = environment;
  const isHere = path.isAbsolute(home) && statSync(home, { throwIfNoEntry: false })?.isDirectory() === true;
  const base = path.isAbsolute(own) ? own : isHere ? path.join(home, '.cache') : undefined;
  const name = profile === '' ? 'accounts.json' : `accounts-${encodeURIComponent(profile)}.json`;
  return base === undefined ? undefined : path.join(base, 'access-key-rotation', name);
}
