import { createHash } from 'node:crypto';
import { expect } from 'chai';
import type { QuietKey, StoredKey, StoredRun } from '../../../src/domain/report/stored-run.ts';
import { days } from '../../../src/domain/time.ts';
import { earlierRun } from '../../../src/report/page/earlier-run.ts';
import { reportPage } from '../../../src/report/page/page.ts';
import { fromColumns } from '../../../src/report/page/columns.ts';
import type { PageData, PageKey } from '../../../src/report/page/page-data.ts';
import { committedAssets, pageAssets } from '../../../scripts/page-script.ts';
import { HOSTILE } from '../../support/hostile.ts';
import { ago, NOON, storedAccount, storedKey, storedRun } from '../../support/page/builders.ts';

const pageOf = (run: StoredRun, before: readonly StoredRun[] = []) =>
  reportPage({
    run,
    quiet: [],
    before: before.map((one, index) => earlierRun(one, index === 0)),
    isLive: false,
  });
const withKeys = (...keys: readonly StoredKey[]) => storedRun([storedAccount(keys)]);

const between = (text: string, begin: string, end: string): string => {
  const from = text.indexOf(begin) + begin.length;
  expect(from).to.be.at.least(begin.length);
  return text.slice(from, text.indexOf(end, from));
};
const dataOf = (page: string) =>
  JSON.parse(between(page, '<script type="application/json" id="data">', '</script>')) as PageData;
const keysOf = (page: string): readonly PageKey[] =>
  fromColumns(dataOf(page).keys, ['account', 'user', 'created']);
/** As a person reads it, without tags. */
const textOf = (page: string): string =>
  between(page, '<main', '<script')
    .replaceAll(/<\/?(?:bdi|code|time|b|span|a)\b[^>]*>/g, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');

describe('the page of a run', () => {
  it('has the script and the style that browser/ makes: `npm run page`', async () => {
    expect(committedAssets()).to.equal(await pageAssets());
  });

  it('has a script below 30 KB', () => {
    expect(between(pageOf(withKeys()), '<script>', '</script>').length).to.be.within(5_000, 30_000);
  });

  it('lets run and style nothing but its own script and style, and load nothing', () => {
    const page = pageOf(withKeys(storedKey()));
    const hash = (text: string) => `&#39;sha256-${createHash('sha256').update(text).digest('base64')}&#39;`;
    expect(
      between(page, 'http-equiv="Content-Security-Policy" content="', '"').replaceAll(/\s+/g, ' '),
    ).to.equal(
      `default-src &#39;none&#39;; script-src ${hash(between(page, '<script>', '</script>'))}; style-src ${hash(between(page, '<style>', '</style>'))}; base-uri &#39;none&#39;; form-action &#39;none&#39;`,
    );
    expect(page).not.to.match(/ style=| on\w+=|<link|<img|<iframe|src=|https?:/i);
  });

  for (const [what, text] of Object.entries(HOSTILE)) {
    it(`shows ${what} as text wherever it comes from`, () => {
      const key = storedKey({
        userName: text,
        keyId: text,
        owner: text,
        message: text,
        nextStep: text,
        action: 'blocked',
        createdAt: ago(100),
        lastUse: { kind: 'used', at: ago(1), service: text, region: text },
      });
      const failure = { kind: 'denied' as const, during: text, message: text, nextStep: text };
      const hostile = pageOf(
        storedRun(
          [
            storedAccount([key], {
              name: text,
              ouPath: [text],
              findings: [{ severity: 'note', message: text }],
            }),
            storedAccount([], { id: '444455556666', name: text, status: 'unreachable', failure }),
          ],
          { runId: text },
        ),
      );
      const harmless = pageOf(
        storedRun(
          [
            storedAccount(
              [
                {
                  ...key,
                  userName: 'x',
                  keyId: 'x',
                  owner: 'x',
                  message: 'x',
                  nextStep: 'x',
                  lastUse: { kind: 'used', at: ago(1), service: 'x', region: 'x' },
                },
              ],
              {
                name: 'x',
                ouPath: ['x'],
                findings: [{ severity: 'note', message: 'x' }],
              },
            ),
            storedAccount([], {
              id: '444455556666',
              name: 'x',
              status: 'unreachable',
              failure: { kind: 'denied', during: 'x', message: 'x', nextStep: 'x' },
            }),
          ],
          { runId: 'x' },
        ),
      );
      // The same elements, with the same attributes, whatever the texts are.
      const tags = (page: string) =>
        (page.match(/<[!/a-z][^>]*>/gi) ?? []).map((tag) => tag.replaceAll(/"[^"]*"/g, '""'));
      expect(tags(hostile)).to.deep.equal(tags(harmless));
      expect(hostile).not.to.match(/[\u202a-\u202e\u2066-\u2069\u0000-\u0008\u001b\u200b]/);
    });
  }

  it('counts the active keys that are older than their policy allows, and says since when', () => {
    const page = pageOf(
      withKeys(
        storedKey({
          userName: 'old',
          keyId: 'AKIAOLD',
          createdAt: ago(95),
          reason: 'never-used',
          action: 'wait',
        }),
        storedKey({
          userName: 'edge',
          keyId: 'AKIAEDGE',
          createdAt: ago(90),
          reason: 'never-used',
          action: 'wait',
        }),
        storedKey({ userName: 'below', keyId: 'AKIABELOW', createdAt: ago(90) + 1 }),
        storedKey({ userName: 'off', keyId: 'AKIAOFF', createdAt: ago(300), status: 'inactive' }),
        storedKey({
          userName: 'own',
          keyId: 'AKIAOWN',
          createdAt: ago(95),
          policy: { rotateAfter: days(100), deactivateAfter: days(150), deleteAfter: days(200) },
        }),
      ),
    );
    expect(textOf(page)).to.contain('2 active keys are over the limit');
    expect(textOf(page)).to.contain('The longest: AKIAOLD of old in Payments, since 2026-11-25 (5 days)');
    expect(keysOf(page).flatMap(({ id, over }) => (over === undefined ? [] : [id]))).to.deep.equal([
      'AKIAOLD',
      'AKIAEDGE',
    ]);
  });

  const oldKey = (name: string) => storedKey({ userName: name, keyId: `AKIA${name}`, createdAt: ago(150) });
  const runOf = (over: number, weeks: number) =>
    storedRun([storedAccount(Array.from({ length: over }, (_, index) => oldKey(`u${index}`)))], {
      runId: `run-${weeks}`,
      finishedAt: NOON - days(7 * weeks),
    });
  const TRENDS: readonly (readonly [counts: readonly number[], words: string])[] = [
    [[2, 3, 5], 'It is getting better: 1 fewer than on 2026-11-23, 3 fewer than on 2026-11-16'],
    [[5, 3, 2], 'It is getting worse: 2 more than on 2026-11-23, 3 more than on 2026-11-16'],
    [[4, 3, 5], 'Better than it was, but worse than in the last run: 1 more than on 2026-11-23, 1 fewer'],
    [[3, 3], 'It stays as it is: as many as on 2026-11-23'],
    [[3], 'No earlier run is stored, so there is no trend yet.'],
  ];
  for (const [counts, words] of TRENDS) {
    it(`says of ${counts.join(', ')} keys, newest first: ${words}`, () => {
      const [run, ...before] = counts.map((count, index) => runOf(count, index));
      expect(textOf(pageOf(run!, before))).to.contain(words);
    });
  }

  it('measures the trend by runs over the whole organization only', () => {
    const part = { ...runOf(9, 1), isWhole: false };
    expect(textOf(pageOf(runOf(2, 0), [part, runOf(3, 2)]))).to.contain('1 fewer than on 2026-11-16');
  });

  it('says what the limit is, and where accounts have other ones that it is that of most', () => {
    const [own, other] = [
      { rotateAfter: days(60), deactivateAfter: days(80), deleteAfter: days(90) },
      { rotateAfter: days(20), deactivateAfter: days(30), deleteAfter: days(45.5) },
    ];
    const accounts = (...policies: readonly (typeof own)[]) =>
      storedRun(policies.map((policy, index) => storedAccount([], { id: String(index), policy })));
    expect(textOf(pageOf(accounts(own, own)))).to.contain('The limit is 90 days. ');
    expect(textOf(pageOf(accounts(other)))).to.contain('The limit is 45.5 days. ');
    expect(textOf(pageOf(accounts(other, own, own)))).to.contain('The limit is 90 days in most accounts. ');
    const { policy: _, ...unread } = storedAccount([]);
    expect(textOf(pageOf(storedRun([unread])))).not.to.contain('The limit is');
  });

  it('has what is critical on its first screen, and above what else is to be known', () => {
    const finding = (severity: 'critical' | 'note', message: string) => ({ severity, message });
    const page = pageOf(
      storedRun([
        storedAccount([], { name: 'Quiet', findings: [finding('note', 'A NOTE')] }),
        storedAccount([], { name: 'Sandbox', findings: [finding('critical', 'ROOT KEYS')] }),
        storedAccount([], { name: 'Data', findings: [finding('critical', 'NO READERS')] }),
      ]),
    );
    const first = between(page, '<section class="overview"', '</section>').replaceAll(/<[^>]*>|\s+/g, ' ');
    expect(first.replaceAll(/ +/g, ' ')).to.contain(
      'Critical, Sandbox 111122223333 : ROOT KEYS. What to do, and 1 more',
    );
    expect(first).not.to.contain('A NOTE');
    expect(textOf(page)).to.match(/Critical 2 .*ROOT KEYS.*NO READERS.*To be known 1 .*A NOTE/);
    expect(textOf(pageOf(withKeys()))).not.to.contain('Critical');
  });

  it('says since when a new key is there to which nobody has moved', () => {
    const page = pageOf(
      withKeys(
        storedKey({ keyId: 'AKIAOLD', replacedBy: 'AKIANEW', adoption: 'not-adopted', createdAt: ago(70) }),
        storedKey({ keyId: 'AKIANEW', replacementOf: 'AKIAOLD', deliveredAt: ago(9), createdAt: ago(9) }),
        storedKey({ userName: 'bob', keyId: 'AKIABOB', replacedBy: 'AKIAGONE', adoption: 'not-adopted' }),
      ),
    );
    const [, ...cells] = between(page, 'Replaced keys whose owner', '</table>').split(
      /data-label="New key since"\s*>/,
    );
    expect(
      cells.map((cell) =>
        cell
          .slice(0, cell.indexOf('</td>'))
          .replaceAll(/<[^>]*>|\s+/g, ' ')
          .replaceAll(/ +/g, ' ')
          .trim(),
      ),
    ).to.deep.equal(['2026-11-21 9 days', 'not known']);
  });

  it('tells of two keys in use once, with who uses each, and what to do', () => {
    const both = {
      action: 'blocked',
      reason: 'two-keys-in-use',
      message: 'LONG',
      createdAt: ago(100),
    } as const;
    const use = { kind: 'used', at: ago(3), service: 's3', region: 'eu-west-1' } as const;
    const text = textOf(
      pageOf(
        withKeys(
          storedKey({ ...both, keyId: 'AKIAONE', lastUse: use }),
          storedKey({ ...both, keyId: 'AKIATWO', lastUse: { kind: 'used', at: ago(1) } }),
          storedKey({ keyId: 'AKIATHREE', status: 'inactive' }),
        ),
      ),
    );
    expect(text).to.contain(
      'Only a person can say which may go. AKIAONE last used 2026-11-27 by s3 in eu-west-1 AKIATWO last used 2026-11-29 ',
    );
    expect(text).to.contain('move all of it to one, then switch the other one off.');
    expect(text.split('Nothing by itself: it needs a person.')).to.have.length(3);
    expect(text).not.to.contain('LONG');
  });

  it('counts the keys that are used, and tells of how many nobody knows', () => {
    const uses = (...all: readonly StoredKey['lastUse'][]) =>
      textOf(pageOf(withKeys(...all.map((lastUse, index) => storedKey({ keyId: `AKIA${index}`, lastUse })))));
    const [used, unknown, never] = [
      { kind: 'used', at: ago(30) },
      { kind: 'unknown' },
      { kind: 'never' },
    ] as const;
    expect(uses(used, unknown, unknown, never)).to.contain(
      'Of 4 active keys 1 was used in the last 30 days; the last use of 2 others was not read',
    );
    expect(uses(used, { kind: 'used', at: ago(31) }, used)).to.contain(
      'Of 3 active keys 2 were used in the last 30 days. Rotation',
    );
  });

  const STATES: readonly (readonly [state: string, facts: Partial<StoredKey>])[] = [
    ['person', { action: 'blocked', reason: 'two-keys-in-use' }],
    ['person', { action: 'wait', reason: 'deadline-notice', replacedBy: 'AKIANEW' }],
    ['person', { action: 'wait', reason: 'slot-held', next: { what: 'person', at: NOON } }],
    ['waiting', { action: 'wait', reason: 'slot-held', next: { what: 'person', at: NOON + 1 } }],
    ['moving', { action: 'wait', reason: 'still-needed', replacedBy: 'AKIANEW', adoption: 'adopted' }],
    ['moved', { action: 'wait', reason: 'moved-grace', replacedBy: 'AKIANEW', adoption: 'moved' }],
    ['failed', { action: 'replace', reason: 'due', outcome: 'failed' }],
    ['held', { action: 'replace', reason: 'due', outcome: 'held' }],
    ['due', { action: 'replace', reason: 'due' }],
    ['retiring', { action: 'wait', reason: 'unused-notice' }],
    ['off', { action: 'wait', reason: 'recovery-grace', status: 'inactive' }],
    ['deleted', { action: 'delete', reason: 'recovery-grace-over', status: 'deleted', outcome: 'applied' }],
    ['exempt', { action: 'exempt', reason: 'exempt' }],
  ];
  for (const [state, facts] of STATES) {
    it(`calls a key ${state} that is ${JSON.stringify(facts)}`, () => {
      expect(keysOf(pageOf(withKeys(storedKey(facts))))[0]?.state).to.equal(state);
    });
  }

  it('tells two keys of a rotation from two keys', () => {
    const pairs = (...keys: readonly StoredKey[]) =>
      keysOf(pageOf(withKeys(...keys))).map(({ pair }) => pair);
    const [one, two] = [storedKey(), storedKey({ keyId: 'AKIATWO' })];
    expect(pairs({ ...one, replacedBy: 'AKIATWO' }, { ...two, replacementOf: 'AKIAONE' })).to.deep.equal([
      'old',
      'new',
    ]);
    expect(pairs(one, two)).to.deep.equal(['two', 'two']);
    expect(pairs(one, { ...two, status: 'inactive' })).to.deep.equal([undefined, undefined]);
    expect(pairs(one, { ...two, userName: 'bob' })).to.deep.equal([undefined, undefined]);
  });

  it('has a calendar with what comes on each day of the next 30, and what is late on the first', () => {
    const next = (what: 'deactivate' | 'delete', at: number) =>
      storedKey({ keyId: `AKIA${at}`, next: { what, at } });
    const page = pageOf(
      storedRun([
        storedAccount(
          [
            next('deactivate', NOON + days(3)),
            next('deactivate', NOON + days(3) + 1),
            next('delete', ago(2)),
            next('delete', NOON + days(30)),
          ],
          { quiet: { users: 4, activeKeys: 4, dueOn: { '2026-12-05': 3, '2027-01-20': 1 } } },
        ),
      ]),
    );
    const entries = [...page.matchAll(/data-day="(.*?)"\s+data-next="(.*?)"[^]*?<b>(\d+)<\/b>/g)].map(
      ([, ...entry]) => entry.join(' '),
    );
    expect(entries).to.deep.equal(['2026-11-30 delete 1', '2026-12-03 deactivate 2', '2026-12-05 replace 3']);
  });

  it('says what changed since the last run over the whole organization', () => {
    const before = storedRun(
      [
        storedAccount([
          oldKey('gone'),
          oldKey('stays'),
          storedKey({
            userName: 'moves',
            keyId: 'AKIAMOVES',
            replacedBy: 'AKIANEW',
            adoption: 'not-adopted',
          }),
        ]),
      ],
      { finishedAt: ago(7), runId: 'before' },
    );
    const run = storedRun([
      storedAccount([
        { ...oldKey('gone'), status: 'inactive', action: 'deactivate', outcome: 'applied' },
        oldKey('stays'),
        oldKey('new'),
        storedKey({ userName: 'moves', keyId: 'AKIAMOVES', replacedBy: 'AKIANEW', adoption: 'moved' }),
      ]),
    ]);
    const changes = between(pageOf(run, [before]), '<ul class="changes">', '</ul>')
      .replaceAll(/<[^>]*>/g, '')
      .split(/(?=\d+ key)/)
      .map((text) => text.replaceAll(/\s+/g, ' ').trim())
      .filter((text) => text !== '');
    expect(changes).to.deep.equal([
      '1 key now over the limit: new (Payments)',
      '1 key no longer over the limit: gone (Payments)',
      '1 key whose owner has moved to the new one: moves (Payments)',
      '1 key switched off: gone (Payments)',
    ]);
  });

  it('keeps what this and earlier runs did, newest first', () => {
    const did = (what: 'replace' | 'delete', finishedAt: number) =>
      storedRun([storedAccount([storedKey({ action: what, outcome: 'applied', replacedBy: 'AKIANEW' })])], {
        finishedAt,
      });
    const { done } = dataOf(pageOf(did('delete', NOON), [did('replace', ago(7))]));
    expect(done.what).to.deep.equal(['delete', 'replace']);
    expect(done.at).to.deep.equal([NOON / 1000, ago(7) / 1000]);
    expect(done.newId).to.deep.equal([0, 'AKIANEW']);
  });

  it('says that a live look changed nothing, and that a part is a part', () => {
    const live = reportPage({ run: withKeys(), quiet: [], before: [], isLive: true });
    expect(textOf(live)).to.contain('Looked up now, and nothing was changed.');
    expect(textOf(pageOf({ ...withKeys(), isWhole: false }))).to.contain('a part of the organization only');
  });

  it('lists of very many young keys those due first, and counts the others by account', () => {
    const MOST = 20_000;
    // Two more than are listed: those of the account that was looked at last are due last.
    const quiet = Array.from({ length: MOST + 2 }, (_, index): QuietKey => ({
      accountId: index < 2 ? '444455556666' : '111122223333',
      userName: `user-${index}`,
      createdAt: index < 2 ? ago(index + 1) : ago(40),
      lastUse: { kind: 'never' },
      dueAt: index < 2 ? NOON + days(59 - index) : NOON + days(20),
    }));
    const page = reportPage({ run: withKeys(), quiet, before: [], isLive: false });
    expect(keysOf(page)).to.have.length(MOST);
    expect(dataOf(page).accounts.map(({ id, unlisted }) => [id, unlisted])).to.deep.equal([
      ['111122223333', undefined],
      ['444455556666', [2, ago(2) / 1000]],
    ]);
    expect(textOf(page)).to.contain(`${(MOST + 2).toLocaleString('en-US')} active keys`);
  });

  it('keeps of an earlier run no more than it shows, but for the last', () => {
    const run = withKeys(storedKey({ action: 'replace', outcome: 'applied' }), storedKey());
    const [old, last] = [earlierRun(run, false), earlierRun(run, true)];
    expect(JSON.stringify(old)).to.have.length.below(JSON.stringify(run).length);
    expect(old).to.not.have.property('run');
    expect(old.deeds.map(({ what }) => what)).to.deep.equal(['replace']);
    expect(last.run).to.equal(run);
  });
});
