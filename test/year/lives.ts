import type { dice } from '../support/builders.ts';
import type { NoticeAbout } from '../../src/domain/rotation/notice.ts';
import type { Habit, HabitName, WorkloadHabit } from '../support/habits.ts';
import type { Reason } from '../../src/domain/rotation/decision.ts';
import { dateOf, DAY, type Instant } from '../../src/domain/time.ts';

/* What really happens to keys and their owners in the simulated year. */

export type Dice = ReturnType<typeof dice>;

/** Different for each name, the same for the same seed (FNV-1a). */
export function mixed(seed: number, name: string): number {
  let mix = seed ^ 0x811c9dc5;
  for (const letter of name) mix = Math.imul(mix ^ letter.charCodeAt(0), 0x01000193);
  return mix;
}

/** A published digest that announced what becomes of a key. */
export interface Notice {
  readonly at: Instant;
  readonly about: NoticeAbout;
  readonly date: Instant;
  /** Whether it certainly counts: it was received, and that was written down. */
  readonly isSure: boolean;
}

export interface KeyLife {
  readonly id: string;
  readonly madeBy: 'person' | 'service';
  readonly createdAt: Instant;
  active: boolean;
  gone: boolean;
  offBy?: 'owner' | 'service';
  /** Why, as the report has it, and when the service switched it off last. */
  offAs?: { readonly reason: Reason; readonly at: Instant; readonly isWritten: boolean };
  /** By its owner; that the service tests a key is no use. */
  usedAt?: Instant;
  /** When a run first reported it inactive, since one last reported it active. */
  seenOff?: Instant;
  /** The same of runs that have certainly written it down. */
  surelySeenOff?: Instant;
  /** When a run reported it active again that may not have written it down, and none has since. */
  maybeBackOn?: Instant;
  /** When a run first reported it active again after one had written down that it was inactive. */
  seenBackOn?: Instant;
  /** Those since it was last seen back on. */
  notices: Notice[];
  /** When it may have been counted that somebody switched it on again. */
  readonly backOn: Instant[];
  /** When the service last tried in vain to switch it off: its graces may start anew by that. */
  triedAt?: Instant;
  /** When the test call of a key that was to replace it was denied last. */
  testDeniedAt?: Instant;
  /** When its secret was first where its owner reads it. */
  deliveredAt?: Instant;
  /** When that was certainly written down, which may have taken another run. */
  surelyDeliveredAt?: Instant;
}

export interface Workload {
  readonly habit: WorkloadHabit;
  key: KeyLife;
  nextUse: Instant;
  move?: { readonly to: KeyLife; readonly at: Instant };
}

/** An IAM user and the person who answers for it. */
export interface Person {
  readonly accountId: string;
  readonly userName: string;
  readonly habitName: YearHabitName;
  readonly habit: YearHabit;
  readonly random: Dice;
  /** Also those that are gone. */
  keys: KeyLife[];
  workloads: Workload[];
  /** What its owner finds in its secret. */
  delivered?: KeyLife;
  /** When somebody last did something to its keys by hand. */
  touchedAt: Instant;
  /** Deleted; a user of the same name is made then. */
  awayUntil?: Instant;
  switchOn?: { readonly key: KeyLife; readonly at: Instant };
  deleteLater?: { readonly key: KeyLife; readonly at: Instant };
  /** At this age of its key the person makes another one. */
  handAge: number;
  /** Weeks in which no run did its work for this user without any trouble. */
  readonly lostWeeks: Instant[];
  /** Why the service had taken each key that then didn't work. */
  readonly cutOff: (Reason | 'unreported')[];
  /** What happened, in order, for debugging. */
  readonly story: string[];
}

export type YearHabit = Omit<Habit, 'also'> & {
  readonly also?: Habit['also'] | 'makes and deletes keys' | 'leaves and comes back';
};
export type YearHabitName = HabitName | 'makes and deletes keys' | 'leaves and comes back';

export const living = ({ keys }: Person): readonly KeyLife[] => keys.filter(({ gone }) => !gone);
export const otherThan = (key: KeyLife, person: Person): KeyLife | undefined =>
  living(person).find((other) => other !== key);
export const isAway = ({ awayUntil }: Person): boolean => awayUntil !== undefined;

/** Nobody does anything to a key that wasn't delivered yet. */
export const heldSince = ({ madeBy, createdAt, deliveredAt = Infinity }: KeyLife): Instant =>
  madeBy === 'person' ? createdAt : deliveredAt;

export function tell(person: Person, at: Instant, what: string): void {
  person.story.push(`${dateOf(at)} ${what}`);
}

/** "AKIA…1234, 61 days old" */
export const named = ({ id, createdAt, madeBy }: KeyLife, at: Instant): string =>
  `${id} (${madeBy === 'service' ? 'ours' : 'theirs'}, ${Math.floor((at - createdAt) / DAY)} days old)`;
