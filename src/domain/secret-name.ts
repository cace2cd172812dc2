const PREFIX = 'access-key-rotation/';

/**
 * A user name in the characters that secret names and tags may hold. IAM allows `+ = , . @ _ -`;
 * the comma is the one that Secrets Manager doesn't. It becomes `/2C`: a slash can't occur in a
 * user name, so no two users share a secret and the way back is certain.
 */
export const encodeUserName = (userName: string): string => userName.replaceAll(',', '/2C');

/** The name of the secret that holds a user's keys: `access-key-rotation/<encoded user name>`. */
export const secretNameOf = (userName: string): string => PREFIX + encodeUserName(userName);

/** The user a secret belongs to; undefined for names that aren't ours. */
export const userNameOf = (secretName: string): string | undefined =>
  secretName.startsWith(PREFIX) ? secretName.slice(PREFIX.length).replaceAll('/2C', ',') : undefined;
