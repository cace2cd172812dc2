import type { Page } from 'puppeteer-core';

/* What a person does on a page, and sees there. What runs in the page is text here: this program knows no document. */

const ask = async <Value>(page: Page, script: string): Promise<Value> =>
  (await page.evaluate(script)) as Value;
const all = (selector: string): string => `[...document.querySelectorAll(${JSON.stringify(selector)})]`;

export const texts = (page: Page, selector: string): Promise<readonly string[]> =>
  ask(page, `${all(selector)}.map((one) => one.textContent.trim())`);

export const attributes = (page: Page, selector: string, name: string): Promise<readonly string[]> =>
  ask(page, `${all(selector)}.map((one) => one.getAttribute(${JSON.stringify(name)}))`);

export const count = (page: Page, selector: string): Promise<number> => ask(page, `${all(selector)}.length`);

/** Presses the first so many of these. */
export const pressAll = (page: Page, selector: string, most = Infinity): Promise<void> =>
  ask(page, `${all(selector)}.slice(0, ${most}).forEach((one) => one.click())`);

/** Presses the button that says this. @throws Error where there is none */
export const press = (page: Page, text: string, within = 'body'): Promise<void> =>
  ask(
    page,
    `${all(`${within} button`)}.find((one) => one.textContent.trim() === ${JSON.stringify(text)}).click()`,
  );

/** Chooses what begins like this from the list with this label. */
export const choose = (page: Page, label: string, begins: string): Promise<void> =>
  ask(
    page,
    `(() => {
      const field = ${all('#keys-table label')}.find((one) => one.firstChild.textContent === ${JSON.stringify(label)});
      const select = field.querySelector('select');
      select.selectedIndex = [...select.options].findIndex(({ text }) => text.startsWith(${JSON.stringify(begins)}));
      select.dispatchEvent(new Event('change'));
    })()`,
  );

/** The colour that the page is written on. */
export const paper = (page: Page): Promise<string> =>
  ask(page, 'getComputedStyle(document.body).backgroundColor');

/** Controls that can be seen, but for those that cells and heads of tables are made of. */
export const controlsSeen = (page: Page): Promise<number> =>
  ask(
    page,
    `${all('button, select, input')}.filter((one) => one.checkVisibility() && !one.closest('th, td')).length`,
  );

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly target: readonly string[] }[];
}

/** What axe complains of, and where. */
export async function complaintsOf(page: Page, axe: string): Promise<readonly string[]> {
  await page.evaluate(axe);
  const found = await ask<readonly Violation[]>(page, 'axe.run().then(({ violations }) => violations)');
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
}
