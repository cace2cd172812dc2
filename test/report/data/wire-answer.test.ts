import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { stringify } from 'devalue';
import { fromWire, toWire } from '../../../src/report/data/wire-answer.ts';
import type { OnDemandAnswer } from '../../../src/domain/report/on-demand-answer.ts';
import {
  account,
  accountSettings,
  applied,
  decision,
  key,
  policy,
  rotatedAccount,
  runReport,
  untouched,
} from '../../support/builders.ts';

const sent = (answer: OnDemandAnswer, most?: number) =>
  fromWire(JSON.parse(JSON.stringify(toWire(answer, most))) as unknown);

/** 300 MB of spaces before an answer that would be one. */
const bomb = (): string =>
  gzipSync(
    Buffer.concat([Buffer.alloc(300 * 1024 * 1024, ' '), Buffer.from(stringify({ kind: 'accepted' }))]),
    {
      level: 1,
    },
  ).toString('base64');

describe('an answer of the function', () => {
  const never = {
    policy: { ...policy(), unusedAfter: Infinity },
    key: { ...key(), lastUse: { kind: 'never' } as const },
  };
  const report = runReport({
    accounts: [
      rotatedAccount({
        outcomes: [untouched(decision('wait', never))],
        account: account({ name: 'app "1" \u2028' }),
        settings: accountSettings(),
      }),
    ],
  });

  for (const [title, answer] of [
    ['a report, with what JSON does not know', { kind: 'report', report }],
    ['that a limit may be passed', { kind: 'accepted' }],
    ['what is wrong with the input', { kind: 'refused', problems: ['--user: nobody'] }],
    [
      'what AWS says',
      {
        kind: 'failed',
        failure: { kind: 'denied', during: 'iam:ListUsers', message: 'no', nextStep: 'yes' },
      },
    ],
  ] as const) {
    it(`arrives as it was sent: ${title}`, () => expect(sent(answer)).to.deep.equal(answer));
  }

  it('says that the work is done where its report would be too long', () => {
    expect(sent({ kind: 'report', report }, 100)).to.deep.equal({
      kind: 'report-too-long',
      runId: report.runId,
      isClean: true,
    });
  });

  it('has room for a report about 20,000 keys', () => {
    const outcomes = (nth: number) =>
      Array.from({ length: 100 }, (_, index) =>
        applied(
          decision('replace', { userName: `user-${nth}-${index}`, key: key({ id: `AKIA${nth}X${index}` }) }),
        ),
      );
    const many = Array.from({ length: 200 }, (_, nth) =>
      rotatedAccount({ outcomes: outcomes(nth), account: account({ id: String(1e11 + nth) }) }),
    );
    expect(sent({ kind: 'report', report: { ...report, accounts: many } })?.kind).to.equal('report');
  });

  for (const [title, returned] of [
    ['nothing', null],
    ['the report of a run', { runId: 'run-1', totals: {} }],
    ['another encoding', { encoding: 'json', content: '{}' }],
    ['what can not be unpacked', { ...toWire({ kind: 'accepted' }), content: 'AAAA' }],
    ...[
      { kind: 'postponed' },
      { kind: 'constructor' },
      { kind: ['accepted'] },
      { kind: 'report' },
      { kind: 'report', report: { accounts: 'many', findings: [] } },
      { kind: 'report-too-long', runId: 'run-1' },
      { kind: 'refused', problems: 'all' },
      { kind: 'refused', problems: [] },
      { kind: 'failed', failure: { kind: 'denied' } },
      { kind: 'failed', failure: null },
      ['accepted'],
      undefined,
    ].map(
      (sentByAnother) =>
        [
          `${JSON.stringify(sentByAnother)} of another version`,
          { ...toWire({ kind: 'accepted' }), content: gzipSync(stringify(sentByAnother)).toString('base64') },
        ] as const,
    ),
    ['what is a thousand times as long when unpacked', { ...toWire({ kind: 'accepted' }), content: bomb() }],
  ] as const) {
    it(`is not ${title}`, () => expect(fromWire(returned)).to.equal(undefined));
  }
});
