import { button, el, number } from './dom.ts';

/* A table that is sorted by pressing its heads and shown a page at a time. */

export interface Column<Row> {
  readonly label: string;
  readonly cell: (row: Row) => Node | string;
  /** What it is sorted by; absent: it is not. */
  readonly by?: (row: Row) => string | number;
  readonly isNumber?: boolean;
}

export interface TableOptions<Row> {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  /** The column it is sorted by at first. */
  readonly sortedBy: number;
  readonly descends?: boolean;
  /** What is shown under a row that is opened. */
  readonly details?: (row: Row) => Node;
  /** Names a row's button to those who don't see the row. */
  readonly nameOf?: (row: Row) => string;
}

export interface DataTable<Row> {
  readonly element: HTMLElement;
  /** @param matches which of them */
  readonly show: (rows: readonly Row[], matches?: (row: Row) => boolean) => void;
  /** As they are sorted now. */
  readonly shown: () => readonly Row[];
}

const PAGE = 50;
/** On paper there are no further pages to turn to; beyond this nobody turns them either. */
const MOST_PRINTED = 1000;
let tables = 0;

export function dataTable<Row>(options: TableOptions<Row>): DataTable<Row> {
  const { caption, columns, details } = options;
  const ownId = `table-${tables++}`;
  let sortedBy = options.sortedBy;
  let direction = options.descends === true ? -1 : 1;
  let given: readonly Row[] = [];
  /** The same, sorted. */
  let all: readonly Row[] = [];
  let shows = (_: Row): boolean => true;
  let rows: readonly Row[] = [];
  let page = 0;

  const heads = columns.map(({ label, by, isNumber }, index) => {
    const head = el('th', { scope: 'col', role: 'columnheader', class: isNumber === true && 'number' });
    if (by === undefined) head.append(label);
    else head.append(button(label, () => sortBy(index), { class: 'sort' }));
    return head;
  });
  const body = el('tbody', { role: 'rowgroup' });
  const pager = el('nav', { class: 'pager', 'aria-label': `Pages: ${caption}` });
  const table = el(
    'table',
    { role: 'table', class: 'data' },
    el('caption', { class: 'unseen' }, caption),
    el(
      'thead',
      { role: 'rowgroup' },
      el('tr', { role: 'row' }, ...(details === undefined ? [] : [openerHead()]), ...heads),
    ),
    body,
  );

  function sortBy(index: number): void {
    direction = sortedBy === index ? -direction : 1;
    sortedBy = index;
    page = 0;
    sort();
    rows = all.filter(shows);
    draw();
  }

  function sort(): void {
    heads.forEach((head, index) => {
      if (columns[index]?.by !== undefined) {
        head.setAttribute(
          'aria-sort',
          index !== sortedBy ? 'none' : direction === 1 ? 'ascending' : 'descending',
        );
      }
    });
    const by = columns[sortedBy]?.by;
    if (by === undefined) return;
    all = all
      .map((row) => [by(row), row] as const)
      .sort(([one], [other]) => (one === other ? 0 : one < other ? -direction : direction))
      .map(([, row]) => row);
  }

  function draw(from = page * PAGE, count = PAGE): void {
    body.replaceChildren(...rows.slice(from, from + count).flatMap(lines));
    const pages = Math.ceil(rows.length / PAGE);
    pager.hidden = pages < 2;
    pager.replaceChildren(
      turn('Previous', -1, page > 0),
      el('span', {}, `Page ${number(page + 1)} of ${number(Math.max(1, pages))}`),
      turn('Next', 1, page + 1 < pages),
    );
  }

  const turn = (text: string, by: number, isPossible: boolean): HTMLButtonElement =>
    button(
      text,
      () => {
        page += by;
        draw();
        table.scrollIntoView({ block: 'start' });
        // The button that was pressed is gone with the page it was on.
        const [back, onward] = pager.querySelectorAll('button');
        const same = by > 0 ? onward : back;
        (same?.disabled === true ? (by > 0 ? back : onward) : same)?.focus();
      },
      { disabled: !isPossible },
    );

  function lines(row: Row, index: number): readonly HTMLElement[] {
    const line = el('tr', { role: 'row' });
    if (details !== undefined) {
      const id = `${ownId}-${index}`;
      const opener = button('', () => toggle(opener, line, id, row), {
        class: 'opener',
        'aria-expanded': 'false',
        'aria-label': `What happened to ${options.nameOf?.(row) ?? 'it'}`,
      });
      line.append(el('td', { role: 'cell', class: 'open' }, opener));
    }
    for (const { label, cell, isNumber } of columns) {
      line.append(
        el('td', { role: 'cell', 'data-label': label, class: isNumber === true && 'number' }, cell(row)),
      );
    }
    return [line];
  }

  function toggle(opener: HTMLButtonElement, line: HTMLElement, id: string, row: Row): void {
    const isOpen = opener.getAttribute('aria-expanded') === 'true';
    opener.setAttribute('aria-expanded', String(!isOpen));
    if (isOpen) {
      line.nextElementSibling?.remove();
      opener.removeAttribute('aria-controls');
    } else if (details !== undefined) {
      opener.setAttribute('aria-controls', id);
      line.after(
        el(
          'tr',
          { id, role: 'row', class: 'details' },
          el('td', { role: 'cell', colspan: columns.length + 1 }, details(row)),
        ),
      );
    }
  }

  addEventListener('beforeprint', () => draw(0, MOST_PRINTED));
  addEventListener('afterprint', () => draw());

  return {
    element: el('div', {}, el('div', { class: 'scroll' }, table), pager),
    shown: () => rows,
    show: (wanted, matches = () => true) => {
      // Sorting takes longer than choosing: what is sorted stays so, whatever of it is shown.
      if (wanted !== given) {
        given = wanted;
        all = wanted;
        sort();
      }
      shows = matches;
      rows = all.filter(shows);
      page = 0;
      draw();
    },
  };
}

const openerHead = (): HTMLElement =>
  el('th', { scope: 'col', role: 'columnheader', class: 'open' }, el('span', { class: 'unseen' }, 'Details'));
