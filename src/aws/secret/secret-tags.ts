import { TagResourceCommand, type SecretsManagerClient, type Tag } from '@aws-sdk/client-secrets-manager';
import { askDone } from '../client/errors.ts';

/* The tags of our secrets. No key and no value takes a comma. */

/** Made by us. */
export const MANAGED = 'access-key-rotation:managed';
/** The encoded name of the user it was made for. */
export const USER = 'access-key-rotation:user';
/** IAM's unique id of that user; absent from what earlier versions made, until it is known to be theirs. */
export const USER_ID = 'access-key-rotation:user-id';
/** The user's account, where the secret is in another one. */
export const ACCOUNT = 'access-key-rotation:account';
/** Tells whether the statements of its policy that are not ours are those that were named in a digest. */
export const FOREIGN_STATEMENTS = 'access-key-rotation:other-statements';
/** The run that was about to make a key last. */
export const PREPARED_BY = 'access-key-rotation:prepared-by';
/** Since when its user is gone; no date when that was a mistake. */
export const ORPHANED_SINCE = 'access-key-rotation:orphaned-since';

export const tagIn = (tags: readonly Tag[] | undefined, key: string): string | undefined =>
  tags?.find(({ Key }) => Key === key)?.Value;

export async function tagSecret(
  client: SecretsManagerClient,
  id: string,
  key: string,
  value: string,
): Promise<void> {
  const input = { SecretId: id, Tags: [{ Key: key, Value: value }] };
  await askDone('secretsmanager:TagResource', () => client.send(new TagResourceCommand(input)));
}
