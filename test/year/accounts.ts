import type { Instant } from '../../src/domain/time.ts';
import type { Deed, SeedAccount } from '../support/emulator/emulator.ts';
import type { Dice, Person } from './lives.ts';
import { peopleOf, seedOf } from './people.ts';

/* Accounts that join, leave, are suspended and come back. */

export interface YearAccount {
  readonly id: string;
  readonly name: string;
  readonly people: readonly Person[];
  state: 'open' | 'suspended' | 'left';
}

export interface Plan {
  readonly week: number;
  readonly does: 'join' | 'leave' | 'suspend';
}

const FIRST = 111111111101;

/** One in five joins, one in ten leaves, one in ten is suspended for some weeks: at least one each. */
export function planOf(accounts: number, weeks: number, random: Dice): readonly Plan[] {
  const plans = (does: Plan['does'], every: number): readonly Plan[] =>
    Array.from({ length: Math.max(1, Math.round(accounts / every)) }, () => ({
      week: random.between(3, Math.max(4, weeks - 8)),
      does,
    }));
  return [...plans('join', 5), ...plans('leave', 10), ...plans('suspend', 10)];
}

export function newAccount(nth: number, users: number, seed: number, now: Instant): YearAccount {
  const id = String(FIRST + nth);
  return { id, name: `account-${nth + 1}`, people: peopleOf(id, users, seed, now), state: 'open' };
}

export const accountSeed = ({ id, name, people }: YearAccount): SeedAccount & { readonly id: string } => ({
  id,
  name,
  users: people.map(seedOf),
});

/** What happens to accounts in a week, among those there are. */
export function changeAccounts(
  week: number,
  plans: readonly Plan[],
  accounts: YearAccount[],
  come: () => YearAccount,
  random: Dice,
): readonly Deed[] {
  const deeds: Deed[] = [];
  for (const { does } of plans.filter((plan) => plan.week === week)) {
    if (does === 'join') {
      const account = come();
      accounts.push(account);
      deeds.push({ does: 'join', ...accountSeed(account) });
      continue;
    }
    const open = accounts.filter(({ state }) => state === 'open');
    const account = open[random.between(0, open.length - 1)];
    if (account === undefined || open.length < 2) continue;
    if (does === 'leave') {
      account.state = 'left';
      deeds.push({ does: 'leave', accountId: account.id });
    } else {
      account.state = 'suspended';
      deeds.push({ does: 'change-state', accountId: account.id, state: 'SUSPENDED' });
    }
  }
  return deeds;
}

/**
 * Suspended accounts are opened again, on average after four weeks. Nobody works in them until then,
 * and everybody at once when they are open: before a run can take the rest for a sign that keys are
 * no longer in use.
 */
export function openAgain(accounts: readonly YearAccount[], random: Dice, now: Instant): readonly Deed[] {
  return accounts
    .filter(({ state }) => state === 'suspended' && random.chance(0.25))
    .map((account): Deed => {
      account.state = 'open';
      for (const person of account.people) {
        // What fell due meanwhile begins to be looked at only now.
        person.touchedAt = now;
        for (const workload of person.workloads) workload.nextUse = now;
      }
      return { does: 'change-state', accountId: account.id, state: 'ACTIVE' };
    });
}
