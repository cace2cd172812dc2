import { DAY, type Instant } from '../../src/domain/time.ts';
import { dice } from '../support/builders.ts';
import type { SeedUser } from '../support/emulator/emulator.ts';
import { HABITS, nextRunIn } from '../support/habits.ts';
import {
  living,
  mixed,
  named,
  tell,
  type KeyLife,
  type Person,
  type Workload,
  type YearHabit,
  type YearHabitName,
} from './lives.ts';

/* The people of an account, and the keys they have at first. */

const YEAR_HABITS: Readonly<Record<YearHabitName, YearHabit>> = {
  ...HABITS,
  'makes and deletes keys': {
    workloads: [{ every: 1, key: 1, moves: 'by hand' }],
    also: 'makes and deletes keys',
  },
  'leaves and comes back': {
    workloads: [{ every: 1, key: 1, moves: 'reads' }],
    also: 'leaves and comes back',
  },
};
const NAMES = Object.keys(YEAR_HABITS) as readonly YearHabitName[];

/** Of one account; their keys are up to 400 days old. */
export function peopleOf(accountId: string, count: number, seed: number, now: Instant): readonly Person[] {
  return Array.from({ length: count }, (_, index) => {
    const habitName = NAMES[(index + Number(accountId)) % NAMES.length] ?? 'reads every day';
    const userName = `user-${index + 1}`;
    return personOf(accountId, userName, habitName, dice(mixed(seed, `${accountId}/${userName}`)), now);
  });
}

function personOf(
  accountId: string,
  userName: string,
  habitName: YearHabitName,
  random: Person['random'],
  now: Instant,
): Person {
  const habit = YEAR_HABITS[habitName];
  const person: Person = {
    accountId,
    userName,
    habitName,
    habit,
    random,
    keys: [],
    workloads: [],
    touchedAt: now,
    handAge: random.between(30, 75),
    lostWeeks: [],
    cutOff: [],
    story: [],
  };
  const old = () => keyMade(person, now - random.between(0, random.chance(0.5) ? 60 : 400) * DAY);
  const first = new Map([...new Set(habit.workloads.map(({ key }) => key))].map((key) => [key, old()]));
  person.workloads = habit.workloads.flatMap((workload): readonly Workload[] => {
    const key = first.get(workload.key);
    if (key === undefined) return [];
    const at = Math.max(key.createdAt, now - random.between(1, workload.every) * DAY);
    key.usedAt = Math.max(at, key.usedAt ?? at);
    return [{ habit: workload, key, nextUse: at + nextRunIn(workload.every, random.between) * DAY }];
  });
  if (habit.also === 'has a spare key') old();
  tell(
    person,
    now,
    `${habitName}; has ${living(person)
      .map((key) => named(key, now))
      .join(' and ')}`,
  );
  return person;
}

export const seedOf = (person: Person): SeedUser => ({
  userName: person.userName,
  keys: living(person).map(({ id, createdAt, usedAt }) => ({
    id,
    createdAt,
    ...(usedAt === undefined ? {} : { lastUsedAt: usedAt }),
  })),
});

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** A key that a person made. */
export function keyMade(person: Person, createdAt: Instant): KeyLife {
  const { random } = person;
  const id = 'AKIA' + Array.from({ length: 16 }, () => LETTERS[random.between(0, 31)]).join('');
  const key: KeyLife = {
    id,
    madeBy: 'person',
    createdAt,
    active: true,
    gone: false,
    notices: [],
    backOn: [],
  };
  person.keys.push(key);
  return key;
}
