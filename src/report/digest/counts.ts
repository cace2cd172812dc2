import type { Mode } from '../../domain/rotation/limits.ts';
import type { Instant } from '../../domain/time.ts';
import type { Block, Entry } from '../message/block.ts';
import { dayOf, done, counted, listed, number, type Change } from '../common/wording.ts';

/** How many things of each kind a digest reports, before anything is left out for its size. */
export interface Counts {
  /** Things that owners are asked to do; they are among the others, too. */
  readonly asked: number;
  readonly needPerson: number;
  readonly failed: number;
  readonly replaced: number;
  readonly restored: number;
  readonly deactivated: number;
  readonly deleted: number;
  /** Deactivations announced under what will happen; those of done things and of things for a person aren't among them. */
  readonly announced: number;
  /** The same of deletions. */
  readonly deletionsAnnounced: number;
  /** What falls due soon without being announced here. */
  readonly upcoming: number;
  readonly held: number;
  readonly exempt: number;
  readonly notes: number;
  /** How many of all these the last digest has told in full. */
  readonly unchanged: number;
}

export function countsOf(blocks: readonly Block[]): Counts {
  const count = (matches: (entry: Entry) => boolean) =>
    blocks.flatMap(({ entries }) => entries.filter(matches)).length;
  const coming = (matches: (entry: Entry) => boolean) =>
    count((entry) => entry.section === 'will-happen' && matches(entry));
  const applied = (action: Change) => count((entry) => entry.section === 'done' && entry.action === action);
  return {
    asked: count(({ asked }) => asked === true),
    needPerson: count(({ section }) => section === 'needs-a-person'),
    failed: count(({ section }) => section === 'failed'),
    replaced: applied('replace'),
    restored: applied('restore'),
    deactivated: applied('deactivate'),
    deleted: applied('delete'),
    announced: coming(({ notice }) => notice !== undefined && notice.about !== 'delete'),
    deletionsAnnounced: coming(({ notice }) => notice?.about === 'delete'),
    upcoming: coming(({ notice }) => notice === undefined),
    held: count(({ section }) => section === 'held-back'),
    exempt: count(({ section }) => section === 'exempt'),
    notes: count(({ section }) => section === 'notes'),
    unchanged: count(({ unchanged }) => unchanged === true),
  };
}

/** What was done, or is announced, without asking anybody for anything. */
export interface Quiet {
  readonly deactivated: number;
  readonly announced: number;
}

export function quietOf(blocks: readonly Block[]): Quiet {
  // An emergency is one thing, told with its replacement.
  const entries = blocks
    .filter((block) => block.entries.every(({ asked }) => asked !== true))
    .flatMap((block) => block.entries);
  return {
    deactivated: entries.filter(({ section, action }) => section === 'done' && action === 'deactivate')
      .length,
    announced: entries.filter(({ section, notice }) => section === 'will-happen' && notice !== undefined)
      .length,
  };
}

/** How many keys would have been changed in each way. */
export type HeldChanges = Readonly<Record<Change, number>>;

export function heldChanges(blocks: readonly Block[]): HeldChanges {
  const held = blocks.flatMap(({ entries }) => entries).filter(({ section }) => section === 'held-back');
  const count = (change: Change) => held.filter(({ action }) => action === change).length;
  return {
    replace: count('replace'),
    restore: count('restore'),
    deactivate: count('deactivate'),
    delete: count('delete'),
  };
}

const CHANGES: readonly Change[] = ['replace', 'restore', 'deactivate', 'delete'];

/** What a digest says of the steps that were taken. */
const appliedChanges = ({ replaced, restored, deactivated, deleted }: Counts): HeldChanges => ({
  replace: replaced,
  restore: restored,
  deactivate: deactivated,
  delete: deleted,
});

/** Nothing was changed, and nothing should be. A person may do something by hand in any mode. */
export const isPlan = (counts: Counts, mode: Mode): boolean =>
  mode === 'audit' && Object.values(appliedChanges(counts)).every((count) => count === 0);

/** What owners are asked to do, before anything is left out. */
export interface Asking {
  readonly tasks: number;
  /** The earliest last date of all; undefined where no task has one. */
  readonly first?: Instant;
}

export function askingOf(blocks: readonly Block[]): Asking {
  const asking = blocks.filter(({ entries }) => entries.some(({ asked }) => asked === true));
  const dates = asking.flatMap(({ entries }) => entries.flatMap(({ lastDate }) => lastDate ?? []));
  return dates.length === 0
    ? { tasks: asking.length }
    : { tasks: asking.length, first: Math.min(...dates.map((date) => Date.parse(date))) };
}

/** What a digest says first, in whole sentences. */
export function headline(
  counts: Counts,
  held: HeldChanges,
  { asking, wouldAsk, toLookAt, mode, now }: HeadlineFacts,
): string {
  const plan = isPlan(counts, mode);
  const applied = appliedChanges(counts);
  return [
    plan ? 'Plan only: nothing was changed.' : asked(asking, now),
    plan ? changes(held, 'would be') : changes(applied, 'were') || 'No key was changed.',
    plan && wouldAsk > 0 ? `${counted(wouldAsk, 'thing')} would be asked of you.` : '',
    forAdministrators(counts, toLookAt, plan),
    counts.unchanged === 0 ? '' : `${counted(counts.unchanged, 'thing is', 'things are')} as before.`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

interface HeadlineFacts {
  readonly asking: Asking;
  /** How many things would be asked, where a plan asks for nothing. */
  readonly wouldAsk: number;
  /** What waits for an administrator. */
  readonly toLookAt: number;
  readonly mode: Mode;
  readonly now: Instant;
}

function asked({ tasks, first }: Asking, now: Instant): string {
  if (tasks === 0) return 'Nothing is asked of you.';
  const date = first === undefined ? '' : first <= now ? ' NOW' : ` by ${dayOf(first)}`;
  const what = tasks === 1 ? 'One thing is' : `${number(tasks)} things are`;
  return `${what} asked of you${date === '' ? '' : tasks === 1 ? date : `, the first${date}`}.`;
}

/** In one sentence, since it is for others than those who are asked. */
function forAdministrators({ failed, held }: Counts, toLookAt: number, plan: boolean): string {
  const parts = [
    ...(toLookAt === 0 ? [] : [`${counted(toLookAt, 'thing')} to look at`]),
    ...(failed === 0 ? [] : [`${number(failed)} failed`]),
    ...(held === 0 || plan ? [] : [`${counted(held, 'step')} held back`]),
  ];
  return parts.length === 0 ? '' : `For administrators: ${listed(parts)}.`;
}

/** `3 keys were replaced, 1 deactivated and 1 deleted.`; empty where nothing was. */
export function changes(count: HeldChanges, were: 'were' | 'would be'): string {
  const some = CHANGES.filter((change) => count[change] > 0);
  const parts = some.map((change, index) => {
    const verb = were === 'were' && count[change] === 1 ? 'was' : were;
    return index === 0
      ? `${counted(count[change], 'key')} ${verb} ${done(change)}`
      : `${number(count[change])} ${done(change)}`;
  });
  return parts.length === 0 ? '' : `${listed(parts)}${were === 'were' ? '' : ' now'}.`;
}
