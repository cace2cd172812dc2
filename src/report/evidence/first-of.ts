import { number } from '../common/wording.ts';
import { markup, NOTHING, type Markup } from '../page/html.ts';

/** More rows make a page slow, and nobody reads them there. */
const MOST_ROWS = 300;

/** The first rows, and the file that has all of them. */
export const firstOf = <Row>(
  rows: readonly Row[],
  file: string,
  show: (rows: readonly Row[]) => Markup,
): Markup =>
  markup`${show(rows.slice(0, MOST_ROWS))}
  ${rows.length > MOST_ROWS ? markup`<p>And ${number(rows.length - MOST_ROWS)} more: ${file}</p>` : NOTHING}`;
