import { clean } from '../common/sanitize.ts';

/** Markup that may stand in the page as it is. */
export interface Markup {
  readonly markup: string;
}

type Part = Markup | string | number | undefined | readonly Part[];

/** Every character that could end a text or an attribute's value. */
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Foreign text, cleaned of what nobody sees, as text of the page. */
const escape = (text: string): string => clean(text).replace(/[&<>"']/g, (one) => ENTITIES[one] ?? '');

function render(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string') return escape(part);
  if (typeof part === 'number') return String(part);
  return 'markup' in part ? part.markup : part.map(render).join('');
}

/** Markup with values in it. What is a string is text, whatever it holds; only other markup stays markup. */
export const markup = (texts: TemplateStringsArray, ...parts: readonly Part[]): Markup => ({
  markup: texts.map((text, index) => text + render(parts[index])).join(''),
});

export const NOTHING: Markup = { markup: '' };

/** Text that keeps its own direction of writing to itself. */
export const name = (text: string, otherwise = ''): Markup => markup`<bdi>${clean(text) || otherwise}</bdi>`;

/**
 * JSON that may stand in a script element: no tag can end in it, none begins, and lines end only where
 * JavaScript and JSON agree that they do.
 */
export const jsonMarkup = (value: unknown): Markup => ({
  markup: JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  ),
});
