import pLimit from 'p-limit';
import type { Exclusion, LeftOutUser } from '../../domain/report/exclusion.ts';
import type { AccountView } from '../context/account-context.ts';
import { timeForAnotherUser } from '../context/run-context.ts';

/**
 * How old the keys are of those whom the settings leave out. Nothing rests on it, so it is read last, and
 * what can't be read is `unknown`.
 */
export async function readExclusions(
  users: readonly LeftOutUser[],
  { run, session, lease }: AccountView,
): Promise<readonly Exclusion[]> {
  const limit = pLimit(run.userConcurrency);
  return limit.map(users, async (user): Promise<Exclusion> => {
    const { oldestKey } = user;
    if (oldestKey !== undefined) return { ...user, oldestKey };
    if (!timeForAnotherUser(run)) return { ...user, oldestKey: 'unknown' };
    try {
      await lease?.hold();
      const keys = await session.inventory.keysOf(user.userName);
      const oldest = Math.min(...keys.map(({ createdAt }) => createdAt));
      return { ...user, oldestKey: keys.length === 0 ? 'none' : oldest };
    } catch {
      return { ...user, oldestKey: 'unknown' };
    }
  });
}
