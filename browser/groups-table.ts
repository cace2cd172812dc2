import type { PageData } from '../src/report/page/page-data.ts';
import { button, choice, el, number } from './dom.ts';
import { dataTable } from './data-table.ts';
import type { Filter } from './filters.ts';
import { ageInDays, unitLabelsOf, type Book, type Row } from './rows.ts';

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

export function groupsTable({ rows, data }: Book, go: (filter: Partial<Filter>) => void): HTMLElement {
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
  const show = () => table.show(groupsOf(rows, data, kind));
  const { element } = choice('Count by', ['Account', 'Owner', 'Unit'], (at) => {
    kind = KINDS[at] ?? 'account';
    show();
  });
  show();
  return el('div', {}, el('div', { class: 'filters' }, element), table.element);
}

const some = (count: number, kind: string): HTMLElement =>
  el('span', { class: count === 0 ? 'faint' : kind }, number(count));

interface Counted {
  readonly label: string;
  readonly own: Row[];
  /** Of the young keys that are only counted. */
  unlisted: number;
  oldest: number;
}

function groupsOf(rows: readonly Row[], { accounts, now }: PageData, kind: Kind): readonly Group[] {
  const groups = new Map<string, Counted>();
  const groupOf = (value: string, label: string): Counted => {
    const group = groups.get(value) ?? { label, own: [], unlisted: 0, oldest: 0 };
    groups.set(value, group);
    return group;
  };
  for (const row of rows) {
    if (row.key.status !== undefined) continue;
    for (const [value, label] of namesOf(row, kind)) groupOf(value, label).own.push(row);
  }
  for (const account of accounts) {
    const { id, name, units, unlisted } = account;
    if (unlisted === undefined) continue;
    const [count, created] = unlisted;
    const where = {
      owner: '',
      accountId: id,
      account: name === '' ? id : name,
      units,
      unitLabels: unitLabelsOf(account),
    };
    for (const [value, label] of namesOf(where, kind)) {
      const group = groupOf(value, label);
      group.unlisted += count;
      group.oldest = Math.max(group.oldest, ageInDays(created, now));
    }
  }
  return [...groups].map(([value, { label, own, unlisted, oldest }]) => ({
    value,
    label,
    active: own.length + unlisted,
    over: own.filter(({ key }) => key.over !== undefined).length,
    people: own.filter(({ state }) => state === 'person').length,
    waiting: own.filter(({ state }) => state === 'moving').length,
    oldest: own.reduce((most, { ageDays }) => Math.max(most, ageDays), oldest),
  }));
}

function namesOf(
  row: Pick<Row, 'units' | 'unitLabels' | 'owner' | 'accountId' | 'account'>,
  kind: Kind,
): readonly (readonly [string, string])[] {
  if (kind === 'unit') return row.units.map((unit, at) => [unit, row.unitLabels[at] ?? unit] as const);
  return kind === 'owner'
    ? [[row.owner, row.owner === '' ? 'nobody named' : row.owner]]
    : [[row.accountId, row.account]];
}
