import type { FailureKind } from '../../../src/domain/errors.ts';
import type { dice } from '../builders.ts';
import { NEVER_THROWS, refusal, type Around } from './intercept.ts';

/** Random faults, and how often they came. */
export interface ChanceFaults {
  readonly around: Around;
  calls(): number;
  faults(): number;
}

/** What AWS answers with when it has certainly done nothing, or may have. */
const REFUSED: readonly FailureKind[] = ['transient', 'throttled', 'denied'];

/**
 * This share of the calls fails: half of them are refused, of the others only the answer is
 * lost, which nobody can tell from a call that never arrived.
 */
export function faultsByChance(random: ReturnType<typeof dice>, share: number): ChanceFaults {
  let calls = 0;
  let faults = 0;
  return {
    calls: () => calls,
    faults: () => faults,
    around: async ({ name }, proceed) => {
      calls++;
      if (!random.chance(share)) return await proceed();
      faults++;
      if (NEVER_THROWS.has(name)) return 'unknown';
      if (random.chance(0.5)) throw refusal(REFUSED[random.between(0, 2)] ?? 'transient', name);
      await proceed();
      throw refusal('transient', name);
    },
  };
}
