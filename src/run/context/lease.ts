import { definedOnly } from '../../domain/defined-only.ts';
import { OperationError } from '../../domain/errors.ts';
import { MINUTE, type Instant } from '../../domain/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { LeaseAnswer, Ledger } from '../ports/ledger.ts';

/** A run that is killed blocks its account for at most this long. */
export const LEASE_DURATION = 10 * MINUTE;

/** Longer than any one call with all its retries takes: a call that is started ends under the lease. */
const MARGIN = 2 * MINUTE;

export interface Lease {
  /** Whose lease it took over that can't be true. */
  readonly notBelieved?: string;
  /**
   * Called before every change: prolongs the lease in time.
   * @returns when the lease ends as it stands
   * @throws OperationError `lease-lost` when another run has taken the account over
   */
  hold(): Promise<Instant>;
  release(): Promise<void>;
}

/** Takes an account for a run, so that two overlapping runs don't work on it at once. */
export async function takeLease(
  ledger: Ledger,
  clock: Clock,
  accountId: string,
  runId: string,
): Promise<{ readonly lease: Lease } | Extract<LeaseAnswer, { kind: 'held' }>> {
  let until = clock.now() + LEASE_DURATION;
  const answer = await ledger.acquireLease(accountId, runId, until, clock.now());
  if (answer.kind === 'held') return answer;
  let renewal: Promise<void> = Promise.resolve();

  const renew = async () => {
    const now = clock.now();
    if (until - now >= LEASE_DURATION / 2) return;
    const wanted = now + LEASE_DURATION;
    // Another run may have held the account in between.
    if (now >= until) throw lost('nobody: it ran out');
    const renewed = await ledger.acquireLease(accountId, runId, wanted, now);
    if (renewed.kind === 'held') throw lost(renewed.holder);
    until = wanted;
  };

  return {
    lease: {
      ...definedOnly({ notBelieved: answer.notBelieved }),
      hold: async () => {
        // Users are worked on side by side; one renewal serves them all.
        renewal = renewal.catch(() => undefined).then(renew);
        await renewal;
        if (until - clock.now() < MARGIN) throw lost('nobody: it could not be renewed in time');
        return until;
      },
      release: () => ledger.releaseLease(accountId, runId),
    },
  };
}

const lost = (holder: string) =>
  new OperationError({
    kind: 'lease-lost',
    during: 'hold the lease of the account',
    message: `the account is held by ${holder}`,
    nextStep: 'Nothing to do: the run that holds the account goes on with it.',
  });
