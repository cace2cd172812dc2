/** Runs the demo, and draws docs/images/report-*.png: the page that it writes, as a browser shows it. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PAGE_FILE } from '../demo/page-file.ts';
import { choose, pressAll } from '../test/support/page/in-page.ts';
import { startBrowser } from '../test/support/page/browser.ts';

const pathOf = (inRepository: string): string =>
  fileURLToPath(new URL(`../${inRepository}`, import.meta.url));
const picture = (name: string): `${string}.png` => `${pathOf('docs/images')}/report-${name}.png`;

const DESK = { width: 1280, height: 1000 };
const PHONE = { width: 390, height: 844, deviceScaleFactor: 2 };
/** A4 at 96 dots an inch. The margins are not of the page but of the paper, which a screen doesn't have. */
const PAPER = { width: 794, height: 1123 };
const MARGIN = '14mm';

const demo = spawnSync(process.execPath, [pathOf('demo/demo.ts')], { stdio: 'inherit' });
if (demo.status !== 0) throw new Error('the demo ended with an error: nothing was drawn');

const { browser } = await startBrowser();
try {
  const page = await browser.newPage();
  await page.goto(pathToFileURL(PAGE_FILE).href);
  const scheme = (value: string) => page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);

  await page.setViewport(DESK);
  await scheme('light');
  await page.screenshot({ path: picture('light') });

  await page.setViewport(PHONE);
  await page.screenshot({ path: picture('phone') });

  await page.setViewport(PAPER);
  await page.emulateMediaType('print');
  await page.evaluate(`document.body.style.padding = '${MARGIN}'`);
  await page.screenshot({ path: picture('print') });
  await page.evaluate("document.body.style.padding = ''");
  await page.emulateMediaType('screen');

  await page.setViewport(DESK);
  await scheme('dark');
  // A key that is replaced and still needed has the most to tell.
  await choose(page, 'Show', 'Replaced, not moved to');
  await pressAll(page, '#keys-table .opener', 1);
  await page.evaluate("document.querySelector('#keys').scrollIntoView()");
  await page.screenshot({ path: picture('dark') });
} finally {
  await browser.close();
}
