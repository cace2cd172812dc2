import { existsSync } from 'node:fs';
import chromium from '@sparticuz/chromium';
import puppeteer, { type Browser } from 'puppeteer-core';

/* A real Chromium without a window: the system's own, or else the one that npm has brought along. */

const SYSTEM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export interface OwnBrowser {
  readonly browser: Browser;
  /** Which one it is, for people. */
  readonly name: string;
}

/** @throws Error where neither starts */
export async function startBrowser(): Promise<OwnBrowser> {
  const system = SYSTEM.find((path) => existsSync(path));
  const executablePath = system ?? (await chromium.executablePath());
  const browser = await puppeteer.launch({
    executablePath,
    headless: system === undefined ? 'shell' : true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--font-render-hinting=none',
    ],
  });
  const from = system === undefined ? 'of @sparticuz/chromium' : `at ${system}`;
  return { browser, name: `${await browser.version()} ${from}` };
}
