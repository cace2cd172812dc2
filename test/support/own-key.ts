import { readOwnSecret, type OwnSecretSettings } from '../../src/aws/secret/own-secret.ts';
import { OperationError } from '../../src/domain/errors.ts';
import { secretNameOf } from '../../src/domain/secrets/secret-name.ts';
import type { HeldKey } from '../../src/run/ports/own-key.ts';

/** The current key of a user, read with a key it has; undefined when there is no secret that it may read. */
export async function readOwnKey(
  settings: OwnSecretSettings,
  userName: string,
  held: HeldKey,
  secretId = secretNameOf(userName),
): Promise<HeldKey | undefined> {
  const answer = await readOwnSecret(settings, held, secretId);
  if (answer.kind === 'key') return answer.key;
  if (answer.kind === 'none' || answer.kind === 'no-key-yet') return undefined;
  throw new OperationError(answer.failure);
}
