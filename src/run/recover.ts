import { SECOND, type Instant } from '../domain/time.ts';
import type { Finding } from '../domain/report.ts';
import type { Lease } from './lease.ts';
import type { AccountSession, Clock, Intent, Ledger, ListedKey } from './ports.ts';
import { isKind } from '../domain/refusal.ts';

interface Site {
  readonly accountId: string;
  readonly session: AccountSession;
  readonly ledger: Ledger;
  readonly lease: Lease;
  readonly clock: Clock;
}

/**
 * Repairs what an earlier run began and didn't finish, before anything is decided for that user.
 * @returns what a person should know about it, if anything
 * @throws Refusal when it can't be repaired now; the intent then stays open
 */
export async function recoverIntent(intent: Intent, site: Site): Promise<Finding | undefined> {
  const { session, ledger, clock, accountId } = site;
  const unknown = await keysThatAppeared(intent, site);

  for (const key of unknown) {
    if (await session.secrets.delivers(intent.userName, key.id)) {
      await site.lease.hold();
      await ledger.delivered(accountId, intent.userName, key.id, intent.replaces, clock.now());
      return {
        severity: 'note',
        message: `${intent.userName}: the delivery of ${key.id}, begun by run ${intent.runId}, was finished.`,
      };
    }
  }
  const verdict = await removeLostKey(intent, site);
  await site.lease.hold();
  await ledger.closeIntent(accountId, intent.userName);
  switch (verdict) {
    case 'none':
      return undefined;
    case 'removed':
      return {
        severity: 'note',
        message: `${intent.userName}: a key that run ${intent.runId} had created, and whose secret nobody has, was deleted.`,
      };
    case 'not-ours':
      return {
        severity: 'critical',
        message: `${intent.userName}: ${unknown.map(({ id }) => id).join(' and ')} appeared while run ${intent.runId} was replacing ${intent.replaces}, and may belong to a person.`,
        nextStep: 'Ask the owner of the user; delete the key if nobody knows it.',
      };
  }
}

/**
 * Deletes the key that a CreateAccessKey without a clear answer has left: not known to the intent,
 * created between its start and the end of its lease, active, never used, its secret not stored,
 * and the only such key. Anything else may be a person's and is left alone.
 */
export async function removeLostKey(
  intent: Intent,
  { session, lease }: Pick<Site, 'session' | 'lease'>,
): Promise<'none' | 'removed' | 'not-ours'> {
  const unknown = await keysThatAppeared(intent, { session });
  const [key, ...more] = unknown;
  if (key === undefined) return 'none';
  if (more.length > 0 || key.status !== 'active' || !createdWithin(intent, key.createdAt)) return 'not-ours';
  if ((await session.inventory.lastUse(key.id)).kind !== 'never') return 'not-ours';
  if (await session.secrets.delivers(intent.userName, key.id)) return 'not-ours';
  await lease.hold();
  await session.writer.delete(intent.userName, key.id);
  return 'removed';
}

async function keysThatAppeared(intent: Intent, { session }: Pick<Site, 'session'>): Promise<readonly ListedKey[]> {
  try {
    const listed = await session.inventory.keysOf(intent.userName);
    return listed.filter(({ id }) => !intent.knownKeyIds.includes(id));
  } catch (error) {
    if (isKind(error, 'not-found')) return []; // the user is gone, and its keys with it
    throw error;
  }
}

/** IAM gives creation dates in whole seconds, so the start counts from its second on. */
const createdWithin = (intent: Intent, createdAt: Instant): boolean =>
  createdAt >= Math.floor(intent.startedAt / SECOND) * SECOND && createdAt <= intent.leaseEndsAt;
