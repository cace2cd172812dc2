import type { KeyChange } from './history.ts';
import { MINUTE, type Instant } from '../time.ts';

/** How a key is found that an earlier run was about to change. */
export type KeyFound = 'active' | 'inactive' | 'gone';

/**
 * What became of a change that was started, and whose result was not recorded:
 * - `done`: the key is as the change leaves it.
 * - `not-done`: it is as it was before.
 * - `unclear`: it was never done, or was done and undone by a person since.
 * - `too-soon`: it is as it was, but IAM may not show yet what was done a moment ago.
 */
export type ChangeOutcome = 'done' | 'not-done' | 'unclear' | 'too-soon';

/** Nothing that IAM lists takes longer to be true everywhere. */
const CONSISTENT_AFTER = 2 * MINUTE;

/**
 * A key found as it was within two leases is one that the run which died didn't come to: this is the run
 * that comes after it. Later on a person may have come first.
 */
const RUN_AGAIN_WITHIN = 20 * MINUTE;

export function resolvePending({ what, at }: KeyChange, found: KeyFound, now: Instant): ChangeOutcome {
  const elapsed = now - at;
  switch (what) {
    case 'deactivated':
      if (found !== 'active') return found === 'inactive' ? 'done' : 'unclear';
      if (elapsed < CONSISTENT_AFTER) return 'too-soon';
      return elapsed < RUN_AGAIN_WITHIN ? 'not-done' : 'unclear';
    case 'restored':
      if (found !== 'inactive') return found === 'active' ? 'done' : 'unclear';
      // Somebody wants this key: whatever became of that, it gets its whole grace again.
      return elapsed < CONSISTENT_AFTER ? 'too-soon' : 'unclear';
    case 'deleted':
    case 'lost-key-deleted':
      // Nobody can undo a deletion.
      if (found === 'gone') return 'done';
      return elapsed < CONSISTENT_AFTER ? 'too-soon' : 'not-done';
  }
}
