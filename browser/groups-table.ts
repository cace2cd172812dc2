import { button, choice, el, number } from './dom.ts';
import { dataTable } from './data-table.ts';
import type { Filter } from './filters.ts';
import type { Book, Row } from './rows.ts';

/* The same keys counted by who answers for them, or where they are. */

interface Group {
  readonly value: string;
  readonly label: string;
  readonly active: number;
  readonly over: number;
  readonly people: number;
  readonly waiting: number;
  readonly oldest: number;
}

const KINDS = ['account', 'owner', 'unit'] as const;
type Kind = (typeof KINDS)[number];

export function groupsTable({ rows }: Book, go: (filter: Partial<Filter>) => void): HTMLElement {
  let kind: Kind = 'account';
  const table = dataTable<Group>({
    caption: 'Keys by account, owner or unit',
    columns: [
      {
        label: 'Name',
        cell: ({ label, value }) => button(label, () => go({ [kind]: value }), { class: 'quiet' }),
        by: ({ label }) => label.toLowerCase(),
      },
      {
        label: 'Active keys',
        cell: ({ active }) => number(active),
        by: ({ active }) => active,
        isNumber: true,
      },
      {
        label: 'Over the limit',
        cell: ({ over }) => some(over, 'over'),
        by: ({ over }) => over,
        isNumber: true,
      },
      {
        label: 'Need a person',
        cell: ({ people }) => some(people, 'warn'),
        by: ({ people }) => people,
        isNumber: true,
      },
      {
        label: 'Not moved to',
        cell: ({ waiting }) => some(waiting, ''),
        by: ({ waiting }) => waiting,
        isNumber: true,
      },
      {
        label: 'Oldest, days',
        cell: ({ oldest }) => number(oldest),
        by: ({ oldest }) => oldest,
        isNumber: true,
      },
    ],
    sortedBy: 2,
    descends: true,
  });
  const show = () => table.show(groupsOf(rows, kind));
  const { element } = choice('Count by', ['Account', 'Owner', 'Unit'], (at) => {
    kind = KINDS[at] ?? 'account';
    show();
  });
  show();
  return el('div', {}, el('div', { class: 'filters' }, element), table.element);
}

const some = (count: number, kind: string): HTMLElement =>
  el('span', { class: count === 0 ? 'faint' : kind }, number(count));

function groupsOf(rows: readonly Row[], kind: Kind): readonly Group[] {
  const groups = new Map<string, { label: string; own: Row[] }>();
  for (const row of rows) {
    if (row.key.status !== undefined) continue;
    for (const [value, label] of namesOf(row, kind)) {
      const group = groups.get(value) ?? { label, own: [] };
      groups.set(value, group);
      group.own.push(row);
    }
  }
  return [...groups].map(([value, { label, own }]) => ({
    value,
    label,
    active: own.length,
    over: own.filter(({ key }) => key.over !== undefined).length,
    people: own.filter(({ state }) => state === 'person').length,
    waiting: own.filter(({ state }) => state === 'moving').length,
    oldest: own.reduce((most, { ageDays }) => Math.max(most, ageDays), 0),
  }));
}

function namesOf(row: Row, kind: Kind): readonly (readonly [string, string])[] {
  if (kind === 'unit') return row.units.map((unit) => [unit, unit] as const);
  return kind === 'owner'
    ? [[row.owner, row.owner === '' ? 'nobody named' : row.owner]]
    : [[row.accountId, row.account]];
}
