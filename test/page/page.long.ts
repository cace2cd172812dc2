import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import axe from 'axe-core';
import { csvParse } from 'd3-dsv';
import type { Page } from 'puppeteer-core';
import { earlierRun } from '../../src/report/page/earlier-run.ts';
import { reportPage } from '../../src/report/page/page.ts';
import type { QuietKey } from '../../src/domain/report/stored-run.ts';
import { days } from '../../src/domain/time.ts';
import { bank } from '../support/page/bank.ts';
import { startBrowser, type OwnBrowser } from '../support/page/browser.ts';
import { ago, NOON, storedAccount, storedKey, storedRun } from '../support/page/builders.ts';
import {
  attributes,
  choose,
  complaintsOf,
  controlsSeen,
  count,
  paper,
  press,
  pressAll,
  texts,
} from '../support/page/in-page.ts';
import { HOSTILE } from '../support/hostile.ts';

/* The report page in a real browser, opened from the disk. */

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1280, height: 900 };

describe('the report page in a browser', () => {
  let own: OwnBrowser;
  let folder: string;
  let page: Page;
  let requests: string[];
  let complaints: string[];

  before(async () => {
    own = await startBrowser();
    folder = mkdtempSync(join(tmpdir(), 'report-page-'));
    process.stderr.write(`the report page is opened with ${own.name}\n`);
  });
  after(async () => {
    await own.browser.close();
    rmSync(folder, { recursive: true });
  });
  beforeEach(async () => {
    page = await own.browser.newPage();
    [requests, complaints] = [[], []];
    page.on('request', (request) => requests.push(request.url()));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    await page.setViewport(DESK);
  });
  afterEach(async () => {
    await page.close();
    expect(complaints, 'said on the console').to.deep.equal([]);
    expect(
      requests.filter((url) => !/^(?:file|blob):/.test(url)),
      'asked of a network',
    ).to.deep.equal([]);
  });

  const open = async (html: string): Promise<void> => {
    const file = join(folder, 'page.html');
    writeFileSync(file, html);
    await page.goto(pathToFileURL(file).href);
  };
  const users = () => texts(page, '#keys-table tbody [data-label="User and key"] bdi');
  const told = async () => (await texts(page, '#keys-table .count'))[0];

  const ann = storedKey({
    userName: 'ann',
    keyId: 'AKIAANN1',
    owner: 'team-a',
    createdAt: ago(70),
    action: 'wait',
    reason: 'still-needed',
    message: 'STILL IN USE.',
    replacedBy: 'AKIAANN2',
    adoption: 'not-adopted',
    next: { what: 'deactivate', at: NOON + days(9) },
    notices: [{ about: 'replaced', firstAt: ago(10), lastAt: ago(3), date: NOON + days(9) }],
  });
  const SMALL = reportPage({
    run: storedRun([
      storedAccount([
        ann,
        storedKey({
          userName: 'ann',
          keyId: 'AKIAANN2',
          owner: 'team-a',
          createdAt: ago(10),
          replacementOf: 'AKIAANN1',
          deliveredAt: ago(10),
        }),
        storedKey({
          userName: 'bob',
          keyId: 'AKIABOB1',
          createdAt: ago(400),
          action: 'blocked',
          reason: 'two-keys-in-use',
        }),
      ]),
      storedAccount(
        [
          storedKey({
            userName: '=cem',
            keyId: 'AKIACEM1',
            createdAt: ago(100),
            reason: 'never-used',
            action: 'wait',
            lastUse: { kind: 'never' },
          }),
        ],
        {
          id: '444455556666',
          name: 'Data',
          ouPath: ['r-root', 'ou-test'],
          ouNames: ['Root', 'Tests'],
        },
      ),
    ]),
    quiet: [
      {
        accountId: '444455556666',
        userName: 'dan',
        createdAt: ago(3),
        lastUse: { kind: 'never' },
        dueAt: NOON + days(57),
      },
    ],
    before: [
      earlierRun(
        storedRun(
          [
            storedAccount([
              { ...ann, action: 'replace', reason: 'due', message: 'It is due.', outcome: 'applied' },
            ]),
          ],
          { finishedAt: ago(10), runId: 'r0' },
        ),
        true,
      ),
    ],
    isLive: false,
  });

  it('shows every key but young ones, the oldest first, and sorts by any column', async () => {
    await open(SMALL);
    expect(await users()).to.deep.equal(['bob', '=cem', 'ann']);
    expect(await told()).to.equal('3 keys of 5; 2 young keys of which nothing is asked not shown.');
    await press(page, 'User and key', '#keys-table th');
    expect(await users()).to.deep.equal(['=cem', 'ann', 'bob']);
    await press(page, 'User and key', '#keys-table th');
    expect(await users()).to.deep.equal(['bob', 'ann', '=cem']);
    expect(
      await attributes(page, '#keys-table [aria-sort]:not([aria-sort="none"])', 'aria-sort'),
    ).to.deep.equal(['descending']);
  });

  it('finds a key by its id, among the young ones too', async () => {
    await open(SMALL);
    await page.type('#keys-table input[type=search]', 'akiaann2');
    expect(await users()).to.deep.equal(['ann']);
    expect(await told()).to.contain('1 key of 5');
    await press(page, 'Clear filters');
    expect(await users()).to.have.length(3);
  });

  it('filters by account, owner, unit and view', async () => {
    await open(SMALL);
    await choose(page, 'Account', 'Data');
    expect(await users()).to.deep.equal(['=cem']);
    await choose(page, 'Account', 'All');
    await choose(page, 'Owner', 'team-a');
    expect(await users()).to.deep.equal(['ann']);
    await choose(page, 'Owner', 'All');
    await choose(page, 'Unit', 'Tests (ou-test)');
    await choose(page, 'Show', 'Every key');
    expect(await users()).to.deep.equal(['=cem', 'dan']);
    await choose(page, 'Unit', 'All');
    await choose(page, 'Show', 'Two keys: rotation');
    expect(await texts(page, '#keys-table [data-label="State"]')).to.deep.equal([
      'Replaced, not moved to rotation under way, old key off on 2026-12-09',
      'Nothing asked rotation under way, the new key',
    ]);
  });

  it('goes to the keys of an entry of the calendar, and of an account', async () => {
    await open(SMALL);
    await pressAll(page, '[data-day="2026-12-09"]', 1);
    expect(await users()).to.deep.equal(['ann']);
    await press(page, 'Data', '#groups-table td');
    expect(await users()).to.deep.equal(['=cem', 'dan']);
  });

  it("opens a row by keyboard, with what happened to the user's keys, when and why", async () => {
    await open(SMALL);
    await page.type('#keys-table input[type=search]', 'AKIAANN1');
    await page.focus('#keys-table .opener');
    await page.keyboard.press('Enter');
    expect(await attributes(page, '#keys-table .opener', 'aria-expanded')).to.deep.equal(['true']);
    expect(await texts(page, '.timeline li')).to.deep.equal([
      '2026-09-21AKIAANN1 created',
      '2026-11-20AKIAANN2 created to replace AKIAANN1',
      "2026-11-20AKIAANN2 put into the owner's secret, and tested",
      '2026-11-20AKIAANN1 replaced by AKIAANN2 It is due.',
      '2026-11-20AKIAANN1 announced: replaced, off from 2026-12-09',
      '2026-11-29AKIAANN1 last used',
      '2026-11-29AKIAANN2 last used',
      '2026-11-30 this report',
      '2026-12-09AKIAANN1 is switched off',
    ]);
    await page.keyboard.press('Enter');
    expect(await texts(page, '.timeline li')).to.deep.equal([]);
  });

  it('exports what is shown, with nothing that a spreadsheet would run', async () => {
    await open(SMALL);
    const session = await page.createCDPSession();
    await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder });
    await press(page, 'Export CSV');
    await press(page, 'Export JSON');
    const file = (ending: string) => join(folder, `access-keys-2026-11-30.${ending}`);
    for (
      let tries = 0;
      tries < 50 &&
      !(
        readdirSync(folder).includes('access-keys-2026-11-30.json') &&
        readdirSync(folder).includes('access-keys-2026-11-30.csv')
      );
      tries++
    ) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const rows = csvParse(readFileSync(file('csv'), 'utf8').replace('\uFEFF', ''));
    expect(
      rows.map(({ user, accessKeyId, account, nextOn }) => [user, accessKeyId, account, nextOn]),
    ).to.deep.equal([
      ['bob', 'AKIABOB1', 'Payments', ''],
      ["'=cem", 'AKIACEM1', 'Data', ''],
      ['ann', 'AKIAANN1', 'Payments', '2026-12-09'],
    ]);
    const json = JSON.parse(readFileSync(file('json'), 'utf8')) as readonly Record<string, unknown>[];
    expect(json.map(({ user, ageInDays }) => [user, ageInDays])).to.deep.equal([
      ['bob', 400],
      ['=cem', 100],
      ['ann', 70],
    ]);
  });

  it('is dark where the system is, and as its button says', async () => {
    await open(SMALL);
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
    expect(await paper(page)).to.equal('rgb(255, 255, 255)');
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'dark' }]);
    expect(await paper(page)).to.equal('rgb(20, 23, 27)');
    await press(page, 'Theme: system');
    expect(await paper(page)).to.equal('rgb(255, 255, 255)');
    await press(page, 'Theme: light');
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: 'light' }]);
    expect(await paper(page)).to.equal('rgb(20, 23, 27)');
  });

  it('prints to a PDF, with all that is shown and no controls', async () => {
    await open(SMALL);
    const pdf = await page.pdf({ format: 'A4' });
    expect(Buffer.from(pdf).subarray(0, 5).toString()).to.equal('%PDF-');
    await page.emulateMediaType('print');
    expect(await controlsSeen(page)).to.equal(0);
  });

  it('never makes a phone scroll sideways, whatever names there are', async () => {
    await page.setViewport(PHONE);
    const name = 'w'.repeat(128);
    await open(
      reportPage({
        run: storedRun([
          storedAccount(
            [
              storedKey({
                userName: name,
                owner: name,
                keyId: name,
                message: name,
                createdAt: ago(99),
                action: 'blocked',
              }),
            ],
            {
              name,
              exclusions: [
                {
                  userName: name,
                  setting: 'excludeUsers',
                  from: name,
                  selector: name,
                  setBy: name,
                  oldestKey: ago(9),
                },
              ],
              findings: [{ severity: 'note', message: name, nextStep: name }],
            },
          ),
        ]),
        quiet: [],
        before: [],
        isLive: false,
      }),
    );
    await pressAll(page, '#keys-table .opener', 1);
    expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(PHONE.width);
  });

  it('shows hostile names as text, and nothing of them runs', async () => {
    const keys = Object.values(HOSTILE).map((text, index) =>
      storedKey({
        userName: text,
        owner: text,
        keyId: `AKIA${index}`,
        message: text,
        createdAt: ago(100),
        action: 'blocked',
      }),
    );
    await page.evaluateOnNewDocument('window.alert = () => console.log("it ran")');
    await open(
      reportPage({
        run: storedRun([storedAccount(keys, { name: HOSTILE['HTML']! })]),
        quiet: [],
        before: [],
        isLive: false,
      }),
    );
    expect(await users()).to.include('<script>alert(1)</script><img src=x onerror=alert(1)>&amp;&#x27;');
    expect(await texts(page, 'main script, main img')).to.deep.equal([]);
    await pressAll(page, '.opener');
    expect(await count(page, '.timeline')).to.equal(keys.length);
    expect(await texts(page, 'main script, main img')).to.deep.equal([]);
  });

  it('turns pages of 50 rows, tells where it is, and has no pages where one is enough', async () => {
    await open(reportPage(bank(400, 12)));
    await choose(page, 'Show', 'Every key');
    expect(await users()).to.have.length(50);
    expect((await texts(page, '#keys-table .pager span'))[0]).to.match(/^Page 1 of 1?\d$/);
    await press(page, 'Next', '#keys-table .pager');
    expect((await texts(page, '#keys-table .pager span'))[0]).to.match(/^Page 2 of /);
    const isSeen = () => page.evaluate("document.querySelector('#keys-table .pager').checkVisibility()");
    expect(await isSeen()).to.equal(true);
    await page.type('#keys-table input[type=search]', 'svc-ledger-0');
    expect(await isSeen()).to.equal(false);
  });

  it('counts young keys that are too many to list, in all and by account', async () => {
    const quiet = Array.from({ length: 20_003 }, (_, index): QuietKey => ({
      accountId: index < 3 ? '444455556666' : '111122223333',
      userName: `user-${index}`,
      createdAt: ago(index < 3 ? 7 : 40),
      lastUse: { kind: 'never' },
      dueAt: NOON + days(index < 3 ? 53 : 20),
    }));
    const accounts = [storedAccount([]), storedAccount([], { id: '444455556666', name: 'Data' })];
    await open(reportPage({ run: storedRun(accounts), quiet, before: [], isLive: false }));
    expect(await told()).to.contain(
      '0 keys of 20,003; 20,003 young keys of which nothing is asked not shown',
    );
    await choose(page, 'Show', 'Every key');
    expect(await told()).to.contain('20,000 keys of 20,003; 3 young keys');
    expect(await texts(page, '#groups-table tbody tr')).to.deep.equal(['Payments20,00000040', 'Data30007']);
  });

  const LOOKS = [
    ['light', DESK, 'light'],
    ['dark', DESK, 'dark'],
    ['phone', PHONE, 'light'],
    ['dark phone', PHONE, 'dark'],
  ] as const;
  for (const [look, viewport, scheme] of LOOKS) {
    it(`has nothing that axe would complain of: ${look}`, async () => {
      await page.setViewport(viewport);
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
      await open(reportPage(bank(120, 14)));
      await pressAll(page, '.opener', 3);
      expect(await complaintsOf(page, axe.source)).to.deep.equal([]);
    });
  }
});
