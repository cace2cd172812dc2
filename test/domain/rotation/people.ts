import { decide } from '../../../src/domain/rotation/decide.ts';
import type { Decision } from '../../../src/domain/rotation/decision.ts';
import type { AccessKey, KeyMemory, LastUse } from '../../../src/domain/rotation/key.ts';
import type { Policy } from '../../../src/domain/rotation/policy.ts';
import { DAY, HOUR, type Instant } from '../../../src/domain/time.ts';
import { dice, policy, T0, user, type PolicyFacts } from '../../support/builders.ts';
import { HABITS, type Habit, type HabitName } from '../../support/habits.ts';

/*
 * People with habits, and IAM, ledger and digests in memory: 800 days of weekly runs, some missed;
 * in rough times calls fail, digests get lost and last uses can't be read as well. What is promised
 * is checked against what really happened, not against what the ledger says.
 */

export type { HabitName };
export const NAMES = Object.keys(HABITS) as HabitName[];

interface Key {
  readonly id: string;
  readonly createdAt: Instant;
  active: boolean;
  usedAt?: Instant;
  /** When somebody last switched it on or off; at first: when it was created, or the first run. */
  switchedAt: Instant;
  switchedOffBy?: 'owner' | 'us';
  /** The first notice since it was switched on. */
  noticedAt?: Instant;
  /** What the ledger holds. */
  memory: KeyMemory;
}

interface Workload {
  key: Key;
  nextUse: Instant;
  move?: { readonly to: Key; readonly at: Instant };
}

export interface Life {
  readonly habit: HabitName;
  readonly done: Partial<Record<Decision['action'], number>>;
  /** Every promise that was broken; empty. */
  readonly broken: string[];
  cutOff: number;
  blocked: boolean;
}

interface Times {
  readonly random: ReturnType<typeof dice>;
  readonly runs: ReadonlySet<number>;
  readonly rules: Policy;
  readonly rough: boolean;
}

function live(name: HabitName, { random: { chance, between }, runs, rules, rough }: Times): Life {
  const habit: Habit = HABITS[name];
  const toggles = habit.also === 'toggles keys';
  const adopts = habit.adoptsWithin !== Infinity;
  const life: Life = { habit: name, done: {}, broken: [], cutOff: 0, blocked: false };
  let keys: Key[] = [];
  let created = 0;
  let switchOn: { readonly key: Key; readonly at: Instant } | undefined;
  let handAge = between(30, 75);

  const promise = (kept: boolean, broken: string, key: Key, at: Instant) => {
    if (!kept) life.broken.push(`${name}: ${broken}, key ${key.id}, day ${Math.floor((at - T0) / DAY)}`);
  };
  const create = (createdAt: Instant, memory: KeyMemory = {}): Key => {
    const key = { id: `${++created}`, createdAt, active: true, switchedAt: Math.max(T0, createdAt), memory };
    if (keys.push(key) > 2) throw new Error('IAM allows two keys a user');
    return key;
  };
  const createOld = () => create(T0 - between(0, chance(0.5) ? 60 : 400) * DAY);
  const switchOff = (key: Key, by: 'owner' | 'us', at: Instant) => {
    const back = by === 'owner' || (key.switchedOffBy !== 'us' && chance(0.2));
    if (toggles && back && switchOn === undefined) switchOn = { key, at: at + between(1, 5) * DAY };
    Object.assign(key, { active: false, switchedOffBy: by, switchedAt: at });
  };
  /** As far as the service answers for it: an old key is as good as due when it is first seen. */
  const headStart = toggles || habit.also === 'has a spare key' ? 0 : rules.rotateAfter;
  let touchedAt = T0;
  const ageOf = (key: Key, at: Instant) => at - Math.max(key.createdAt, touchedAt - headStart);

  const workloads = Array.from({ length: habit.workloads }, (): Workload => {
    const key = createOld();
    key.usedAt = Math.max(key.createdAt, T0 - between(1, habit.usedEvery) * DAY);
    return { key, nextUse: key.usedAt + habit.usedEvery * DAY };
  });
  if (habit.also === 'has a spare key') createOld();

  function ownerActs(at: Instant) {
    if (switchOn !== undefined && at >= switchOn.at) {
      const { key } = switchOn;
      const seen = key.memory.inactiveSince !== undefined;
      Object.assign(key, { active: true, switchedAt: seen ? at : Math.max(T0, key.createdAt) });
      if (seen) delete key.noticedAt;
      switchOn = undefined;
      touchedAt = at;
    }
    for (const workload of workloads) {
      if (workload.move !== undefined && at >= workload.move.at) workload.key = workload.move.to;
      if (workload.move?.to === workload.key) delete workload.move;
      const aged = at - workload.key.createdAt >= handAge * DAY;
      if (habit.also === 'rotates by hand' && keys.length === 1 && aged) {
        workload.key = create(at);
        handAge = between(30, 75);
      }
    }
    const toggled = toggles && switchOn === undefined ? keys[between(0, 1)] : undefined;
    const settled = toggled?.active === true && at - toggled.switchedAt > 14 * DAY;
    if (toggled !== undefined && settled && chance(0.01)) switchOff(toggled, 'owner', at);
  }

  function work(at: Instant) {
    for (const workload of workloads.filter(({ nextUse }) => at >= nextUse)) {
      if (!keys.includes(workload.key) || (!workload.key.active && workload.key.switchedOffBy === 'us')) {
        life.cutOff += 1;
        promise(!adopts, 'cut off', workload.key, at);
        workload.key = keys.find(({ active }) => active) ?? create(at);
      }
      if (!workload.key.active) continue;
      workload.key.usedAt = at;
      workload.nextUse = at + between(habit.usedEvery > 90 ? 89 : 1, habit.usedEvery) * DAY;
    }
  }

  function run(now: Instant) {
    const published = !rough || chance(0.95);
    const decisions = decide(user(keys.map((key) => factsOf(key, rough && chance(0.03)))), rules, now);
    life.blocked = decisions.some(({ action }) => action === 'blocked');
    const keyOf = ({ key: { id } }: Decision) => keys.find((key) => key.id === id)!;
    for (const decision of decisions) observe(decision, keyOf(decision), now, published);
    for (const decision of decisions) {
      if (rough && chance(0.03)) break; // AWS fails
      const key = keyOf(decision);
      life.done[decision.action] = (life.done[decision.action] ?? 0) + 1;
      if (decision.action === 'replace') replace(key, now, published);
      if (decision.action === 'deactivate') deactivate(key, decision.reason, now);
      if (decision.action === 'delete') {
        promise(now - key.switchedAt >= rules.recoveryGrace, 'deleted within its grace', key, now);
        keys = keys.filter((other) => other !== key);
      }
    }
  }

  function observe({ observation, givesNotice }: Decision, key: Key, now: Instant, published: boolean) {
    if (observation?.kind === 'seen-inactive') key.memory = { ...key.memory, inactiveSince: observation.at };
    if (observation?.kind === 'seen-reactivated') {
      const { inactiveSince: _inactive, noticedAt: _noticed, ...rest } = key.memory;
      key.memory = { ...rest, reactivatedAt: observation.at };
    }
    if (givesNotice === true && published) notice(key, now);
  }

  function notice(key: Key, now: Instant) {
    key.memory = { ...key.memory, noticedAt: now };
    key.noticedAt ??= now;
  }

  function replace(key: Key, now: Instant, published: boolean) {
    const to = create(now, { replacementOf: key.id, deliveredAt: now });
    to.usedAt = now; // by us, to see that it works
    if (published) notice(key, now);
    const at = now + between(0, adopts ? habit.adoptsWithin : 0) * DAY - HOUR;
    for (const workload of workloads) if (adopts && workload.key === key) workload.move = { to, at };
  }

  function deactivate(key: Key, reason: Decision['reason'], now: Instant) {
    const since = Math.max(key.switchedAt, key.noticedAt ?? now);
    const grace = rules.adoptionGrace * (reason === 'replaced-deadline' ? 2 : 1);
    promise(now - since >= grace, 'deactivated within its grace', key, now);
    const heir = keys.find((other) => other !== key && other.active);
    const hasReplacement = heir !== undefined && now - heir.createdAt >= rules.adoptionGrace;
    promise(reason === 'unused' || hasReplacement, 'deactivated without a replacement', key, now);
    switchOff(key, 'us', now);
    key.memory = { ...key.memory, inactiveSince: now };
  }

  function checkAges(at: Instant) {
    for (const key of keys.filter(({ active }) => active && adopts && habit.workloads === 1)) {
      const used = key.usedAt !== undefined && at - key.usedAt < 90 * DAY;
      const replaced = keys.some(({ active, memory }) => active && memory.replacementOf === key.id);
      promise(!used || replaced || ageOf(key, at) < 115 * DAY, 'not replaced by day 115', key, at);
    }
  }

  for (let at = T0; at < T0 + 800 * DAY; at += DAY) {
    ownerActs(at);
    work(at + HOUR);
    if (runs.has((at - T0) / DAY)) run(at + 2 * HOUR);
    if (!rough) checkAges(at + 3 * HOUR);
  }
  return life;
}

const factsOf = ({ id, active, createdAt, usedAt, memory }: Key, unreadable: boolean): AccessKey => {
  const lastUse: LastUse = usedAt === undefined ? { kind: 'never' } : { kind: 'used', at: usedAt };
  const status = active ? 'active' : 'inactive';
  return { id, status, createdAt, lastUse: unreadable ? { kind: 'unknown' } : lastUse, memory };
};

export function liveAll(seed: number, users: number, facts: PolicyFacts = {}, rough = false): Life[] {
  const random = dice(seed);
  const runs = new Set([0]);
  for (let day = 7; day < 800; day += 7) if (!runs.has(day - 7) || random.chance(0.85)) runs.add(day);
  const times: Times = { random, runs, rules: policy(facts), rough };
  return Array.from({ length: users }, (_, index) => live(NAMES[index % NAMES.length]!, times));
}
