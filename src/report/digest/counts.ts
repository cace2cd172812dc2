import { givesNotices, type Mode } from '../../domain/rotation/limits.ts';
import type { Block, Entry } from '../message/block.ts';
import { done, counted, listed, number, type Change } from '../common/wording.ts';

/** How many things of each kind a digest reports, before anything is left out for its size. */
export interface Counts {
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

/** What a digest says first, in whole sentences. */
export function headline(counts: Counts, held: HeldChanges, mode: Mode): string {
  const plan = isPlan(counts, mode);
  const applied = appliedChanges(counts);
  return [
    plan ? 'Plan only: nothing was changed.' : '',
    troubles(counts),
    plan ? changes(held, 'would be') : changes(applied, 'were') || 'No key was changed.',
    announced(counts, mode),
    plan || counts.held === 0 ? '' : `${counted(counts.held, 'step was', 'steps were')} held back.`,
    counts.unchanged === 0 ? '' : `${counted(counts.unchanged, 'thing is', 'things are')} as before.`,
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function troubles({ needPerson, failed }: Counts): string {
  const parts = [
    ...(needPerson === 0 ? [] : [`${counted(needPerson, 'thing needs', 'things need')} a person`]),
    ...(failed === 0 ? [] : [`${number(failed)} failed`]),
  ];
  return parts.length === 0 ? '' : `${listed(parts)}.`;
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

function announced({ announced: deactivations, deletionsAnnounced: deletions }: Counts, mode: Mode): string {
  const parts = [
    ...(deactivations === 0 ? [] : [counted(deactivations, 'deactivation')]),
    ...(deletions === 0 ? [] : [counted(deletions, 'deletion')]),
  ];
  if (parts.length === 0) return '';
  const verb = !givesNotices(mode) ? 'would be' : deactivations + deletions === 1 ? 'is' : 'are';
  return `${listed(parts)} ${verb} announced.`;
}
