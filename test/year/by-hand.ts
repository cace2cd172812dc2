import { DAY, type Instant } from '../../src/domain/time.ts';
import type { ScriptedAction } from '../support/emulator/emulator.ts';
import { heldSince, living, named, tell, type KeyLife, type Person, type YearHabit } from './lives.ts';
import { keyMade } from './people.ts';

/* What people do with their keys by hand: as they remember it, and as actions for the world. */

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

/** What a person does by hand on a day. */
export function handle(person: Person, at: Instant, actions: ScriptedAction[]): void {
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

export function switchKey(
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

export function createKey(person: Person, at: Instant, actions: ScriptedAction[]): KeyLife {
  const key = keyMade(person, at);
  person.touchedAt = at;
  tell(person, at, `makes ${key.id}`);
  const { accountId, userName } = person;
  actions.push({ kind: 'create-key', accountId, userName, id: key.id, createdAt: at });
  return key;
}
