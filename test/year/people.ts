import { DAY, HOUR, MINUTE, type Instant } from '../../src/domain/time.ts';
import { dice } from '../support/builders.ts';
import type { ScriptedAction, SeedUser } from '../support/emulator/emulator.ts';
import { HABITS, isSafe, nextRunIn } from '../support/habits.ts';
import {
  heldSince,
  isAway,
  living,
  mixed,
  named,
  otherThan,
  tell,
  type KeyLife,
  type Person,
  type Workload,
  type YearHabit,
  type YearHabitName,
} from './lives.ts';

/* People and what they do with their keys by hand: as they remember it, and as actions for the world. */

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

/** One day of a user. @returns the scripted actions, in order */
export function liveADay(
  person: Person,
  at: Instant,
  broken: (what: string) => void,
): readonly ScriptedAction[] {
  const actions: ScriptedAction[] = [];
  if (isAway(person)) {
    if (at >= (person.awayUntil ?? at)) comeBack(person, at, actions);
    return actions;
  }
  handle(person, at, actions);
  if (!isAway(person)) work(person, at + HOUR, actions, broken);
  return actions;
}

/** Those who move by hand do so within the shortest grace: 10 days. */
const MOVES_WITHIN = 9;

/** The owner finds a key in the secret and plans to move to it what moves by hand. */
export function findNewKey(person: Person, current: KeyLife, at: Instant): void {
  person.delivered = current;
  if (!current.active) return;
  const byHand = person.workloads.filter(({ habit }) => habit.moves === 'by hand');
  // Whoever has two keys moves what is on the older one.
  const [oldest] = byHand.map(({ key }) => key).sort((one, two) => one.createdAt - two.createdAt);
  if (oldest === undefined || oldest.createdAt >= current.createdAt) return;
  const moving = byHand.filter(({ key, move }) => key === oldest && move?.to !== current);
  const within = person.random.between(0, MOVES_WITHIN) * DAY;
  for (const workload of moving) workload.move = { to: current, at: at + within };
}

function handle(person: Person, at: Instant, actions: ScriptedAction[]): void {
  const { accountId, habit, random } = person;
  if (person.switchOn !== undefined && at >= person.switchOn.at) {
    const { key } = person.switchOn;
    if (!key.gone && !key.active) switchKey(person, key, 'Active', at, actions);
    delete person.switchOn;
  }
  if (person.deleteLater !== undefined && at >= person.deleteLater.at) {
    const { key } = person.deleteLater;
    const needed = person.workloads.some((workload) => workload.key === key);
    if (!key.gone && !needed) {
      key.gone = true;
      person.touchedAt = at;
      tell(person, at, `deletes ${named(key, at)}`);
      actions.push({ kind: 'delete-key', accountId, keyId: key.id });
    }
    delete person.deleteLater;
  }
  for (const workload of person.workloads) {
    const { move } = workload;
    if (move === undefined || at < move.at) continue;
    if (!move.to.gone && move.to.active) {
      tell(person, at, `moves from ${workload.key.id} to ${move.to.id}`);
      if (habit.also === 'makes and deletes keys')
        person.deleteLater = { key: workload.key, at: at + random.between(2, 30) * DAY };
      workload.key = move.to;
    }
    delete workload.move;
  }
  if (habit.also !== undefined) HAND[habit.also](person, at, actions);
}

const HAND: Readonly<
  Record<NonNullable<YearHabit['also']>, (person: Person, at: Instant, actions: ScriptedAction[]) => void>
> = {
  'has a spare key': () => undefined,
  'toggles keys': (person, at, actions) => {
    const { random } = person;
    const key = living(person)[random.between(0, 1)];
    const settled = key !== undefined && at - Math.max(heldSince(key), person.touchedAt) > 14 * DAY;
    if (person.switchOn !== undefined || key?.active !== true || !settled || !random.chance(0.01)) return;
    switchKey(person, key, 'Inactive', at, actions);
    // Long enough to be seen by a run, or not; always switched on again.
    person.switchOn = { key, at: at + random.between(1, 12) * DAY };
  },
  'rotates by hand': (person, at, actions) => {
    const [workload] = person.workloads;
    if (workload === undefined || living(person).length !== 1) return;
    if (at - workload.key.createdAt < person.handAge * DAY) return;
    workload.key = createKey(person, at, actions);
    person.handAge = person.random.between(30, 75);
  },
  'a tool switches keys on': (person, at, actions) => {
    if (Math.floor(at / DAY) % 7 !== 0) return;
    for (const key of living(person).filter(({ active }) => !active))
      switchKey(person, key, 'Active', at, actions);
  },
  'makes and deletes keys': (person, at, actions) => {
    if (living(person).length !== 1 || !person.random.chance(0.01)) return;
    const key = createKey(person, at, actions);
    if (person.random.chance(0.5)) person.deleteLater = { key, at: at + person.random.between(1, 40) * DAY };
  },
  'leaves and comes back': (person, at, actions) => {
    if (!person.random.chance(0.006)) return;
    for (const key of living(person)) key.gone = true;
    for (const workload of person.workloads) delete workload.move;
    person.awayUntil = at + person.random.between(1, 30) * DAY;
    tell(person, at, 'is deleted');
    actions.push({ kind: 'delete-user', accountId: person.accountId, userName: person.userName });
  },
};

function comeBack(person: Person, at: Instant, actions: ScriptedAction[]): void {
  delete person.awayUntil;
  tell(person, at, 'is made anew under the same name');
  actions.push({ kind: 'create-user', accountId: person.accountId, userName: person.userName });
  const key = createKey(person, at, actions);
  delete person.delivered;
  person.workloads = person.habit.workloads.map((habit) => ({ habit, key, nextUse: at }));
}

function work(person: Person, at: Instant, actions: ScriptedAction[], broken: (what: string) => void): void {
  const { accountId, random } = person;
  for (const workload of person.workloads) {
    if (at < workload.nextUse) continue;
    const { key } = workload;
    if (key.gone || (!key.active && key.offBy === 'service')) {
      person.cutOff.push(key.offAs?.reason ?? 'unreported');
      tell(person, at, `is cut off: ${named(key, at)} doesn't work`);
      if (isSafe(workload.habit, person.habit) && key.offBy !== 'owner')
        broken(`${key.id} was taken from a workload that moves in time`);
      workload.key = wayOut(person, key, at, actions);
    }
    if (!workload.key.active) continue;
    const use = (used: KeyLife, when: Instant) => {
      used.usedAt = when;
      actions.push({ kind: 'use-key', accountId, keyId: used.id, at: when });
    };
    use(workload.key, at);
    const found = person.delivered;
    const reads = workload.habit.moves === 'reads' && found?.active === true && !found.gone;
    if (reads && found !== workload.key) {
      tell(person, at, `reads ${found.id} with ${workload.key.id}`);
      workload.key = found;
      use(found, at + MINUTE);
    }
    workload.nextUse = at + nextRunIn(workload.habit.every, random.between) * DAY;
  }
}

/** What the owner of a workload without a working key does. */
function wayOut(person: Person, key: KeyLife, at: Instant, actions: ScriptedAction[]): KeyLife {
  const other = otherThan(key, person);
  if (other?.active === true) return other;
  if (!key.gone) {
    switchKey(person, key, 'Active', at, actions);
    return key;
  }
  if (other === undefined) return createKey(person, at, actions);
  switchKey(person, other, 'Active', at, actions);
  return other;
}

function switchKey(
  person: Person,
  key: KeyLife,
  status: 'Active' | 'Inactive',
  at: Instant,
  actions: ScriptedAction[],
): void {
  key.active = status === 'Active';
  if (key.active) delete key.offBy;
  else key.offBy = 'owner';
  person.touchedAt = at;
  tell(person, at, `switches ${named(key, at)} ${key.active ? 'on' : 'off'}`);
  actions.push({ kind: 'set-key', accountId: person.accountId, keyId: key.id, status });
}

function createKey(person: Person, at: Instant, actions: ScriptedAction[]): KeyLife {
  const key = keyMade(person, at);
  person.touchedAt = at;
  tell(person, at, `makes ${key.id}`);
  const { accountId, userName } = person;
  actions.push({ kind: 'create-key', accountId, userName, id: key.id, createdAt: at });
  return key;
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function keyMade(person: Person, createdAt: Instant): KeyLife {
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
