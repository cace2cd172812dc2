import { expect } from 'chai';
import fc from 'fast-check';
import type { RotatedAccount, RunReport } from '../../src/domain/report/run-report.ts';
import { digestOf } from '../../src/report/digest/digest.ts';
import { eventsOf } from '../../src/report/data/events.ts';
import { jsonReportOf } from '../../src/report/data/json-report.ts';
import { summaryOf } from '../../src/report/summary/summary.ts';
import { days } from '../../src/domain/time.ts';
import {
  account,
  applied,
  decision,
  failed,
  failure,
  gap,
  held,
  key,
  policy,
  rotatedAccount,
  runReport,
  T0,
  unreachable,
  untouched,
} from '../support/builders.ts';
import { anyText, HOSTILE, unseenIn, USER_NAMES } from '../support/hostile.ts';
import { context, headings, replaced } from './support.ts';

/** Everything that can be said of an account, with one text wherever a text may come from outside. */
function everythingWith(text: string, userName = text): RotatedAccount {
  const owner = text;
  const of = (action: Parameters<typeof decision>[0], more: Parameters<typeof decision>[1] = {}) =>
    decision(action, {
      userName,
      userArn: `arn:aws:iam::111111111111:user/${userName}`,
      owner,
      message: text,
      ...more,
    });
  const why = failure({ during: text, message: text, nextStep: text });
  const exemption = { owner: text, reason: text, until: T0 + days(9) };
  return rotatedAccount({
    account: account({ name: text }),
    outcomes: [
      replaced(of('replace'), 'AKIANEW', text),
      applied(of('deactivate')),
      applied(of('delete')),
      failed(of('replace'), why),
      { status: 'partial', decision: of('replace'), failure: why, createdKeyId: 'AKIAHALF' },
      untouched(of('blocked')),
      held(of('delete'), 'limit', text),
      untouched(
        of('wait', {
          reason: 'unused-notice',
          notice: { about: 'unused', date: T0 + days(10) },
          dueAt: T0 + days(10),
        }),
      ),
      untouched(of('exempt', { policy: policy({ exemption }), dueAt: exemption.until })),
      untouched(of('keep', { dueAt: T0 + days(3), key: key({ age: days(50) }) })),
    ],
    gaps: [{ ...gap(userName), failure: why }],
    findings: [
      { severity: 'critical', message: text, nextStep: text },
      { severity: 'failure', message: text, nextStep: text },
      { severity: 'note', message: text },
    ],
  });
}

const runWith = (text: string, userName = text): RunReport =>
  runReport({
    runId: text,
    accounts: [
      everythingWith(text, userName),
      unreachable(account({ name: text }), failure({ during: text, message: text, nextStep: text })),
    ],
    findings: [{ severity: 'failure', message: text, nextStep: text }],
  });

/** Every text of JSON that is more than JSON. */
const unseenInJson = (json: unknown): readonly string[] => {
  const found: string[] = [];
  JSON.stringify(json, (name: string, value: unknown) => {
    found.push(
      ...unseenIn(name),
      ...(typeof value === 'string' ? unseenIn(value.replaceAll('\n', '\r')) : []),
    );
    return value;
  });
  return found;
};

const SNS_LIMIT = 262_144;

/** What is wrong with what people and programs are told. */
function wrongWith(text: string, userName = text): readonly string[] {
  const report = everythingWith(text, userName);
  const honest = everythingWith('honest', 'ann');
  const digests = [digestOf(report, context({ runId: text })), summaryOf(runWith(text, userName), {})];
  const expected = [digestOf(honest, context()), summaryOf(runWith('honest', 'ann'), {})];
  return digests.flatMap((digest, index) => {
    const { subject = '', text: letter = '', json = '', attributes = {}, lists = {} } = digest ?? {};
    const size = Buffer.byteLength(JSON.stringify({ default: json, email: letter, sms: subject }));
    return [
      ...(/^[\x20-\x7e]{1,100}$/.test(subject) ? [] : [`the subject is ${JSON.stringify(subject)}`]),
      ...unseenIn(letter).map((found) => `unseen in the letter: ${JSON.stringify(found)}`),
      ...unseenInJson(JSON.parse(json)).map((found) => `unseen in the JSON: ${JSON.stringify(found)}`),
      ...unseenInJson([attributes, lists]).map((found) => `unseen in an attribute: ${JSON.stringify(found)}`),
      ...(Object.values(attributes).includes('') ? ['an attribute is empty'] : []),
      ...(String(headings({ text: letter })) === String(headings({ text: expected[index]?.text ?? '' }))
        ? []
        : [`the headings are ${headings({ text: letter }).join()}`]),
      ...(size < SNS_LIMIT ? [] : [`it has ${size} bytes`]),
    ];
  });
}

describe('a hostile text', () => {
  for (const [title, text] of Object.entries(HOSTILE)) {
    it(`is but text in digests and summaries: ${title}`, () => {
      expect(wrongWith(text)).to.deep.equal([]);
    });
  }

  for (const userName of USER_NAMES) {
    it(`may be the name of a user: ${userName}`, () => {
      expect(wrongWith('honest', userName)).to.deep.equal([]);
      const digest = digestOf(everythingWith('honest', userName), context());
      const { entries } = JSON.parse(digest?.json ?? '') as { entries: { userName: string | null }[] };
      expect(new Set(entries.map((entry) => entry.userName))).to.deep.equal(new Set([userName, null]));
    });
  }

  it('is but text in digests and summaries, whatever it is', () => {
    fc.assert(
      fc.property(anyText, anyText, (text, userName) => {
        expect(wrongWith(text, userName)).to.deep.equal([]);
      }),
      { numRuns: 200 },
    );
  });

  it('is but text in events', () => {
    fc.assert(
      fc.property(anyText, anyText, (text, userName) => {
        const events = runWith(text, userName).accounts.flatMap((report) =>
          eventsOf(report, { runId: text, mode: 'enforce', now: T0 }),
        );
        expect(events).to.have.length.above(5);
        for (const event of events) {
          expect(unseenInJson(event)).to.deep.equal([]);
          expect(JSON.parse(JSON.stringify(event))).to.deep.equal(event);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('is in the JSON report exactly as it is', () => {
    fc.assert(
      fc.property(anyText, anyText, (text, userName) => {
        const report = jsonReportOf(runWith(text, userName));
        expect(JSON.parse(JSON.stringify(report))).to.deep.equal(report);
        const [rotated] = report.accounts;
        expect(rotated?.accountName).to.equal(text);
        expect(new Set(rotated?.outcomes.map((outcome) => outcome.userName))).to.deep.equal(
          new Set([userName]),
        );
        expect(rotated?.findings.map(({ message }) => message)).to.deep.equal([text, text, text]);
        expect(rotated?.outcomes.filter(({ nextStep }) => nextStep === text)).to.have.length.above(2);
      }),
    );
  });
});
