import { nameOr } from '../common/sanitize.ts';
import { number } from '../common/wording.ts';
import { isPlan, type Counts, type HeldChanges } from './counts.ts';
import { givesNotices, type Mode } from '../../domain/rotation/limits.ts';

/** What SNS takes. */
const LONGEST_SUBJECT = 100;

const TAG = '[access-key-rotation]';

/** A shorter name is cut only after the least important parts are gone. */
const SHORTEST_NAME = 20;

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

/** The parts of a digest's subject, the most important first. */
export function partsOf(counts: Counts, held: HeldChanges, mode: Mode): readonly string[] {
  const some = (count: number, one: string, many = one) =>
    count === 0 ? [] : [`${number(count)} ${count === 1 ? one : many}`];
  const plan = isPlan(counts, mode);
  const parts = [
    ...some(counts.needPerson, 'needs a person', 'need a person'),
    ...some(counts.failed, 'failed'),
    ...some(plan ? held.replace : counts.replaced, plan ? 'to replace' : 'replaced'),
    ...some(counts.restored, 'restored'),
    ...some(plan ? held.deactivate : counts.deactivated, plan ? 'to deactivate' : 'deactivated'),
    ...some(plan ? held.delete : counts.deleted, plan ? 'to delete' : 'deleted'),
    ...some(counts.announced + counts.deletionsAnnounced, givesNotices(mode) ? 'announced' : 'to announce'),
    ...(plan ? [] : some(counts.held, 'held back')),
    ...some(counts.upcoming, 'due soon'),
    ...some(counts.notes, 'note', 'notes'),
  ];
  const [first, ...rest] = parts;
  if (!plan) return parts;
  return first === undefined ? ['plan only'] : [`plan only, ${first}`, ...rest];
}
