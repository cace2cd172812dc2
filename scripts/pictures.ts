/** Draws docs/images/report-*.png: the report page of an invented bank, as a browser shows it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { reportPage } from '../src/report/page/page.ts';
import { bank } from '../test/support/page/bank.ts';
import { choose, pressAll } from '../test/support/page/in-page.ts';
import { startBrowser } from '../test/support/page/browser.ts';

const picture = (name: string): `${string}.png` =>
  `${fileURLToPath(new URL('../docs/images/', import.meta.url))}report-${name}.png`;

const DESK = { width: 1280, height: 1000 };
const PHONE = { width: 390, height: 844, deviceScaleFactor: 2 };
/** As wide as A4 at 96 dots an inch. */
const PAPER = { width: 794, height: 1123 };

const folder = mkdtempSync(join(tmpdir(), 'pictures-'));
const { browser } = await startBrowser();
try {
  const file = join(folder, 'page.html');
  writeFileSync(file, reportPage(bank()));
  const page = await browser.newPage();
  await page.goto(pathToFileURL(file).href);
  const scheme = (value: string) => page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);

  await page.setViewport(DESK);
  await scheme('light');
  await page.screenshot({ path: picture('light') });
  await page.setViewport(PHONE);
  await page.screenshot({ path: picture('phone') });
  await page.setViewport(PAPER);
  await page.emulateMediaType('print');
  await page.screenshot({ path: picture('print') });
  await page.emulateMediaType('screen');
  await page.setViewport(DESK);
  await scheme('dark');
  // A key that is on its way out has the most to tell.
  await choose(page, 'Show', 'Replaced, moved to');
  await pressAll(page, '#keys-table .opener', 1);
  await page.evaluate("document.querySelector('#keys').scrollIntoView()");
  await page.screenshot({ path: picture('dark') });
} finally {
  await browser.close();
  rmSync(folder, { recursive: true });
}
