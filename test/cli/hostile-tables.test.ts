import { expect } from 'chai';
import fc from 'fast-check';
import { historyInText } from '../../src/cli/history-in-text.ts';
import { reportInText } from '../../src/cli/report-in-text.ts';
import { rowInText } from '../../src/cli/settings-in-text.ts';
import { shownInText } from '../../src/cli/settings-shown.ts';
import { statusInText } from '../../src/cli/status-in-text.ts';
import type { RotatedAccount } from '../../src/domain/report.ts';
import { days } from '../../src/domain/time.ts';
import {
  account,
  accountSettings,
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
  unreachable,
  untouched,
} from '../support/builders.ts';
import { anyText, columnsOf, HOSTILE, unseenIn, USER_NAMES } from '../support/hostile.ts';

/** An account in which every text is this one. */
function accountWith(text: string, userName = text): RotatedAccount {
  const of = (action: Parameters<typeof decision>[0]) =>
    decision(action, {
      userName,
      owner: text,
      message: text,
      key: { ...key({ replacementOf: 'AKIAOTHER' }), memory: { secretName: text, noticedAt: T0 - days(3) } },
    });
  const why = failure({ during: 'iam:ListUsers', message: text, nextStep: text });
  return rotatedAccount({
    account: account({ name: text }),
    outcomes: [
      applied(of('replace'), { accessKeyId: 'AKIANEW', secretName: text }),
      failed(of('delete'), why),
      held(of('deactivate'), 'limit', text),
      untouched(of('blocked')),
      untouched(of('wait')),
    ],
    gaps: [{ ...gap(userName), failure: why }],
    findings: [
      { severity: 'critical', message: text, nextStep: text },
      { severity: 'note', message: text },
    ],
  });
}

const written = (text: string) => ({
  key: `user#111111111111#${text}`,
  written: {
    values: { [text]: text, owner: text, exemptions: [{ owner: text, reason: text, until: text }] },
    final: [text],
  },
  changed: { at: text, by: text },
  problems: [text],
});

/** Whatever a command shows, by the name of what shows it. */
const SHOWN: Readonly<Record<string, (text: string, userName: string, columns: number) => string>> = {
  'plan and apply': (text, userName, columns) =>
    reportInText(
      runReport({
        runId: 'run-1',
        accounts: [
          accountWith(text, userName),
          unreachable(account({ name: text }), failure({ message: text, nextStep: text })),
        ],
        findings: [{ severity: 'failure', message: text, nextStep: text }],
      }),
      columns,
    ),
  status: (text, userName, columns) => statusInText(accountWith(text, userName), T0, columns),
  history: (text, userName, columns) =>
    historyInText(
      [
        {
          at: T0,
          runId: text,
          by: `arn:aws:sts::111111111111:assumed-role/${text}`,
          what: 'replaced',
          userName,
          accessKeyId: 'AKIAOLD',
          newAccessKeyId: 'AKIANEW',
          secretName: text,
          reason: text,
          message: text,
        },
      ],
      columns,
    ),
  'settings list': (text) => rowInText(written(text)),
  'settings show': (text, userName, columns) =>
    shownInText(
      {
        account: account({ name: text }),
        userName,
        settled: accountSettings({ owner: text, ownerTag: text }),
        user: {
          coverage: { covered: false, why: text },
          exemption: { owner: text, reason: text, until: T0 },
          owner: text,
          ownerFrom: text,
        },
        failure: failure({ message: text, nextStep: text }),
      },
      columns,
    ),
};

/** Lines of a table, which all end where its borders end. */
const tornIn = (text: string): readonly string[] => {
  const lines = text.split('\n');
  const width = columnsOf(lines.find((line) => line.includes('┌')) ?? '');
  const inTable = lines.filter((line) => /^\W*[│┌├└]/.test(line.replace(/\u001b\[\d+m/g, '')));
  return inTable.filter((line) => columnsOf(line) !== width);
};

describe('a hostile text in a terminal', () => {
  for (const [command, show] of Object.entries(SHOWN)) {
    for (const [title, text] of Object.entries(HOSTILE)) {
      it(`obeys nobody and tears no table: ${title}, in ${command}`, () => {
        for (const columns of [80, 130]) {
          const shown = show(text, text, columns);
          expect(unseenIn(shown)).to.deep.equal([]);
          // Faces in pieces are as wide as the terminal makes them.
          if (title !== 'faces') expect(tornIn(shown), shown).to.deep.equal([]);
          expect(shown).not.to.match(/^(DONE|- ann|===)/m);
        }
      });
    }

    it(`does no more, whatever it is, in ${command}`, () => {
      fc.assert(
        fc.property(anyText, anyText, (text, userName) => {
          expect(unseenIn(show(text, userName, 100))).to.deep.equal([]);
        }),
        { numRuns: 50 },
      );
    });
  }

  for (const userName of USER_NAMES) {
    it(`is whole where it is the name of a user: ${userName}`, () => {
      for (const command of ['plan and apply', 'status', 'history'] as const) {
        const shown = SHOWN[command]?.('honest', userName, 130) ?? '';
        expect(tornIn(shown)).to.deep.equal([]);
        const column = command === 'history' ? 3 : 1;
        const cells = shown.split('\n').map(
          (line) =>
            line
              .replace(/\u001b\[\d+m/g, '')
              .split('│')
              [column]?.trim() ?? '',
        );
        expect(cells.join('')).to.include(userName);
      }
    });
  }
});
