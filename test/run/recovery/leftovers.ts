import type { Finding } from '../../../src/domain/report/run-report.ts';
import { HOUR, type Instant } from '../../../src/domain/time.ts';
import { LEASE_DURATION } from '../../../src/run/context/lease.ts';
import type { Intent } from '../../../src/run/ports/ledger.ts';
import { recoverReplacement } from '../../../src/run/recovery/recover-replacement.ts';
import { T0 } from '../../support/builders.ts';
import { memoryAccountContext } from '../../support/memory/account-context.ts';
import { arnOf } from '../../support/memory/iam.ts';
import { giveAnnADueKey, OLD } from '../rotation/ann.ts';
import { prepared } from '../../support/prepared.ts';

export const STARTED: Instant = T0 - HOUR + 400;
export const ENDED: Instant = T0 - HOUR + LEASE_DURATION;
export const INTENT: Intent = {
  userName: 'ann',
  userArn: 'arn:aws:iam::111111111111:user/ann',
  replaces: OLD,
  knownKeyIds: [OLD],
  startedAt: STARTED,
  leaseEndsAt: ENDED,
  runId: 'run-0',
};
export const LOST = 'AKIALOST';

/** What an earlier run has left, half way through Ann's replacement. */
export async function leftovers() {
  const work = await memoryAccountContext();
  giveAnnADueKey(work);
  work.ledger.begin(work.id, INTENT);
  const { context, iam, secrets } = work;
  const user = () => ({ userName: 'ann', arn: arnOf(work.id, 'ann'), userId: iam.userIdOf('ann') });
  // The place before the key: the run had made it ready.
  await prepared(secrets.store, user(), INTENT.runId);
  const stored = async () => {
    const { secret, createdAt } = iam.key(LOST);
    const state = await prepared(secrets.store, user(), INTENT.runId);
    const key = { id: LOST, status: 'active', createdAt, secret } as const;
    await secrets.store.store(user(), key, state);
  };
  return {
    ...work,
    user,
    /** A key created at that moment. */
    appeared: (at: Instant, key: string = LOST) => iam.addKey('ann', { id: key, age: T0 - at }),
    stored,
    promoted: async () => {
      await stored();
      await secrets.store.promote({ id: LOST }, await secrets.store.look(user()));
    },
    recover: async (): Promise<Finding | undefined> => (await recoverReplacement(INTENT, context)).finding,
  };
}
export type Leftovers = Awaited<ReturnType<typeof leftovers>>;
