import { OperationError } from '../../domain/errors.ts';
import type { Decision } from '../../domain/rotation/decision.ts';
import type { AccessKey } from '../../domain/rotation/key.ts';
import type { KeyInventory, ListedKey } from '../ports/keys.ts';

/**
 * Lists the user's keys again before one of them is changed.
 * @param others keys of the user that the decision depends on, a replacement for instance
 * @returns the keys as they are now
 * @throws OperationError `changed-meanwhile` when a key isn't as it was when this was decided
 */
export async function assertUnchanged(
  decision: Decision,
  inventory: KeyInventory,
  others: readonly AccessKey[] = [],
): Promise<readonly ListedKey[]> {
  const { key, userName } = decision;
  const listed = await inventory.keysOf(userName);
  for (const decidedOn of [key, ...others]) {
    const difference = differenceOf(
      decidedOn,
      listed.find(({ id }) => id === decidedOn.id),
    );
    if (difference === undefined) continue;
    throw new OperationError({
      kind: 'changed-meanwhile',
      during: `${decision.action} ${key.id}`,
      message: `${decidedOn.id} changed while this run was deciding: ${difference}`,
      nextStep: 'Nothing to do: the next run decides anew.',
    });
  }
  return listed;
}

function differenceOf(key: AccessKey, now: ListedKey | undefined): string | undefined {
  if (now === undefined) return 'it is gone';
  if (now.status !== key.status) return `it is ${now.status} by now`;
  return now.createdAt === key.createdAt ? undefined : 'its creation date differs';
}
