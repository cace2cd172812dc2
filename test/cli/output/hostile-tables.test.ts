import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import fc from 'fast-check';
import { formatHealth } from '../../../src/cli/output/health.ts';
import { formatHistory } from '../../../src/cli/output/history.ts';
import { formatReport } from '../../../src/cli/output/report.ts';
import { formatChange, formatRow } from '../../../src/cli/output/settings.ts';
import { formatShown } from '../../../src/cli/output/settings-shown.ts';
import { formatStatus } from '../../../src/cli/output/status.ts';
import { formatResults, formatStates, formatSteps } from '../../../src/cli/output/subscriptions.ts';
import { widthOf } from '../../../src/cli/output/wrap-cells.ts';
import { escape } from '../../../src/cli/output/escape.ts';
import { notChecked, wrong } from '../../../src/domain/health/check.ts';
import type { HistoryEntry } from '../../../src/domain/rotation/history.ts';
import type { RotatedAccount } from '../../../src/domain/report/run-report.ts';
import { DEFAULT_SETTINGS, SETTING_NAMES } from '../../../src/domain/settings/setting.ts';
import type { Step } from '../../../src/domain/subscriptions/plan.ts';
import { days } from '../../../src/domain/time.ts';
import {
  account,
  applied,
  decision,
  failed,
  failure,
  gap,
  held,
  key,
  partial,
  rotatedAccount,
  runReport,
  T0,
  TOPIC_ARN,
  unreachable,
  untouched,
} from '../../support/builders.ts';
import { anyText, HOSTILE, unseenIn } from '../../support/hostile.ts';
import { columnsByCharacter } from './columns.ts';

const why = (text: string) => failure({ during: text, message: text, nextStep: text });

/** An account with something to report in every field, with one text wherever a text may come from outside. */
function rotatedWith(text: string): RotatedAccount {
  const of = (action: Parameters<typeof decision>[0]) =>
    decision(action, { owner: text, message: text, key: { ...key(), memory: { secretName: text } } });
  return rotatedAccount({
    account: account({ name: text }),
    outcomes: [
      applied(of('replace'), { accessKeyId: 'AKIANEW', secretName: text, secretArn: text }),
      failed(of('replace'), why(text)),
      partial({ ...of('delete'), userName: text }),
      held(of('deactivate'), 'limit', text),
      untouched({ ...of('exempt'), dueAt: T0 + days(9) }),
    ],
    gaps: [{ ...gap('gus'), failure: why(text) }],
    findings: [{ severity: 'critical', message: text, nextStep: text }],
  });
}

const entry = (text: string): HistoryEntry => ({
  at: T0,
  runId: text,
  by: text,
  what: 'replaced',
  userName: text,
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  newAccessKeyId: text,
  reason: text,
  message: text,
});

const subscribeStep = (text: string): Step => ({
  kind: 'subscribe',
  protocol: text,
  endpoint: text,
  topicArn: TOPIC_ARN,
  filter: { kind: 'custom', policy: text, scope: text },
});

/** Everything that is shown to people, with this text in it. */
const SHOWN: Readonly<Record<string, (text: string, columns: number) => string>> = {
  'plan and apply': (text, columns) =>
    formatReport(
      runReport({
        runId: text,
        accounts: [rotatedWith(text), unreachable(account({ name: text }), why(text))],
      }),
      columns,
    ),
  status: (text, columns) => formatStatus(rotatedWith(text), T0, columns),
  history: (text, columns) => formatHistory([entry(text), entry(`it was ${text}`)], [], columns),
  'settings show': (text, columns) =>
    formatShown(
      {
        account: account({ name: text }),
        userName: text,
        resolved: {
          values: { ...DEFAULT_SETTINGS, owner: text, secretReplicaRegions: [text, text] },
          sources: Object.fromEntries(SETTING_NAMES.map((name) => [name, 'default'])),
        },
        user: { coverage: { covered: false, why: text }, owner: text, ownerFrom: text },
        failure: why(text),
      },
      columns,
    ),
  'settings list': (text) =>
    formatRow({
      key: text,
      written: { values: { owner: text, [text]: text }, final: [] },
      changed: { at: text, by: text },
      problems: [text],
    }),
  'settings set': (text) =>
    formatChange({ key: text, kind: 'changed', settings: [{ name: 'owner', from: text, to: [text] }] }),
  subscribe: (text) =>
    [
      formatStates([
        { kind: 'pending', address: text, topicArn: TOPIC_ARN },
        { kind: 'refused', address: text, accountIds: [], why: text, nextStep: text },
        { kind: 'note', message: text },
      ]),
      formatSteps([subscribeStep(text)]),
      formatResults([{ step: subscribeStep(text), status: 'failed', failure: why(text) }]),
    ].join(''),
  doctor: (text, columns) =>
    formatHealth(
      {
        checkedAt: T0,
        accounts: [account({ name: text })],
        checks: [
          wrong('topic', text, text, text),
          { ...notChecked('account', text, text), accountId: account().id },
        ],
      },
      columns,
    ),
};

/** So wide that every table is a box. */
const BOXED = 130;
const TABLES: readonly string[] = ['plan and apply', 'status', 'history', 'settings show'];
const COLOURS = /\u001b\[\d+m/g;
const linesOfTables = (shown: string): readonly string[] =>
  shown
    .replaceAll(COLOURS, '')
    .split('\n')
    .filter((line) => /^[┌│├└].*[┐│┤┘]$/su.test(line));

/** What is wrong with all that is shown, as it leaves the last guard. */
const wrongWith = (text: string, columns: number, measure = widthOf): readonly string[] =>
  Object.entries(SHOWN).flatMap(([what, show]) => {
    const shown = escape(show(text, columns));
    const widths = new Set(linesOfTables(shown).map(measure));
    return [
      ...unseenIn(shown).map((found) => `${what} holds ${JSON.stringify(found)}`),
      ...(widths.size > 1 || (widths.size === 0 && TABLES.includes(what) && columns >= BOXED)
        ? [`${what} has lines of ${[...widths].join()} columns`]
        : []),
    ];
  });

describe('a hostile text in a terminal', () => {
  for (const [title, text] of Object.entries(HOSTILE)) {
    it(`tears no table, and takes no time: ${title}`, function () {
      expect(wrongWith(text, 130, columnsByCharacter)).to.deep.equal([]);
    });
  }

  it('tears no table, whatever it is and however wide the terminal', function () {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 1, max: 250 }), (text, columns) => {
        expect(wrongWith(text, columns)).to.deep.equal([]);
      }),
      { numRuns: 200 },
    );
  });

  it('hides no next step, however long the message before it', () => {
    const nextStep = `Run aws ${'Q'.repeat(700)}.`;
    const outcomes = [failed(decision('replace'), failure({ message: 'x'.repeat(3_000), nextStep }))];
    const shown = formatReport(runReport({ accounts: [rotatedAccount({ outcomes })] }), 130);
    expect(shown.replaceAll(/[^Q]/g, '')).to.have.length(700);
  });

  it('hides no user, however long the name of its owner', () => {
    const of = decision('replace', { userName: 'Q'.repeat(64), owner: 'x'.repeat(256) });
    const facts = rotatedAccount({ outcomes: [untouched(of)] });
    for (const shown of [formatReport(runReport({ accounts: [facts] }), 130), formatStatus(facts, T0, 130)]) {
      expect(shown.replaceAll(/[^Q]/g, '')).to.have.length(64);
      expect(stripVTControlCharacters(shown)).to.contain('x…');
    }
  });
});
