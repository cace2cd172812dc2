import type { KeyChange } from './history.ts';
import { HOUR, type Instant } from './time.ts';

/** How a key is found that an earlier run was about to change. */
export type KeyFound = 'active' | 'inactive' | 'gone';

/**
 * What became of a change that was begun, and whose end nobody wrote down:
 * - `done`: the key is as the change leaves it.
 * - `not-done`: it is as it was before.
 * - `unclear`: it was never done, or was done and undone by a person since.
 */
export type Became = 'done' | 'not-done' | 'unclear';

/** A key found as it was so soon after is one that the interrupted run didn't come to. */
const SOON = HOUR;

export function whatBecameOf({ what, at }: KeyChange, found: KeyFound, now: Instant): Became {
  const asItWas = now - at < SOON ? 'not-done' : 'unclear';
  switch (what) {
    case 'deactivated':
      if (found === 'gone') return 'unclear';
      return found === 'inactive' ? 'done' : asItWas;
    case 'restored':
      if (found === 'gone') return 'unclear';
      return found === 'active' ? 'done' : asItWas;
    case 'deleted':
    case 'lost-key-deleted':
      // Nobody can undo a deletion.
      return found === 'gone' ? 'done' : 'not-done';
  }
}
