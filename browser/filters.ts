import type { KeyState } from '../src/report/page/key-state.ts';
import type { PageKey } from '../src/report/page/page-data.ts';
import { dayOf } from './dom.ts';
import { STATES, type Row } from './rows.ts';

/* Which keys are shown. */

export interface Filter {
  readonly view: View;
  /** In lower case. */
  readonly search: string;
  readonly account?: string;
  readonly owner?: string;
  readonly unit?: string;
  /** A day of the calendar, and what happens on it. */
  readonly day?: {
    readonly on: string;
    readonly next: NonNullable<PageKey['next']>;
    readonly isFirst: boolean;
  };
}

export interface View {
  readonly name: string;
  readonly label: string;
  readonly matches: (row: Row) => boolean;
}

const ofState = (state: KeyState): View => ({
  name: state,
  label: STATES[state],
  matches: (row) => row.state === state,
});

/** The old key still works, and its owner has not moved to the new one. */
const waitsForOwner = ({ state, key }: Row): boolean =>
  key.replacedBy !== undefined && key.status === undefined && state !== 'moved';

/** Young keys of which nothing is asked are many, and a count of them is enough. */
export const [NOT_YOUNG, EVERY]: readonly [View, View] = [
  { name: 'open', label: 'All but young keys', matches: ({ state }) => state !== 'young' },
  { name: 'every', label: 'Every key', matches: () => true },
];

export const VIEWS: readonly View[] = [
  NOT_YOUNG,
  EVERY,
  { name: 'over', label: 'Over the limit', matches: ({ key }) => key.over !== undefined },
  ofState('person'),
  {
    name: 'waiting',
    label: 'Replaced, not moved to',
    matches: waitsForOwner,
  },
  {
    name: 'rotating',
    label: 'Two keys: rotation under way',
    matches: ({ key }) => key.pair === 'old' || key.pair === 'new',
  },
  { name: 'two', label: 'Two keys, neither replaces the other', matches: ({ key }) => key.pair === 'two' },
  ...(
    ['failed', 'held', 'due', 'moved', 'retiring', 'waiting', 'off', 'exempt', 'deleted', 'young'] as const
  ).map((state) => (state === 'waiting' ? { ...ofState(state), name: 'state-waiting' } : ofState(state))),
];

export function matches(row: Row, { view, search, account, owner, unit, day }: Filter): boolean {
  return (
    view.matches(row) &&
    (account === undefined || row.accountId === account) &&
    (owner === undefined || row.owner === owner) &&
    (unit === undefined || row.units.includes(unit)) &&
    (day === undefined || isOn(row.key, day)) &&
    row.text.includes(search)
  );
}

/** What should have come before counts for the first day of the calendar. */
function isOn(
  { next, at, status }: PageKey,
  { on, next: wanted, isFirst }: NonNullable<Filter['day']>,
): boolean {
  if (next !== wanted || at === undefined || status === 'deleted') return false;
  const day = dayOf(at);
  return isFirst ? day <= on : day === on;
}
