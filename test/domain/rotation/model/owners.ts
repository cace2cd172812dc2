import { DAY, type Instant } from '../../../../src/domain/time.ts';
import type { Habit } from '../../../support/habits.ts';
import { makeKey, readSecret, switchKey, type Key, type Life } from './world.ts';

/* What owners do by hand, once a day. */

export function ownerActs(life: Life, at: Instant): void {
  if (life.switchOn !== undefined && at >= life.switchOn.at) {
    switchKey(life.switchOn.key, true);
    delete life.switchOn;
  }
  for (const workload of life.workloads) {
    const { move } = workload;
    // Whoever can't read the secret today tries again tomorrow.
    if (move === undefined || at < move.at) continue;
    if (!life.keys.includes(move.to)) delete workload.move;
    else if (readSecret(life) === move.to) {
      workload.key = move.to;
      delete workload.move;
    }
  }
  const { also } = life.habit;
  if (also !== undefined) HAND[also](life, at);
}

const HAND: Readonly<Record<NonNullable<Habit['also']>, (life: Life, at: Instant) => void>> = {
  'has a spare key': () => undefined,
  'toggles keys': (life, at) => {
    const key = life.keys[life.random.between(0, 1)];
    if (life.switchOn !== undefined || key?.active !== true || !life.random.chance(0.01)) return;
    switchKey(key, false);
    // Long enough to be seen by a run, or not.
    life.switchOn = { key, at: at + life.random.between(1, 12) * DAY };
  },
  'rotates by hand': (life, at) => {
    const [workload] = life.workloads;
    if (workload === undefined || life.keys.length !== 1) return;
    if (at - workload.key.createdAt < life.handAge * DAY) return;
    workload.key = makeKey(life, at);
    life.handAge = life.random.between(30, 75);
  },
  'a tool switches keys on': (life, at) => {
    if (Math.round(at / DAY) % 7 === 0) for (const key of life.keys) if (!key.active) switchKey(key, true);
  },
};

/** An owner reads of a replacement and plans to move to it. */
export function toldOfReplacement(life: Life, key: Key, replacement: Key, at: Instant): void {
  const moving = life.workloads.filter((one) => one.habit.moves === 'by hand' && one.key === key);
  // Less than the grace: a day may pass before it is told.
  const most = Math.floor(life.times.policyAt(at).adoptionGrace / DAY) - 1;
  const within = life.random.between(0, Math.min(9, most)) * DAY;
  for (const workload of moving) {
    if (workload.move?.to !== replacement) workload.move = { to: replacement, at: at + within };
  }
}

/** Some want back at once what was taken from them. */
export function seesKeyOff(life: Life, key: Key, at: Instant): void {
  if (life.habit.also !== 'toggles keys' || life.switchOn !== undefined || !life.random.chance(0.2)) return;
  life.switchOn = { key, at: at + life.random.between(1, 5) * DAY };
}
