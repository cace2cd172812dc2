import { nameOr } from '../common/sanitize.ts';
import { dayOf, number } from '../common/wording.ts';
import type { Asked } from './asked.ts';
import { isPlan, type Asking, type Counts, type HeldChanges, type Quiet } from './counts.ts';
import { givesNotices, type Mode } from '../../domain/rotation/limits.ts';
import type { Instant } from '../../domain/time.ts';

/** What SNS takes. */
const LONGEST_SUBJECT = 100;

const TAG = '[access-key-rotation]';

/** A shorter name is cut only after the least important parts are gone. */
const SHORTEST_NAME = 20;

/** How many things of each kind are asked. */
export type TaskCounts = Readonly<Record<Asked, number>>;

/** Letters that Unicode doesn't decompose into a base letter and an accent. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: 'ss',
  Æ: 'AE',
  æ: 'ae',
  Ø: 'O',
  ø: 'o',
  Œ: 'OE',
  œ: 'oe',
  Ł: 'L',
  ł: 'l',
  Đ: 'D',
  đ: 'd',
  '–': '-',
  '—': '-',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
};

/** Text in ASCII: accents go, and what has no ASCII letter becomes `?`. */
export const ascii = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]/gu, (character) => LETTERS[character] ?? '?');

const shortened = (text: string, longest: number): string =>
  text.length <= longest ? text : `${text.slice(0, Math.max(0, longest - 3)).trimEnd()}...`;

/**
 * A subject of at most 100 ASCII characters. The account id is always whole; the name is shortened
 * first, then parts are left out from the end.
 * @param parts the most important one first
 */
export function subjectOf(
  account: { readonly name: string; readonly id?: string },
  parts: readonly string[],
): string {
  const name = ascii(nameOr(account.name, 'unnamed account'));
  const id = account.id === undefined ? '' : ` (${shortened(ascii(nameOr(account.id, 'unknown')), 20)})`;
  for (let count = parts.length; count > 0; count--) {
    const news = `: ${ascii(parts.slice(0, count).join(', '))}`;
    const room = LONGEST_SUBJECT - TAG.length - 1 - id.length - news.length;
    if (name.length <= room || room >= SHORTEST_NAME) return `${TAG} ${shortened(name, room)}${id}${news}`;
  }
  return `${TAG} ${shortened(name, SHORTEST_NAME)}${id}`;
}

/** What the subject of a digest begins with, since mailboxes sort by it and phones show no more. */
export function leadOf({ tasks, first }: Asking, isPlanOnly: boolean, now: Instant): string {
  if (isPlanOnly) return 'Plan only';
  if (tasks === 0) return 'Nothing asked of you';
  if (first === undefined) return 'Asked of you';
  return first <= now ? 'Act NOW' : `Act by ${dayOf(first)}`;
}

/**
 * The subject of a digest: `Act by 2026-03-11: use 2 new keys in Payments (111122223333)`. At most 100 ASCII
 * characters, the account id always whole; parts are left out from the end before the name is shortened much.
 * @param parts the most important one first; may be empty
 */
export function digestSubject(
  lead: string,
  parts: readonly string[],
  account: { readonly name: string; readonly id: string },
): string {
  const name = ascii(nameOr(account.name, 'unnamed account'));
  const id = ` (${shortened(ascii(nameOr(account.id, 'unknown')), 20)})`;
  for (let count = parts.length; count > 0; count--) {
    const news = `${ascii(parts.slice(0, count).join(', '))} in `;
    const room = LONGEST_SUBJECT - `${TAG} ${lead}: ${news}${id}`.length;
    if (name.length <= room || room >= (count === 1 ? SHORTEST_NAME / 2 : SHORTEST_NAME)) {
      return `${TAG} ${lead}: ${news}${shortened(name, room)}${id}`;
    }
  }
  return `${TAG} ${lead}: ${shortened(name, SHORTEST_NAME)}${id}`;
}

interface SubjectFacts {
  readonly mode: Mode;
  readonly tasks: TaskCounts;
  readonly toLookAt: number;
  /** What asks nobody for anything. */
  readonly quiet: Quiet;
}

/** What a digest's subject says that is asked, and then what else, the most important first. */
export function partsOf(
  counts: Counts,
  held: HeldChanges,
  { mode, tasks, toLookAt, quiet }: SubjectFacts,
): readonly string[] {
  const some = (count: number, one: string, many = one) =>
    count === 0 ? [] : [`${number(count)} ${count === 1 ? one : many}`];
  const plan = isPlan(counts, mode);
  return [
    ...(plan
      ? []
      : [
          ...(tasks.move === 0
            ? []
            : [`use ${tasks.move === 1 ? '1 new key' : `${number(tasks.move)} new keys`}`]),
          ...some(tasks.use, 'unused key', 'unused keys'),
          ...some(tasks.choose, 'to decide'),
          ...some(tasks['switch-on'], 'to be deleted'),
        ]),
    ...some(toLookAt, 'to look at'),
    ...some(counts.failed, 'failed'),
    ...(plan ? some(held.replace, 'to replace') : []),
    ...some(counts.restored, 'restored'),
    ...some(plan ? held.deactivate : quiet.deactivated, plan ? 'to deactivate' : 'deactivated'),
    ...some(plan ? held.delete : counts.deleted, plan ? 'to delete' : 'deleted'),
    ...some(quiet.announced, givesNotices(mode) ? 'announced' : 'to announce'),
    ...(plan ? [] : some(counts.held, 'held back')),
    ...some(counts.upcoming, 'due soon'),
    ...some(counts.notes, 'note', 'notes'),
  ];
}
