import type { PageKey } from '../src/report/page/page-data.ts';
import { button, choice, counted, dayOf, el, number } from './dom.ts';
import { dataTable, type Column } from './data-table.ts';
import { download, toCsv, toJson } from './export.ts';
import { EVERY, matches, NOT_YOUNG, VIEWS, type Filter } from './filters.ts';
import { pairText, STATES, type Book, type Row } from './rows.ts';
import { timeline } from './timeline.ts';

export interface KeysTable {
  readonly element: HTMLElement;
  /** Shows other keys, and goes there. */
  readonly go: (filter: Partial<Filter>) => void;
  readonly goToView: (name: string) => void;
  readonly goToDay: (day: string, next: string) => void;
}

const COLUMNS: readonly Column<Row>[] = [
  {
    label: 'User and key',
    cell: (row) =>
      el('span', {}, el('bdi', {}, row.user), ' ', el('code', {}, row.id === '' ? 'id not read' : row.id)),
    by: (row) => row.user.toLowerCase(),
  },
  { label: 'Age', cell: (row) => age(row), by: (row) => row.ageDays, isNumber: true },
  {
    label: 'Last use',
    cell: (row) => el('span', {}, row.usedText, ' ', el('span', { class: 'faint' }, row.usedBy)),
    by: (row) => row.used,
  },
  {
    label: 'Owner',
    cell: (row) => (row.owner === '' ? '' : el('bdi', {}, row.owner)),
    by: (row) => row.owner.toLowerCase(),
  },
  {
    label: 'Account',
    cell: (row) =>
      el('span', {}, el('bdi', {}, row.account), ' ', el('span', { class: 'id' }, row.accountId)),
    by: (row) => row.account.toLowerCase(),
  },
  { label: 'State', cell: state, by: (row) => Object.keys(STATES).indexOf(row.state) },
  {
    label: 'Next',
    cell: (row) => (row.next === '' ? '' : el('span', {}, row.next, ' ', ...nextOn(row))),
    by: (row) => row.key.at ?? Infinity,
  },
  {
    label: 'Why',
    cell: (row) =>
      el('span', { class: 'why' }, row.key.says ?? '', row.cause === '' ? '' : ` Held back: ${row.cause}`),
  },
];

const nextOn = ({ nextOn: on, key }: Row): readonly (Node | string)[] =>
  on === '' ? [] : [key.next === 'person' ? 'from\u00a0' : 'on\u00a0', el('time', {}, on)];

const age = (row: Row): HTMLElement =>
  el(
    'span',
    {},
    number(row.ageDays),
    row.key.over === undefined
      ? undefined
      : el('span', { class: 'over', title: `over the limit since ${dayOf(row.key.over)}` }, ' over'),
  );

function state(row: Row): HTMLElement {
  const pair = pairText(row);
  return el(
    'span',
    {},
    el('span', { class: `state ${row.state}` }, STATES[row.state]),
    pair === '' ? undefined : el('span', { class: 'faint' }, ` ${pair}`),
  );
}

export function keysTable(book: Book): KeysTable {
  const { rows } = book;
  let filter: Filter = { view: NOT_YOUNG, search: '' };
  const table = dataTable<Row>({
    caption: 'All keys',
    columns: COLUMNS,
    sortedBy: 1,
    descends: true,
    details: (row) => timeline(row, book),
    nameOf: (row) => `${row.user} ${row.id}`,
  });

  const search = el('input', { type: 'search', autocomplete: 'off', spellcheck: 'false' });
  search.addEventListener('input', () => {
    const text = search.value.trim().toLowerCase();
    // Who looks for a name or an id means it wherever it is.
    change({ search: text, ...(text !== '' && filter.view === NOT_YOUNG ? { view: EVERY } : {}) });
  });
  const view = choice(
    'Show',
    VIEWS.map(({ label, matches }) => `${label} (${number(rows.filter(matches).length)})`),
    (at) => {
      change({ view: VIEWS[at] ?? EVERY });
    },
  );
  view.element.classList.add('view');
  const picks = (['account', 'owner', 'unit'] as const).map((name) => {
    const values = valuesOf(rows, name);
    const pick = choice(LABELS[name], ['All', ...values.map(([, label]) => label)], (at) => {
      const { [name]: _, ...rest } = filter;
      const value = values[at - 1]?.[0];
      set(value === undefined ? rest : { ...rest, [name]: value });
    });
    return { name, values, ...pick };
  });
  const count = el('p', { class: 'count', role: 'status', 'aria-live': 'polite' });
  const unlisted = book.data.accounts.reduce((sum, one) => sum + (one.unlisted?.[0] ?? 0), 0);
  const young = unlisted + rows.filter((row) => row.state === 'young').length;

  function change(changes: Partial<Filter>): void {
    set({ ...filter, ...changes });
  }

  function set(wanted: Filter): void {
    filter = wanted;
    view.select.selectedIndex = VIEWS.indexOf(filter.view);
    for (const { name, values, select } of picks) {
      select.selectedIndex = 1 + values.findIndex(([value]) => value === filter[name]);
    }
    table.show(rows, (row) => matches(row, filter));
    count.replaceChildren(...told(table.shown().length));
  }

  const told = (found: number): readonly (Node | string)[] => [
    `${counted(found, 'key')} of ${number(rows.length + unlisted)}`,
    filter.day === undefined ? '' : `, of ${filter.day.on}`,
    filter.view === NOT_YOUNG && young > 0
      ? `; ${counted(young, 'young key')} of which nothing is asked not shown`
      : unlisted > 0
        ? `; ${counted(unlisted, 'young key')} of which nothing is asked for the longest time only counted`
        : '',
    '. ',
    ...(filter.view === NOT_YOUNG && filter.search === '' && !hasPick()
      ? []
      : [button('Clear filters', clear, { class: 'quiet' })]),
  ];
  const hasPick = () => filter.day !== undefined || picks.some(({ name }) => filter[name] !== undefined);

  function clear(): void {
    search.value = '';
    set({ view: NOT_YOUNG, search: '' });
    search.focus();
  }

  const file = (ending: string) => `access-keys-${dayOf(book.data.now)}.${ending}`;
  const element = el(
    'div',
    {},
    el(
      'div',
      { class: 'filters', role: 'search', 'aria-label': 'Keys' },
      el('label', { class: 'field wide' }, el('span', {}, 'Search key id, user, owner or account'), search),
      view.element,
      ...picks.filter(({ values }) => values.length > 1).map((pick) => pick.element),
    ),
    el(
      'div',
      { class: 'bar' },
      count,
      el(
        'div',
        { class: 'exports' },
        button('Export CSV', () => download(file('csv'), 'text/csv', toCsv(table.shown()))),
        button('Export JSON', () => download(file('json'), 'application/json', toJson(table.shown()))),
      ),
    ),
    table.element,
  );
  set(filter);

  function go(wanted: Partial<Filter>): void {
    search.value = '';
    set({ view: EVERY, search: '', ...wanted });
    const heading = document.getElementById('keys-title');
    heading?.setAttribute('tabindex', '-1');
    heading?.focus({ preventScroll: true });
    heading?.scrollIntoView({ block: 'start' });
  }
  return {
    element,
    go,
    goToView: (name) => go({ view: VIEWS.find((one) => one.name === name) ?? EVERY }),
    goToDay: (on, next) =>
      go({
        day: { on, next: next as NonNullable<PageKey['next']>, isFirst: on === dayOf(book.data.now) },
      }),
  };
}

const LABELS = { account: 'Account', owner: 'Owner', unit: 'Unit' } as const;

/** What a column holds, each once, and how it is shown. */
function valuesOf(
  rows: readonly Row[],
  name: 'account' | 'owner' | 'unit',
): readonly (readonly [string, string])[] {
  const found = new Map<string, string>();
  for (const row of rows) {
    if (name === 'unit') row.units.forEach((unit, at) => found.set(unit, row.unitLabels[at] ?? unit));
    else if (name === 'owner') found.set(row.owner, row.owner === '' ? 'nobody named' : row.owner);
    else
      found.set(
        row.accountId,
        row.account === row.accountId ? row.accountId : `${row.account} (${row.accountId})`,
      );
  }
  return [...found].sort(([, one], [, other]) => one.localeCompare(other));
}
