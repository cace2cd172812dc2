import { whatBecameOf } from '../domain/begun-change.ts';
import type { KeyChange } from '../domain/history.ts';
import { isKind } from '../domain/refusal.ts';
import type { Finding } from '../domain/report.ts';
import { dateOf } from '../domain/time.ts';
import type { Workplace } from './workplace.ts';

/**
 * Finds out what became of a change that an earlier run began, before anything is decided for that
 * user, and writes it down.
 * @returns what a person should know, if nobody can tell what became of it
 * @throws Refusal when that can't be found out now; the change then stays begun
 */
export async function recoverChange(change: KeyChange, place: Workplace): Promise<Finding | undefined> {
  const { ledger, lease, accountId, clock, runId } = place;
  const { userName, accessKeyId } = change;
  const found = await statusOf(change, place);
  const now = clock.now();
  const became = whatBecameOf(change, found, now);
  await lease.hold();
  if (became === 'done') {
    const message = `${change.message} (Found done, and recorded, by run ${runId}.)`;
    await ledger.changed(accountId, { ...change, message }, now);
    return undefined;
  }
  if (became === 'unclear') {
    // Whoever made it so gets the whole grace.
    if (found === 'active') await ledger.reactivated(accountId, userName, accessKeyId, now);
    if (found === 'inactive') await ledger.inactive(accountId, userName, accessKeyId, now);
  }
  await ledger.dropChange(accountId, change);
  return became === 'unclear' ? nobodyKnows(change, found) : undefined;
}

async function statusOf({ userName, accessKeyId }: KeyChange, { session }: Workplace) {
  try {
    const listed = await session.inventory.keysOf(userName);
    return listed.find(({ id }) => id === accessKeyId)?.status ?? 'gone';
  } catch (error) {
    if (isKind(error, 'not-found')) return 'gone'; // the user is, and its keys with it
    throw error;
  }
}

const nobodyKnows = ({ userName, accessKeyId, what, runId, at }: KeyChange, found: string): Finding => ({
  severity: 'note',
  message:
    `${userName}: run ${runId} of ${dateOf(at)} ended while ${accessKeyId} was being ${what}; it is ${found} now, ` +
    (found === 'gone'
      ? 'so somebody deleted it since.'
      : 'either because that was never done, or because somebody undid it. Its graces start anew.'),
});
