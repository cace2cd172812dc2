import { DAY, HOUR, MINUTE, type Instant } from '../../src/domain/time.ts';
import type { ScriptedAction } from '../support/emulator/emulator.ts';
import { isSafe, nextRunIn } from '../support/habits.ts';
import { createKey, handle, switchKey } from './by-hand.ts';
import { isAway, named, otherThan, tell, type KeyLife, type Person } from './lives.ts';

/* A day of a user: what its owner does by hand, then what its workloads do. */

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
