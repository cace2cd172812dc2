import type { PageDeed } from '../src/report/page/page-data.ts';
import { dayOf, el } from './dom.ts';
import { NEXT, pairText, type Book, type Row } from './rows.ts';

/* What happened to a user's keys and what is to come, each with its date and why. */

interface Event {
  /** Absent: once something else has happened. */
  readonly at?: number;
  readonly what: string;
  readonly id: string;
  readonly why?: string;
}

const ANNOUNCED: Readonly<Record<string, string>> = {
  unused: 'announced: unused, off from',
  replaced: 'announced: replaced, off from',
  deadline: 'announced: off in any case on',
  'least-recently-used': 'announced: least used of two, off on',
  delete: 'announced: deleted from',
};

const DONE: Readonly<Record<PageDeed['what'], string>> = {
  replace: 'replaced',
  deactivate: 'switched off',
  delete: 'deleted',
  restore: 'switched on again',
};

export function timeline(row: Row, book: Book): HTMLElement {
  const own = book.keysOf(row);
  const deeds = book.deedsOf(row);
  const events = [...own.flatMap((one) => eventsOf(one, deeds, book)), ...deeds.map(deed)];
  const { now } = book.data;
  events.sort((one, other) => (one.at ?? Infinity) - (other.at ?? Infinity));
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
      line({ at: now, what: 'this report', id: '' }, 'now'),
      ...coming.map((event) => line(event, 'coming')),
    ),
  );
}

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

const deed = ({ at, what, id, why, newId }: PageDeed): Event => ({
  at,
  id,
  what: newId === undefined ? DONE[what] : `${DONE[what]} by ${newId}`,
  why,
});

/** @param deeds what runs are known to have done: what a key itself tells of the same is left out */
function eventsOf({ key, id }: Row, deeds: readonly PageDeed[], { word, data }: Book): readonly Event[] {
  const called = id === '' ? 'key' : id;
  const isKnown = (what: PageDeed['what']) => deeds.some((one) => one.id === id && one.what === what);
  const events: Event[] = [
    {
      at: key.created,
      id: called,
      what: key.replacementOf === undefined ? 'created' : `created to replace ${key.replacementOf}`,
    },
  ];
  if (key.delivered !== undefined)
    events.push({ at: key.delivered, id: called, what: "put into the owner's secret, and tested" });
  for (const [at, about, date] of key.notices ?? []) {
    events.push({ at, id: called, what: `${ANNOUNCED[word(about)] ?? 'announced for'} ${dayOf(date)}` });
  }
  if (key.used !== undefined && key.used > 0) {
    events.push({
      at: key.used,
      id: called,
      what: `last used${word(key.service) === '' ? '' : ` by ${word(key.service)}`}`,
    });
  }
  if (key.off !== undefined && !isKnown('deactivate')) {
    const as = word(key.offAs);
    events.push({
      at: key.off,
      id: called,
      what: as === '' ? 'switched off by somebody' : `switched off: ${as.replaceAll('-', ' ')}`,
    });
  }
  if (key.on !== undefined && !isKnown('restore'))
    events.push({ at: key.on, id: called, what: 'switched on again' });
  if (key.next !== undefined && key.status !== 'deleted') {
    // What should have come by now comes with the next run.
    const at = key.at === undefined ? undefined : Math.max(key.at, data.now + 1);
    events.push({ id: called, what: NEXT[key.next], ...(at === undefined ? {} : { at }) });
  }
  return events;
}
