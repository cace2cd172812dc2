import { dayOf, el } from './dom.ts';
import { deedEvent, eventsOf, type Event } from './key-events.ts';
import { pairText, type Book, type Row } from './rows.ts';

/* What happened to a user's keys and what is to come, each with its date and why. */

export function timeline(row: Row, book: Book): HTMLElement {
  const own = book.keysOf(row);
  const deeds = book.deedsOf(row);
  const events = [...own.flatMap((one) => eventsOf(one, deeds, book)), ...deeds.map(deedEvent)];
  const { now } = book.data;
  events.sort((one, other) => when(one) - when(other) || one.order - other.order);
  const past = events.filter(({ at }) => at !== undefined && at <= now);
  const coming = events.filter(({ at }) => at === undefined || at > now);
  return el(
    'div',
    { class: 'story' },
    el(
      'p',
      { class: 'says' },
      el('b', {}, row.user),
      ` ${row.key.says ?? 'Nothing is due, and nothing is asked.'}`,
    ),
    ...remarks(row).map((text) => el('p', {}, text)),
    el(
      'ol',
      { class: 'timeline' },
      ...past.map((event) => line(event, 'past')),
      line({ at: now, order: 0, what: 'this report', id: '' }, 'now'),
      ...coming.map((event) => line(event, 'coming')),
    ),
  );
}

/** A number that can be subtracted: what has no date comes last. */
const when = ({ at = Number.MAX_SAFE_INTEGER }: Event): number => at;

const remarks = (row: Row): readonly string[] =>
  [
    row.cause === '' ? '' : `Why not: ${row.cause}`,
    row.todo === '' ? '' : `What to do: ${row.todo}`,
    pairText(row) === ''
      ? ''
      : row.key.pair === 'two'
        ? 'It has two active keys, and neither was made to replace the other.'
        : `Of its two active keys: ${pairText(row)}.`,
  ].filter((text) => text !== '');

const line = ({ at, what, id, why }: Event, kind: string): HTMLElement =>
  el(
    'li',
    { class: kind },
    at === undefined ? el('span', { class: 'when' }, 'not yet') : el('time', { class: 'when' }, dayOf(at)),
    el(
      'span',
      {},
      id === '' ? undefined : el('code', {}, id),
      ` ${what}`,
      why === undefined ? undefined : el('span', { class: 'why' }, ` ${why}`),
    ),
  );
