/* The few ways in which the page is changed. Text is only ever set as text. */

type Child = Node | string | undefined;
type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** An element. An attribute that is undefined or false is left out, true is there without a value. */
export function el<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

export function button(text: string, onPress: () => void, attributes: Attributes = {}): HTMLButtonElement {
  const made = el('button', { type: 'button', ...attributes }, text);
  made.addEventListener('click', onPress);
  return made;
}

/** @throws Error where the page lacks it */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

/** A list to choose from, with its label. An option's value is its place. */
export function choice(
  label: string,
  options: readonly string[],
  onChange: (index: number) => void,
): { readonly element: HTMLElement; readonly select: HTMLSelectElement } {
  const select = el('select', {}, ...options.map((text, index) => el('option', { value: index }, text)));
  select.addEventListener('change', () => onChange(select.selectedIndex));
  return { element: el('label', { class: 'field' }, el('span', {}, label), select), select };
}

export const number = (count: number): string => count.toLocaleString('en-US');
export const counted = (count: number, one: string): string =>
  `${number(count)} ${one}${count === 1 ? '' : 's'}`;
export const dayOf = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);
