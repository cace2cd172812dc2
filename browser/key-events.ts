import type { PageDeed } from '../src/report/page/page-data.ts';
import { dayOf } from './dom.ts';
import { NEXT, type Book, type Row } from './rows.ts';

/** Something that happened to a key, or is to come. */
export interface Event {
  /** Absent: once something else has happened. */
  readonly at?: number;
  /** Of what has the same moment the lower one came first. */
  readonly order: number;
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

export const DONE: Readonly<Record<PageDeed['what'], string>> = {
  replace: 'replaced',
  deactivate: 'switched off',
  delete: 'deleted',
  restore: 'switched on again',
};

export const deedEvent = ({ at, what, id, why, newId }: PageDeed): Event => ({
  at,
  order: 2,
  id,
  what: newId === undefined ? DONE[what] : `${DONE[what]} by ${newId}`,
  why,
});

/** @param deeds what runs are known to have done: what a key itself tells of the same is left out */
export function eventsOf(
  { key, id: known }: Row,
  deeds: readonly PageDeed[],
  { word, data }: Book,
): readonly Event[] {
  const id = known === '' ? 'key' : known;
  const isKnown = (what: PageDeed['what']) => deeds.some((one) => one.id === id && one.what === what);
  const event = (at: number | undefined, order: number, what: string): readonly Event[] =>
    at === undefined ? [] : [{ at, order, what, id }];
  const service = word(key.service);
  const as = word(key.offAs);
  return [
    ...event(
      key.created,
      0,
      key.replacementOf === undefined ? 'created' : `created to replace ${key.replacementOf}`,
    ),
    ...event(key.delivered, 1, "put into the owner's secret, and tested"),
    ...(key.notices ?? []).flatMap(([at, about, date]) =>
      event(at, 3, `${ANNOUNCED[word(about)] ?? 'announced for'} ${dayOf(date)}`),
    ),
    ...event(
      key.used === -1 ? undefined : key.used,
      4,
      service === '' ? 'last used' : `last used by ${service}`,
    ),
    ...event(
      isKnown('deactivate') ? undefined : key.off,
      5,
      as === '' ? 'switched off by somebody' : `switched off: ${as.replaceAll('-', ' ')}`,
    ),
    ...event(isKnown('restore') ? undefined : key.on, 6, 'switched on again'),
    ...(key.next === undefined || key.status === 'deleted'
      ? []
      : [{ ...comes(key.at, data.now), order: 7, id, what: NEXT[key.next] }]),
  ];
}

/** What should have come by now comes with the next run. */
const comes = (at: number | undefined, now: number): Pick<Event, 'at'> =>
  at === undefined ? {} : { at: Math.max(at, now + 1) };
