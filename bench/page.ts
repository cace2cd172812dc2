import { statSync, writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'puppeteer-core';
import { reportPage } from '../src/report/page/page.ts';
import { bank } from '../test/support/page/bank.ts';
import { startBrowser } from '../test/support/page/browser.ts';
import { table, writePart } from './write-part.ts';

/* How large the report page of 10,000 users is, and how long a browser takes for it. */

const USERS = 10_000;
const ACCOUNTS = 150;
const TRIES = 5;
const PAINTED = 'new Promise((done) => requestAnimationFrame(() => setTimeout(done)))';

const folder = mkdtempSync(join(tmpdir(), 'bench-page-'));
const { browser, name } = await startBrowser();
try {
  const data = bank(USERS, ACCOUNTS);
  const begun = performance.now();
  const html = reportPage(data);
  const making = performance.now() - begun;
  const file = join(folder, 'page.html');
  writeFileSync(file, html);
  const page = await browser.newPage();
  await page.setViewport({ width: 1280, height: 900 });
  const opening = await median(() => open(page, file));
  const searching = await median(() => change(page, 'input[type=search]', 'value', 'ledger', ''));
  const choosing = await median(() => change(page, '.view select', 'selectedIndex', 1, 0));
  await change(page, '.view select', 'selectedIndex', 0, 1);
  // Another column each time: what is sorted already is sorted in no time.
  const sorting = await median(() => sort(page));
  const bytes = statSync(file).size;
  writePart(
    'page',
    `## The report page

${USERS.toLocaleString('en-US')} users in ${ACCOUNTS} accounts with twelve earlier runs, opened from the disk with ${name}. Medians of ${TRIES}. \`npm run bench:page\`.

${table(
  ['What', 'Measured'],
  [
    ['Size of the file, MB', (bytes / 1e6).toFixed(1)],
    ['Making it, ms', Math.round(making)],
    ['Opening it until it can be used, ms', Math.round(opening)],
    ['Searching, ms', Math.round(searching)],
    ['Showing every key instead of those that are due, ms', Math.round(choosing)],
    ['Sorting every key, ms', Math.round(sorting)],
  ],
)}`,
  );
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}

async function median(measure: () => Promise<number>): Promise<number> {
  const taken: number[] = [];
  for (let index = 0; index < TRIES; index++) taken.push(await measure());
  return taken.sort((one, other) => one - other)[Math.floor(TRIES / 2)] ?? 0;
}

/** Until the script has built its tables and they are painted. */
async function open(page: Page, file: string): Promise<number> {
  const begun = performance.now();
  await page.goto(pathToFileURL(file).href, { waitUntil: 'load' });
  await page.evaluate(PAINTED);
  return performance.now() - begun;
}

/** There and back again, and how long the way there took until it is laid out. */
async function change(
  page: Page,
  selector: string,
  property: string,
  there: string | number,
  back: string | number,
): Promise<number> {
  return (await page.evaluate(`(() => {
    const field = document.querySelector('#keys-table ${selector}');
    const put = (value) => {
      field.${property} = value;
      field.dispatchEvent(new Event(field.tagName === 'SELECT' ? 'change' : 'input'));
      return document.body.offsetHeight;
    };
    put(${JSON.stringify(back)});
    const begun = performance.now();
    put(${JSON.stringify(there)});
    const taken = performance.now() - begun;
    put(${JSON.stringify(back)});
    return taken;
  })()`)) as number;
}

async function sort(page: Page): Promise<number> {
  return (await page.evaluate(`(() => {
    const begun = performance.now();
    const heads = document.querySelectorAll('#keys-table th .sort');
    heads[(window.pressed = ((window.pressed ?? 0) + 1) % heads.length)].click();
    document.body.offsetHeight;
    return performance.now() - begun;
  })()`)) as number;
}
