import type { Action, Reason } from '../../../../src/domain/rotation/decision.ts';
import type { KeyMemory } from '../../../../src/domain/rotation/key.ts';
import type { Readers } from '../../../../src/domain/rotation/limits.ts';
import type { NoticeAbout } from '../../../../src/domain/rotation/notice.ts';
import type { Policy } from '../../../../src/domain/rotation/policy.ts';
import { DAY, type Duration, type Instant } from '../../../../src/domain/time.ts';
import { T0, type dice } from '../../../support/builders.ts';
import type { Habit, HabitName, WorkloadHabit } from '../../../support/habits.ts';

/* What there is in a life of the model: one IAM user, its keys, its secret, and what uses the keys. */

export type Dice = ReturnType<typeof dice>;

/** What was announced about a key and reached somebody, as a reader would remember it. */
export interface Announcement {
  readonly firstAt: Instant;
  /** What it said then was at least so far ahead. */
  readonly grace: Duration;
  readonly lastAt: Instant;
  readonly date: Instant;
  readonly inAnyCase?: Instant;
}

export interface Key {
  readonly id: string;
  readonly createdAt: Instant;
  /** The key that we made it for, if we did. */
  readonly replaces?: Key;
  readonly deliveredAt?: Instant;
  active: boolean;
  /** Who has switched it off: its owner, or we, by which rule. */
  offBy?: 'owner' | Reason;
  /** Every use by a workload counts here at once; IAM tells it later. */
  usedAt?: Instant;
  /** Since when it has been used at least every three months. */
  inUseSince?: Instant;
  untold: readonly { readonly at: Instant; readonly from: Instant }[];
  toldUse?: Instant;
  /** Its first use since its replacement was there. */
  touchedAt?: Instant;
  /** Since when every run that could look has found it off. */
  seenOff?: Instant;
  /** When a run found it on again. */
  seenOn?: Instant;
  readonly deactivations: Instant[];
  readonly announced: Map<NoticeAbout, Announcement>;
  /** What the ledger holds. */
  memory: KeyMemory;
}

export interface Workload {
  readonly habit: WorkloadHabit;
  /** The hour of the day. */
  readonly hour: number;
  key: Key;
  nextRun: Instant;
  move?: { readonly to: Key; readonly at: Instant };
}

/** What somebody did to the user's secret. */
type SecretState = 'kept' | 'superseded' | 'deleting' | 'gone';

/** What comes over a life for a while. */
export interface Trouble {
  readonly what: 'no-readers' | 'readers-unknown' | 'audit' | Exclude<SecretState, 'kept'>;
  readonly from: Instant;
  readonly until: Instant;
}

/** A workload that found its key switched off or deleted. */
export interface CutOff {
  readonly habit: HabitName;
  readonly workload: string;
  /** The rule that switched the key off; `owner`: its owner did, by hand. */
  readonly by: 'owner' | Reason;
}

/** How runs go, and by which settings. */
export interface Times {
  readonly runs: ReadonlySet<number>;
  /** Days between two runs, at most. */
  readonly longestGap: number;
  readonly policyAt: (at: Instant) => Policy;
  readonly rough: boolean;
  /** What has to be done in time is asked for where nothing delays it, by the settings as they are delivered. */
  readonly onTime: boolean;
  readonly troubles: readonly Trouble[];
}

export interface Life {
  readonly habitName: HabitName;
  readonly habit: Habit;
  readonly times: Times;
  readonly random: Dice;
  keys: Key[];
  workloads: Workload[];
  readonly secret: {
    holds?: Key;
    state: SecretState;
    /** A run has looked at it since it is in this state. */
    isSeen: boolean;
  };
  /** Since when keys are off, by their ids: of the ledger, which remembers those that are deleted. */
  readonly offSince: Map<string, Instant>;
  made: number;
  switchOn?: { readonly key: Key; readonly at: Instant };
  /** At which age of its key the owner makes another one. */
  handAge: number;
  /** Every promise that was broken; empty. */
  readonly broken: string[];
  readonly cutOffs: CutOff[];
  readonly done: Partial<Record<Action, number>>;
  /** How many keys were switched off, by rule. */
  readonly grounds: Partial<Record<Reason, number>>;
  blocked: boolean;
}

export const DAYS = 900;

export const hasTrouble = ({ times }: Life, what: Trouble['what'], at: Instant): boolean =>
  times.troubles.some((one) => one.what === what && at >= one.from && at < one.until);

export const readersAt = (life: Life, at: Instant): Readers =>
  hasTrouble(life, 'no-readers', at)
    ? 'nobody'
    : hasTrouble(life, 'readers-unknown', at)
      ? 'unknown'
      : 'somebody';

export const otherThan = (key: Key, { keys }: Life): Key | undefined => keys.find((other) => other !== key);

/** The replacement of a key that is on, as it really is. */
export const replacementOf = (key: Key, { keys }: Life): Key | undefined =>
  keys.find((other) => other.replaces === key && other.active);

export function makeKey(
  life: Life,
  createdAt: Instant,
  facts: Pick<Key, 'memory'> & Partial<Pick<Key, 'replaces' | 'deliveredAt'>> = { memory: {} },
): Key {
  const id = `${++life.made}`;
  const key: Key = {
    id,
    createdAt,
    active: true,
    untold: [],
    deactivations: [],
    announced: new Map(),
    ...facts,
  };
  if (life.keys.push(key) > 2) throw new Error('IAM allows two keys a user');
  return key;
}

/** @param late how long it takes until IAM tells this use */
export function use(key: Key, at: Instant, late: Duration): void {
  if (at - (key.usedAt ?? -Infinity) > 93 * DAY) key.inUseSince = at;
  key.usedAt = at;
  key.untold = [...key.untold, { at, from: at + late }];
}

/** When the key was used last, as IAM tells. */
export function usedAsTold(key: Key, now: Instant): Instant | undefined {
  if (key.untold.length === 0) return key.toldUse;
  for (const { at } of key.untold.filter(({ from }) => from <= now)) {
    key.toldUse = Math.max(at, key.toldUse ?? at);
  }
  key.untold = key.untold.filter(({ from }) => from > now);
  return key.toldUse;
}

/** By hand, or by a tool. */
export function switchKey(key: Key, active: boolean): void {
  key.active = active;
  if (active) delete key.offBy;
  else key.offBy = 'owner';
}

/** What consumers find in the secret, if it is a key that works. */
export const readSecret = ({ secret, keys }: Life): Key | undefined =>
  secret.state === 'kept' && secret.holds?.active === true && keys.includes(secret.holds)
    ? secret.holds
    : undefined;

const dayOf = (at: Instant): number => Math.floor((at - T0) / DAY);

export function breaks(life: Life, key: Key, at: Instant, what: string): void {
  life.broken.push(`${life.habitName}: key ${key.id}, day ${dayOf(at)}: ${what}`);
}
