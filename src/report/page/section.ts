import type { StoredAccount, StoredKey } from '../../domain/report/stored-run.ts';
import type { Instant } from '../../domain/time.ts';
import { counted, dayOf, number } from '../common/wording.ts';
import { markup, name, NOTHING, type Markup } from './html.ts';

/* What the sections of the page are made of. */

export interface Section {
  /** Its anchor. */
  readonly id: string;
  readonly title: string;
  /** Under the title: what it counts. */
  readonly lead?: Markup | string;
  readonly body: Markup;
}

export const sectionOf = ({ id, title, lead, body }: Section): Markup =>
  markup`<section id="${id}" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${lead === undefined ? NOTHING : markup`<p class="lead">${lead}</p>`} ${body}
  </section>`;

export interface Column<Row> {
  readonly label: string;
  readonly cell: (row: Row) => Markup | string;
  readonly isNumber?: true;
}

/** A table that narrow screens show as a list. The roles stay what they are where it is no longer laid out as one. */
export const table = <Row>(caption: string, columns: readonly Column<Row>[], rows: readonly Row[]): Markup =>
  markup`<table role="table">
    <caption class="unseen">
      ${caption}
    </caption>
    <thead role="rowgroup">
      <tr role="row">
        ${columns.map(
          ({ label, isNumber }) =>
            markup`<th role="columnheader" scope="col" ${isNumber ? markup` class="number"` : NOTHING}>
              ${label}
            </th>`,
        )}
      </tr>
    </thead>
    <tbody role="rowgroup">
      ${rows.map(
        (row) =>
          markup`<tr role="row">
            ${columns.map(
              ({ label, isNumber, cell }) =>
                markup`<td role="cell" data-label="${label}" ${isNumber ? markup` class="number"` : NOTHING}>
                  ${cell(row)}
                </td>`,
            )}
          </tr>`,
      )}
    </tbody>
  </table>`;

/** So many rows are read; the table of all keys has the others. */
const MOST_ROWS = 15;

/**
 * The first rows, and the way to all of them.
 * @param view of the table of all keys
 */
export const firstRows = <Row>(
  caption: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  view: string,
): Markup =>
  markup`${table(caption, columns, rows.slice(0, MOST_ROWS))}
  ${
    rows.length > MOST_ROWS
      ? markup`<p class="more">
          <button type="button" class="quiet" data-view="${view}">Show all ${number(rows.length)}</button>
        </p>`
      : NOTHING
  }`;

export const nothing = (text: string): Markup => markup`<p class="nothing">${text}</p>`;

export const accountCell = ({ id, name: called }: Pick<StoredAccount, 'id' | 'name'>): Markup =>
  markup`${name(called, 'unnamed account')} <span class="id">${id}</span>`;

export const keyCell = ({ keyId, userName }: Pick<StoredKey, 'keyId' | 'userName'>): Markup =>
  markup`${name(userName)} <code>${keyId}</code>`;

export const ownerCell = ({ owner }: Pick<StoredKey, 'owner'>): Markup =>
  owner === undefined ? markup`<span class="faint">nobody named</span>` : name(owner);

export const time = (instant: Instant): Markup => markup`<time>${dayOf(instant)}</time>`;

/** `2 keys of 1 user`. */
export const keysOfUsers = (
  rows: readonly { readonly account: { readonly id: string }; readonly key: StoredKey }[],
): string => {
  const users = new Set(rows.map(({ account, key }) => `${account.id} ${key.userName}`)).size;
  return `${counted(rows.length, 'key')} of ${counted(users, 'user')}`;
};
