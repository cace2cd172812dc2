import type { PageDeed } from '../src/report/page/page-data.ts';
import { counted, dayOf, el } from './dom.ts';
import { dataTable } from './data-table.ts';
import { DONE } from './key-events.ts';
import type { Book } from './rows.ts';

/** What this run and earlier ones did, the newest first. */
export function doneTable({ data, done, word }: Book): HTMLElement {
  const nameOf = ({ account }: PageDeed) => data.accounts[account]?.name ?? '';
  if (done.length === 0)
    return el('p', { class: 'nothing' }, 'Nothing was done by the runs that are stored.');
  const table = dataTable<PageDeed>({
    caption: 'What was done',
    columns: [
      {
        label: 'Date',
        cell: ({ at, run }) => el('time', { title: `run ${word(run)}` }, dayOf(at)),
        by: ({ at }) => at,
      },
      { label: 'What', cell: ({ what }) => DONE[what], by: ({ what }) => what },
      {
        label: 'User and key',
        cell: ({ user, id, newId }) =>
          el(
            'span',
            {},
            el('bdi', {}, user),
            ' ',
            el('code', {}, id),
            newId === undefined ? undefined : ' by ',
            newId === undefined ? undefined : el('code', {}, newId),
          ),
        by: ({ user }) => user.toLowerCase(),
      },
      {
        label: 'Account',
        cell: (deed) => el('bdi', {}, nameOf(deed)),
        by: (deed) => nameOf(deed).toLowerCase(),
      },
      { label: 'Why', cell: ({ why }) => el('span', { class: 'why' }, why) },
    ],
    sortedBy: 0,
    descends: true,
  });
  table.show(done);
  return el(
    'div',
    {},
    el('p', { class: 'lead' }, `${counted(done.length, 'change')} by the runs that are stored.`),
    table.element,
  );
}
