import { stripVTControlCharacters } from 'node:util';
import { csvParse } from 'd3-dsv';
import { expect } from 'chai';
import { formatOverview } from '../../../src/cli/output/overview.ts';
import { widthOf } from '../../../src/cli/output/wrap-cells.ts';
import { overviewOf } from '../../../src/domain/report/overview.ts';
import type { StoredAccount } from '../../../src/domain/report/stored-run.ts';
import { days } from '../../../src/domain/time.ts';
import { overviewCsv, safe } from '../../../src/report/overview/csv.ts';
import { overviewJson } from '../../../src/report/overview/json.ts';
import { escaped, overviewMarkdown } from '../../../src/report/overview/markdown.ts';
import { T0 } from '../../support/builders.ts';
import { storedAccount, storedKey, storedRun } from '../../support/stored-runs.ts';

const of = (...accounts: readonly StoredAccount[]) => overviewOf(storedRun(accounts), undefined, T0);
const overKeys = (count: number) =>
  [...Array(count).keys()].map((n) =>
    storedKey(`AKIA${n}`, 100 + n, {
      userName: `user-${n}`,
      owner: 'team',
      next: { what: 'deactivate', at: T0 + days(2) },
    }),
  );
const twelve = of(storedAccount({ keys: overKeys(12) }), storedAccount({ id: '222222222222', name: 'data' }));

describe('a cell of the CSV', () => {
  for (const [text, expected] of [
    ['=HYPERLINK("http://x")', `'=HYPERLINK("http://x")`],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    [' =1', "'=1"],
    ['＝1', "'＝1"],
    ['ann', 'ann'],
    ['a=b', 'a=b'],
    ['', ''],
    [undefined, ''],
    [12, '12'],
  ] as const) {
    it(`is ${JSON.stringify(expected)} for ${JSON.stringify(text)}`, () =>
      expect(safe(text)).to.equal(expected));
  }

  for (const text of ['\t=1', '\r=1', '\n=1', '\u0000=1', '\u200b=1']) {
    it(`begins with nothing that a spreadsheet carries out for ${JSON.stringify(text)}`, () =>
      expect(safe(text)).to.match(/^'[^\t\r\n]*$/));
  }
});

describe('the overview as CSV', () => {
  it('has each list in full, and is quoted as it must be', () => {
    const keys = [storedKey('AKIA1', 100, { userName: 'a,"b"', message: 'one; two' })];
    const rows = csvParse(overviewCsv(of(storedAccount({ name: '=cmd|x', keys }))));
    expect(rows).to.have.length(1);
    expect(rows[0]).to.include({
      list: 'overLimit',
      account_id: '111111111111',
      account_name: "'=cmd|x",
      user: 'a,"b"',
      age_days: '100',
      since: '2026-02-19T06:00:00.000Z',
      message: 'one; two',
    });
    expect(csvParse(overviewCsv(twelve))).to.have.length(12);
  });

  it('has the accounts that were not worked on', () => {
    const [row] = csvParse(overviewCsv(of(storedAccount({ status: 'skipped', cause: 'closed' }))));
    expect(row).to.include({ list: 'skipped', account_id: '111111111111', cause: 'closed' });
  });
});

describe('the overview as Markdown', () => {
  for (const [text, expected] of [
    ['a|b', 'a\\|b'],
    ['<img>', '\\<img\\>'],
    ['[x](y)', '\\[x\\](y)'],
    ['`a`', '\\`a\\`'],
    ['a\nb', 'a b'],
    ['back\\slash', 'back\\\\slash'],
  ] as const) {
    it(`shows ${JSON.stringify(text)} as text`, () => expect(escaped(text)).to.equal(expected));
  }

  it('shows ten of a list, and where the rest is', () => {
    const text = overviewMarkdown(twelve);
    expect(text.match(/^\| production.*AKIA\d+ \|/gm)).to.have.length(10);
    expect(text).to.include('and 2 more: access-key-rotation overview --csv');
    for (const line of text.split('\n').filter((one) => one.startsWith('|'))) expect(line).to.match(/\|$/);
  });
});

describe('the overview as JSON', () => {
  it('has a version, moments in ISO 8601 and counts as numbers', () => {
    const json = JSON.parse(overviewJson(twelve)) as Record<string, unknown>;
    expect(json).to.deep.include({ schemaVersion: 1, finishedAt: '2026-03-01T06:00:00.000Z', accounts: 2 });
    expect(json).to.have.nested.property('lists.overLimit[0].since', '2026-02-08T06:00:00.000Z');
    expect(json).to.have.nested.property('lists.overLimit[0].next.at', '2026-03-03T06:00:00.000Z');
    expect(json).to.have.nested.property('ages.over', 12);
  });
});

describe('the overview in a terminal', () => {
  it('says first how many keys there are, and how old', () => {
    const text = stripVTControlCharacters(formatOverview(twelve, T0 + days(3), 120));
    expect(text).to.include(
      '12 active keys of 0 users in 2 accounts, as run 20260301T055900Z-a1b2c3 left them',
    );
    expect(text).to.include('2026-03-01 06:00 UTC (3 days ago)');
    expect(text).to.match(/over the limit: past deleteAfter +12$/m);
    expect(text).to.include('Over the limit: active, and older than deleteAfter (12)');
    expect(text).to.include('and 2 more: access-key-rotation overview --csv');
    expect(text).to.include('Since 2026-02-08.');
    expect(text).to.include('Within 7 days: 12 deactivated.');
  });

  it('says that nothing stands out', () =>
    expect(formatOverview(of(storedAccount()), T0)).to.include('Nothing stands out.'));

  for (const columns of [60, 80, 120]) {
    it(`has no line outside its tables that is wider than ${columns} columns`, () => {
      const lines = formatOverview(twelve, T0, columns).split('\n');
      const outside = lines.filter((line) => !/^[│┌├└]/.test(line));
      expect(outside.filter((line) => widthOf(line) > columns)).to.deep.equal([]);
    });
  }

  it('calls units by their names and ids, where the names are known', () => {
    const overview = of(
      storedAccount({ id: '1', ouPath: ['r', 'ou-a'], ouNames: ['Root', 'Pro\u202ed'] }),
      storedAccount({ id: '2', ouPath: ['r', 'ou-b'] }),
      storedAccount({ id: '3' }),
    );
    const shown = (text: string) => text.slice(text.indexOf('By unit'), text.indexOf('By owner'));
    for (const text of [formatOverview(overview, T0), overviewMarkdown(overview)]) {
      expect(shown(text)).to.match(/Prod \(ou-a\)[^]*ou-b[^]*not known|not known[^]*Prod \(ou-a\)[^]*ou-b/);
    }
  });

  it('shows foreign text as text', () => {
    const keys = [storedKey('AKIA1', 100, { userName: 'a\u001b[2Jb', message: 'x\u0007y' })];
    const text = formatOverview(of(storedAccount({ name: 'n\u202ee', keys })), T0);
    expect(text).not.to.match(/\u001b\[2J|\u0007|\u202e/);
  });
});
