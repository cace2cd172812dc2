import { parseArn } from '../arn.ts';

const PREFIX = 'access-key-rotation/';

/**
 * A user name in the characters that secret names and tags may hold. IAM allows `+ = , . @ _ -`;
 * the comma is the one that Secrets Manager doesn't. It becomes `/2C`: a slash can't occur in a
 * user name, so no two users share a secret and the way back is certain.
 */
export const encodeUserName = (userName: string): string => userName.replaceAll(',', '/2C');

/** The way back. */
export const decodeUserName = (encoded: string): string => encoded.replaceAll('/2C', ',');

/** The name of the secret that holds a user's keys: `access-key-rotation/<encoded user name>`. */
export const secretNameOf = (userName: string): string => PREFIX + encodeUserName(userName);

/**
 * The same in the account of the service, for users of all accounts:
 * `access-key-rotation/central/<account id>/<encoded user name>`. No user of the service's own account
 * has a secret of that name: in an encoded user name each slash is followed by `2C`, and here the
 * first one is followed by twelve digits.
 */
export const centralSecretNameOf = (accountId: string, userName: string): string =>
  `${PREFIX}central/${accountId}/${encodeUserName(userName)}`;

/**
 * The secret of a user whose usual name is taken by the secret of another one who had that name before.
 * A slash without `2C` behind it is in no encoded user name, and no user id is twelve digits, so this is
 * nobody's usual name.
 * @param name the usual one
 * @param userId IAM's unique id
 */
export const secretNameOfVeryUser = (name: string, userId: string): string => `${name}/${userId}`;

/** The user a secret belongs to; undefined for names that aren't ours, and for central ones. */
export function userNameOf(secretName: string): string | undefined {
  if (!secretName.startsWith(PREFIX)) return undefined;
  const encoded = secretName.slice(PREFIX.length);
  return /\/(?!2C)/.test(encoded) ? undefined : decodeUserName(encoded);
}

const ARN = /^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:[\w/+=.@-]+$/;
const NAME = /^[\w/+=.@-]{1,512}$/;

/** Whether this can be a secret: its name or its ARN. */
export const isSecretId = (id: string): boolean => ARN.test(id) || NAME.test(id);

/** The region a secret is in; undefined when only its name is given. */
export const regionOfSecret = (id: string): string | undefined =>
  ARN.test(id) ? parseArn(id)?.region : undefined;
