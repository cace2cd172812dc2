import { accountIn } from './arn.ts';

/* Commands of ours that are printed for people: complete, so that they work as they are. */

/** A value that begins with a dash would be read as an option of its own. */
const option = (name: string, value: string): string =>
  value.startsWith('-') ? `--${name}=${value}` : `--${name} ${value}`;

/**
 * Replaces a key at once and leaves it on; the reason is theirs to write. Names of IAM users hold nothing
 * that a shell would take for something else.
 */
export const replaceByHand = (
  { userArn, userName }: { readonly userArn: string; readonly userName: string },
  accessKeyId: string,
): string =>
  [
    'access-key-rotation replace',
    option('account', accountIn(userArn) ?? 'ID'),
    option('user', userName),
    option('key', accessKeyId),
    '--leave-active --reason "..."',
  ].join(' ');

/** What a profile of the AWS CLI or an SDK calls to have the user's current key: a line of ~/.aws/config. */
export const credentialProcess = (
  userName: string,
  where: { readonly region: string } | { readonly secret: string },
): string =>
  [
    'credential_process = access-key-rotation credentials',
    option('user', userName),
    '--from NAME-OF-OLD-PROFILE',
    'secret' in where ? option('secret', where.secret) : option('region', where.region),
  ].join(' ');

/**
 * Where the pages of docs/ are on the web, with no slash at the end; to be set where this repository is published.
 * Empty: pages are named by their path in it.
 */
const DOCUMENTATION: string = '';

/** A page of ours, as the end of a sentence or a line of its own. */
export const documentationPage = (path: string): string =>
  DOCUMENTATION === '' ? `${path} (in the access-key-rotation repository)` : `${DOCUMENTATION}/${path}`;

/** Shows what holds for a user, and where it is set. */
export const showSettingsOf = (userName: string, accountId: string): string =>
  `access-key-rotation settings show ${option('account', accountId)} ${option('user', userName)}`;
