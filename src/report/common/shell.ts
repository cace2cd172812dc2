import type { LimitKind } from '../../domain/rotation/limits.ts';

/** Words that mean themselves in every shell people paste into; anything else is quoted. */
const PLAIN = /^[A-Za-z0-9_.+/][A-Za-z0-9_.+@/-]*$/;

/** One word of a command line, whatever it holds. */
export const shellWord = (value: string): string =>
  PLAIN.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;

/** A value that begins with a dash would be read as an option of its own, quoted or not. */
const option = (name: string, value: string): string =>
  value.startsWith('-') ? `--${name}=${shellWord(value)}` : `--${name} ${shellWord(value)}`;

/** A command of the AWS CLI that can be pasted as it is. */
const aws = (command: string, options: Readonly<Record<string, string>>): string =>
  ['aws', command, ...Object.entries(options).map(([name, value]) => option(name, value))].join(' ');

/** A command of ours, for whoever runs the service; the reason is theirs to write. */
export const acceptLimit = (limit: LimitKind, accountId: string): string =>
  `access-key-rotation accept ${option('limit', limit)} ${option('account', accountId)} --reason "..."`;

export const readSecret = (region: string, secretName: string): string =>
  aws('secretsmanager get-secret-value', {
    region,
    'secret-id': secretName,
    'version-stage': 'AWSCURRENT',
    query: 'SecretString',
    output: 'text',
  });

export const switchKey = (userName: string, accessKeyId: string, status: 'Active' | 'Inactive'): string =>
  aws('iam update-access-key', { 'user-name': userName, 'access-key-id': accessKeyId, status });

export const deleteKey = (userName: string, accessKeyId: string): string =>
  aws('iam delete-access-key', { 'user-name': userName, 'access-key-id': accessKeyId });

/** Shows when a key was used last, and for which service in which region. */
export const lastUseOf = (accessKeyId: string): string =>
  aws('iam get-access-key-last-used', { 'access-key-id': accessKeyId });

/** Brings back a secret that is scheduled for deletion. */
export const restoreSecret = (region: string, secretName: string): string =>
  aws('secretsmanager restore-secret', { region, 'secret-id': secretName });

/** Shows which versions a secret has, and which of them consumers read. */
export const listSecretVersions = (region: string, secretName: string): string =>
  aws('secretsmanager list-secret-version-ids', { region, 'secret-id': secretName });

/** Makes the version with this id the one that consumers read. */
export const readVersion = (region: string, secretName: string): string =>
  `${aws('secretsmanager update-secret-version-stage', { region, 'secret-id': secretName, 'version-stage': 'AWSCURRENT' })} --move-to-version-id ... --remove-from-version-id ...`;
