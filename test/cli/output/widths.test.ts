import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import { columnsFor } from '../../../src/cli/input/columns.ts';
import { formatHealth } from '../../../src/cli/output/health.ts';
import { formatHistory } from '../../../src/cli/output/history.ts';
import { formatDifference } from '../../../src/cli/output/report/difference-text.ts';
import { differenceOf } from '../../../src/cli/output/report/difference.ts';
import { formatReport } from '../../../src/cli/output/report.ts';
import { formatRow } from '../../../src/cli/output/settings.ts';
import { formatShown } from '../../../src/cli/output/settings-shown.ts';
import { formatStatus } from '../../../src/cli/output/status.ts';
import { type Layout } from '../../../src/cli/output/layout.ts';
import { tableOf } from '../../../src/cli/output/table.ts';
import { widthOf } from '../../../src/cli/output/wrap-cells.ts';
import { DEFAULT_SETTINGS, SETTING_NAMES } from '../../../src/domain/settings/setting.ts';
import { days } from '../../../src/domain/time.ts';
import { examine } from '../../../src/run/doctor/examine.ts';
import {
  account,
  applied,
  decision,
  failed,
  failure,
  gap,
  held,
  key,
  rotatedAccount,
  runReport,
  T0,
  TOPIC_ARN,
  unreachable,
  untouched,
} from '../../support/builders.ts';
import { examination } from '../../support/memory/examination.ts';

const LONG = `Two keys, and only a person can say which may go: ${'it is due for replacement, '.repeat(4)}so decide.`;
const of = (action: Parameters<typeof decision>[0], id: string) =>
  decision(action, { owner: 'team-payments', message: LONG, key: key({ id }) });
const REPORT = runReport({
  accounts: [
    rotatedAccount({
      outcomes: [
        applied(of('replace', 'AKIAONE'), { accessKeyId: 'AKIANEW', secretName: 'access-key-rotation/ann' }),
        failed(of('replace', 'AKIATWO'), failure({ message: LONG })),
        held(of('deactivate', 'AKIATHREE'), 'limit', LONG),
        untouched(of('blocked', 'AKIAFOUR')),
        untouched({ ...of('exempt', 'AKIAFIVE'), dueAt: T0 + days(9) }),
      ],
      gaps: [gap('gus')],
      findings: [{ severity: 'critical', message: LONG, nextStep: LONG }],
    }),
    unreachable(
      account({ id: '222222222222', name: 'A name as long as names of accounts can be, and more' }),
    ),
  ],
});
const OTHER = runReport({
  accounts: [rotatedAccount({ outcomes: [untouched(of('deactivate', 'AKIAONE'))] })],
});

const ENTRY = {
  at: T0,
  runId: '20260301T060000Z-a1b2c3',
  by: 'arn:aws:sts::111122223333:assumed-role/access-key-rotation/20260301T060000Z',
  what: 'replaced',
  userName: 'svc-ledger',
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  newAccessKeyId: 'AKIAI44QH8DHBEXAMPLE',
  reason: 'due',
  message: LONG,
} as const;

const SHOWN: Readonly<Record<string, (columns?: number) => string | Promise<string>>> = {
  plan: (columns) => formatReport(REPORT, columns),
  'plan --with': (columns) => {
    const difference = differenceOf(REPORT, OTHER, {});
    const changes = [{ name: 'rotateAfter', from: 60, to: 45 }];
    return formatDifference({ changes, before: REPORT, after: OTHER, difference }, columns);
  },
  status: (columns) => formatStatus(REPORT.accounts[0] as ReturnType<typeof rotatedAccount>, T0, columns),
  history: (columns) => formatHistory([ENTRY, ENTRY], ['row#1'], columns),
  'settings show': (columns) =>
    formatShown(
      {
        account: account(),
        userName: 'ann',
        resolved: {
          values: { ...DEFAULT_SETTINGS, topicArn: TOPIC_ARN, owner: LONG },
          sources: Object.fromEntries(
            SETTING_NAMES.map((name) => [name, 'organizational unit ou-ab12-34cd56ef']),
          ),
        },
        user: { coverage: { covered: false, why: LONG } },
        failure: failure({ message: LONG }),
      },
      columns,
    ),
  'settings list': (columns) =>
    formatRow(
      { key: 'organization', written: { values: { owner: LONG }, final: [] }, problems: [LONG] },
      columns,
    ),
  doctor: async (columns) => formatHealth(await examine(examination()), columns),
};
/** How wide a terminal must be for a box; those without a number have no table. */
const BOX_FROM: Readonly<Record<string, number>> = {
  plan: 80,
  'plan --with': 80,
  status: 80,
  history: 130,
  'settings show': 80,
};

const BORDER = /[┌│├└┐┤┘─]/u;
/** It keeps its line, so that it can be copied. */
const isCommand = (line: string): boolean => /^ +(aws|npx|access-key-rotation) /.test(line);

describe('what is shown, in terminals of every width', () => {
  for (const [what, show] of Object.entries(SHOWN)) {
    for (const columns of [60, 80, 130]) {
      const isBox = columns >= (BOX_FROM[what] ?? Infinity);
      it(`fits of ${what} into ${columns} columns, ${isBox ? 'in a box' : 'without a box'}`, async () => {
        const shown = await show(columns);
        const tooWide = shown.split('\n').filter((line) => widthOf(line) > columns && !isCommand(line));
        expect(tooWide).to.deep.equal([]);
        expect(BORDER.test(shown)).to.equal(isBox);
      });
    }

    it(`draws of ${what} no box in a pipe`, async () => {
      expect(await show(undefined)).not.to.match(BORDER);
    });
  }

  it('has each key in one line in a pipe, with its account, and nothing is cut', () => {
    const lines = stripVTControlCharacters(formatReport(REPORT)).split('\n');
    const found = lines.filter((line) => line.includes('AKIAFOUR'));
    expect(found).to.have.length(1);
    expect(found[0]).to.match(
      /^111111111111 production +ann of team-payments +AKIAFOUR +30 {2}needs a person +Two keys/,
    );
    expect(found[0]?.endsWith('so decide.')).to.equal(true);
  });

  it('has the columns of a pipe where they always are', () => {
    const starts = (rows: readonly (readonly string[])[]) =>
      tableOf({ head: ['User', 'Key', 'Why'], widths: [12, 8], least: 9 }, undefined, rows)
        .split('\n')
        .map((line) => line.indexOf('why'));
    expect(
      starts([
        ['ann', 'A', 'why'],
        ['robert', 'AKIA', 'why'],
      ]).slice(1),
    ).to.deep.equal([20, 20]);
  });

  it('has a label before each value where the terminal is narrow', () => {
    const layout: Layout = { head: ['User', 'Key', 'Why'], widths: [20, 20], least: 20 };
    const rows = [
      ['ann\nteam', 'AKIA', 'because of what was said before'],
      ['bob', '', 'no'],
    ];
    expect(tableOf(layout, 30, rows).replaceAll(/\u001b\[\d+m/g, '')).to.equal(
      'User: ann team\nKey: AKIA\nWhy: because of what was\n  said before\n\nUser: bob\nWhy: no',
    );
  });

  for (const [title, stream, expected] of [
    ['those of a terminal', { isTTY: true, columns: 97 }, 97],
    ['80 of a terminal that does not say', { isTTY: true }, 80],
    ['none of a pipe, whatever COLUMNS says', { columns: 97 }, undefined],
  ] as const) {
    it(`takes ${title}`, () => {
      expect(columnsFor(stream)).to.equal(expected);
    });
  }

  it('draws 4,000 rows in no more than 40 times the time of 100', () => {
    const layout: Layout = { head: ['User', 'Key', 'Why'], widths: [20, 22], least: 30 };
    const rows = Array.from({ length: 4_000 }, (_, index) => [`user-${index}`, `AKIA${index}`, LONG]);
    tableOf(layout, 130, rows.slice(0, 100));
    const timed = (count: number) => {
      const from = performance.now();
      tableOf(layout, 130, rows.slice(0, count));
      return performance.now() - from;
    };
    const few = Math.max(timed(200), timed(200), timed(200));
    // Twice what would be fair: other tests run beside this one. Of a square it would be 400 times as long.
    expect(timed(4_000)).to.be.below(few * 40);
  });
});
