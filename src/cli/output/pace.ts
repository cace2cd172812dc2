import { HOUR, MINUTE, SECOND, type Duration, type Instant } from '../../domain/time.ts';
import { counted, number } from '../../report/common/wording.ts';

/* How far a run is, how fast it goes, and what that means for the rest. */

export interface Pace {
  readonly accounts: number;
  readonly accountsDone: number;
  readonly users: number;
  readonly usersDone: number;
  /** From 0 to 1: accounts that are done, and of the others the users that are. */
  readonly share: number;
  /** Since the accounts are known. */
  readonly elapsed: Duration;
}

/** @param now tells the time */
export function paceMeter(now: () => Instant) {
  const open = new Map<string, { users: number; done: number }>();
  let startedAt = now();
  let [accounts, accountsDone, users, usersDone] = [0, 0, 0, 0];
  return {
    accountsFound: (count: number) => {
      accounts = count;
      startedAt = now();
    },
    accountDone: (accountId: string) => {
      accountsDone += 1;
      open.delete(accountId);
    },
    usersFound: (accountId: string, count: number) => {
      users += count;
      open.set(accountId, { users: count, done: 0 });
    },
    userDone: (accountId: string) => {
      usersDone += 1;
      const account = open.get(accountId);
      if (account !== undefined) account.done += 1;
    },
    read: (): Pace => {
      const parts = [...open.values()].reduce((sum, one) => sum + one.done / Math.max(1, one.users), 0);
      const share = accounts === 0 ? 0 : (accountsDone + parts) / accounts;
      return { accounts, accountsDone, users, usersDone, share, elapsed: now() - startedAt };
    },
  };
}

/** Before that, a rate is chance. */
const LEAST_ELAPSED = 10 * SECOND;

/** `412 of 1,000 accounts done, 5,310 of 5,402 users, 21 users a second, about 3 minutes left`. */
export function describePace({ accounts, accountsDone, users, usersDone, share, elapsed }: Pace): string {
  if (accountsDone === 0 && usersDone === 0) return counted(accounts, 'account');
  const parts = [
    `${number(accountsDone)} of ${counted(accounts, 'account')} done`,
    ...(users === 0 ? [] : [`${number(usersDone)} of ${counted(users, 'user')}`]),
  ];
  if (elapsed < LEAST_ELAPSED || share === 0) return parts.join(', ');
  const rate =
    usersDone > 0
      ? `${perSecond(usersDone, elapsed)} users a second`
      : `${number(Math.round((accountsDone * MINUTE) / elapsed))} accounts a minute`;
  const left = (elapsed / share) * (1 - share);
  return [...parts, rate, ...(share >= 1 ? [] : [`about ${roughly(left)} left`])].join(', ');
}

function perSecond(count: number, elapsed: Duration): string {
  const rate = (count * SECOND) / elapsed;
  return rate < 10 ? rate.toFixed(1) : number(Math.round(rate));
}

/** Nobody plans by the second. */
function roughly(left: Duration): string {
  if (left < MINUTE) return counted(Math.max(1, Math.ceil(left / (10 * SECOND))) * 10, 'second');
  if (left < 2 * HOUR) return counted(Math.round(left / MINUTE), 'minute');
  return counted(Math.round(left / HOUR), 'hour');
}
