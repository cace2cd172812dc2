import type { Call } from '../support/emulator/emulator.ts';
import type { World } from '../support/world.ts';
import { NEEDS_NO_PERMISSION } from './deployed.ts';

export type Role = 'member' | 'service' | 'organizations';

/** Every action that was sent, by the role it was sent with. */
export class Sent {
  readonly #actions: Record<Role, Set<string>> = {
    member: new Set(),
    service: new Set(),
    organizations: new Set(),
  };

  add(calls: readonly Call[], { credentials }: World['organization']): void {
    for (const { action, accessKeyId } of calls) {
      const other = action.startsWith('organizations:') ? 'organizations' : 'member';
      this.#actions[accessKeyId === credentials.accessKeyId ? 'service' : other].add(action);
    }
  }

  /** By the names that policies have for them. */
  needing(role: Role): readonly string[] {
    return [...this.#actions[role]].filter((action) => !(action in NEEDS_NO_PERMISSION)).sort();
  }

  all(): readonly string[] {
    return Object.values(this.#actions).flatMap((actions) => [...actions]);
  }
}
