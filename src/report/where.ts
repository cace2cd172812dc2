import type { AccessKey } from '../domain/key.ts';
import { isOurs } from '../domain/rules.ts';
import { secretNameOf } from '../domain/secret-name.ts';
import type { Scene } from './context.ts';
import { command, nameInCommand, type Command } from './entries.ts';
import { clean } from './plain-text.ts';
import { readSecret } from './shell.ts';

/** Where a new key is, and the command that reads it. */
export const whereItIs = (
  what: string,
  secretName: string,
  { accountId, region }: Scene,
): readonly (string | Command)[] => [
  `${what} is in Secrets Manager, account ${clean(accountId, 20)}, region ${clean(region)}, secret ${nameInCommand(secretName)}:`,
  command(readSecret(clean(region), nameInCommand(secretName))),
];

/**
 * The same for a replacement of an earlier run: the digest of that run may never have arrived. A
 * key that a person has made is where that person has put it.
 */
export const whereTheHeirIs = (
  userName: string,
  heir: AccessKey | undefined,
  scene: Scene,
): readonly (string | Command)[] =>
  heir === undefined || !isOurs(heir)
    ? []
    : whereItIs(`The new key ${clean(heir.id)}`, secretNameOf(userName), scene);
