import type { Columns } from './columns.ts';
import type { KeyState, Pair } from './key-state.ts';

/*
 * What the page's own script reads: a row for each key, all of them as columns. What many rows share is said once in
 * `words`, and a moment is in seconds since 1970: 10,000 users have to fit in a mail.
 */

export type Seconds = number;
/** The place of a text in `words`; the one at 0 is empty. */
export type Word = number;

export interface PageData {
  readonly runId: string;
  readonly now: Seconds;
  readonly words: readonly string[];
  readonly accounts: readonly PageAccount[];
  readonly keys: Columns<PageKey>;
  /** What this run and earlier ones did, newest first. */
  readonly done: Columns<PageDeed>;
}

export interface PageAccount {
  readonly id: string;
  readonly name: string;
  /** The root and the units above it, outermost first. */
  readonly units: readonly string[];
  /** What these are called, in the same order, where that is known. */
  readonly unitNames?: readonly string[];
  /** Young keys that are not among `keys`: how many, and when the oldest was created. */
  readonly unlisted?: readonly [count: number, oldest: Seconds];
}

export interface PageKey {
  /** The place of its account in `accounts`. */
  readonly account: number;
  readonly user: string;
  /** Absent: the credential report tells of the key, and has no ids. */
  readonly id?: string;
  readonly owner?: Word;
  readonly created: Seconds;
  /** Absent: never. -1: nobody knows. */
  readonly used?: Seconds;
  readonly service?: Word;
  readonly region?: Word;
  /** Absent: active. */
  readonly status?: 'inactive' | 'deleted';
  /** Absent: young. */
  readonly state?: KeyState;
  /** Since when it is older than it should be. */
  readonly over?: Seconds;
  readonly pair?: Pair;
  readonly reason?: Word;
  /** One sentence: what was decided, and why. */
  readonly says?: string;
  /** Why it is held back, or what failed. */
  readonly cause?: Word;
  /** What a person can do. */
  readonly todo?: Word;
  readonly next?: 'replace' | 'deactivate' | 'delete' | 'person' | 'exemption-ends';
  /** Absent: as soon as something else has happened. */
  readonly at?: Seconds;
  readonly replacementOf?: string;
  readonly replacedBy?: string;
  readonly delivered?: Seconds;
  readonly off?: Seconds;
  readonly offAs?: Word;
  readonly on?: Seconds;
  /** When it was announced, what about (a word), and for which date. */
  readonly notices?: readonly (readonly [at: Seconds, about: Word, date: Seconds])[];
}

export interface PageDeed {
  readonly at: Seconds;
  readonly run: Word;
  readonly account: number;
  readonly user: string;
  readonly id: string;
  readonly what: 'replace' | 'deactivate' | 'delete' | 'restore';
  readonly why: string;
  readonly newId?: string;
}
