import type { Decision } from '../domain/decision.ts';
import { Refusal } from '../domain/refusal.ts';
import type { KeyInventory, ListedKey } from './ports.ts';

/**
 * Lists the user's keys again before something is done about one of them.
 * @returns the keys as they are now
 * @throws Refusal `changed-meanwhile` when the key isn't as it was when this was decided
 */
export async function refuseIfChanged(
  decision: Decision,
  inventory: KeyInventory,
): Promise<readonly ListedKey[]> {
  const { key, userName } = decision;
  const listed = await inventory.keysOf(userName);
  const now = listed.find(({ id }) => id === key.id);
  const difference =
    now === undefined
      ? 'it is gone'
      : now.status !== key.status
        ? `it is ${now.status} by now`
        : now.createdAt !== key.createdAt
          ? 'its creation date differs'
          : undefined;
  if (difference === undefined) return listed;
  throw new Refusal({
    kind: 'changed-meanwhile',
    during: `${decision.action} ${key.id}`,
    message: `the key changed while this run was deciding: ${difference}`,
    nextStep: 'Nothing to do: the next run decides anew.',
  });
}
