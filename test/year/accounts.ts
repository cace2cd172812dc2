import type { Instant } from '../../src/domain/time.ts';
import type { ScriptedAction, SeedAccount } from '../support/emulator/emulator.ts';
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
  readonly kind: 'join' | 'leave' | 'suspend';
}

const FIRST = 111111111101;

/** One in five joins, one in ten leaves, one in ten is suspended for some weeks: at least one each. */
export function planOf(accounts: number, weeks: number, random: Dice): readonly Plan[] {
  const plans = (kind: Plan['kind'], every: number): readonly Plan[] =>
    Array.from({ length: Math.max(1, Math.round(accounts / every)) }, () => ({
      week: random.between(3, Math.max(4, weeks - 8)),
      kind,
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
): readonly ScriptedAction[] {
  const actions: ScriptedAction[] = [];
  for (const { kind } of plans.filter((plan) => plan.week === week)) {
    if (kind === 'join') {
      const account = come();
      accounts.push(account);
      actions.push({ kind: 'join', ...accountSeed(account) });
      continue;
    }
    const open = accounts.filter(({ state }) => state === 'open');
    const account = open[random.between(0, open.length - 1)];
    if (account === undefined || open.length < 2) continue;
    if (kind === 'leave') {
      account.state = 'left';
      actions.push({ kind: 'leave', accountId: account.id });
    } else {
      account.state = 'suspended';
      actions.push({ kind: 'change-state', accountId: account.id, state: 'SUSPENDED' });
    }
  }
  return actions;
}

/**
 * Suspended accounts are opened again, on average after four weeks. Nobody works in them until then,
 * and everybody at once when they are open: before a run can take the rest for a sign that keys are
 * no longer in use.
 */
export function openAgain(
  accounts: readonly YearAccount[],
  random: Dice,
  now: Instant,
): readonly ScriptedAction[] {
  return accounts
    .filter(({ state }) => state === 'suspended' && random.chance(0.25))
    .map((account): ScriptedAction => {
      account.state = 'open';
      for (const person of account.people) {
        // What fell due meanwhile begins to be looked at only now.
        person.touchedAt = now;
        for (const workload of person.workloads) workload.nextUse = now;
      }
      return { kind: 'change-state', accountId: account.id, state: 'ACTIVE' };
    });
}
