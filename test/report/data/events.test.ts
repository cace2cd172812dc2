import { expect } from 'chai';
import type { Decision } from '../../../src/domain/rotation/decision.ts';
import type { Event } from '../../../src/domain/report/event.ts';
import type { Mode } from '../../../src/domain/rotation/limits.ts';
import type { Outcome } from '../../../src/domain/report/outcome.ts';
import type { NoticeAbout } from '../../../src/domain/rotation/notice.ts';
import { days, type Duration } from '../../../src/domain/time.ts';
import { eventsOf } from '../../../src/report/data/events.ts';
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
  notEntered,
  partial,
  rotatedAccount,
  T0,
  unreachable,
  untouched,
} from '../../support/builders.ts';
import { replaced, unusedNotice, type Facts } from '../support.ts';

const CONTEXT = { runId: 'run-1', mode: 'enforce', now: T0 } as const;
const events = (facts: Facts, mode: Mode = 'enforce'): readonly Event[] =>
  eventsOf(rotatedAccount({ settings: accountSettings({ mode }), ...facts }), CONTEXT);
const types = (outcomes: readonly Outcome[], mode?: Mode) =>
  events({ outcomes }, mode).map(({ type }) => type);

const ABOUT = {
  schemaVersion: 1,
  runId: 'run-1',
  mode: 'enforce',
  accountId: '111111111111',
  accountName: 'production',
} as const;

/** A key that waits with something announced about it. */
const announces = (about: NoticeAbout, overrides: Partial<Decision> = {}): Outcome =>
  untouched(
    decision('wait', { reason: 'still-needed', notice: { about, date: T0 + days(9) }, ...overrides }),
  );

const waits = (reason: Decision['reason'], dueIn?: Duration): Outcome =>
  untouched(decision('wait', { reason, ...(dueIn === undefined ? {} : { dueAt: T0 + dueIn }) }));

describe('the events of an account', () => {
  const OF: readonly [string, Outcome, readonly string[]][] = [
    ['a replacement', replaced(decision('replace')), ['Access Key Replaced']],
    ['a deactivation', applied(decision('deactivate')), ['Access Key Deactivated']],
    ['a deletion', applied(decision('delete')), ['Access Key Deleted']],
    ['a key switched on again', applied(decision('restore')), ['Access Key Restored']],
    ['a notice, however far away', untouched(unusedNotice()), ['Access Key Deactivation Due']],
    ['a key whose owner has moved, due soon', waits('moved-grace', days(7)), ['Access Key Deactivation Due']],
    ['a key whose owner has moved, due later', waits('moved-grace', days(7) + 1), []],
    ['a replacement due soon', untouched(decision('keep', { dueAt: T0 + days(1) })), []],
    ['a blocked key', untouched(decision('blocked')), ['Access Key Action Needed']],
    [
      'a replaced key still in use, close to its deadline',
      announces('deadline', { reason: 'deadline-grace' }),
      ['Access Key Deactivation Due', 'Access Key Action Needed'],
    ],
    ['a replaced key still in use', announces('replaced'), ['Access Key Deactivation Due']],
    ['a step that failed', failed(decision('replace')), ['Access Key Action Needed']],
    ['a step half done', partial(decision('replace')), ['Access Key Action Needed']],
    ['a step held back', held(decision('deactivate', { dueAt: T0 }), 'limit'), []],
    ['a young key', untouched(decision('keep')), []],
    ['an exempt user', untouched(decision('exempt', { dueAt: T0 + days(1) })), []],
  ];
  for (const [what, outcome, expected] of OF) {
    it(`are ${expected.join(', ') || 'none'} for ${what}`, () => {
      expect(types([outcome])).to.deep.equal(expected);
    });
  }

  it('are none for an account that was not entered', () => {
    expect(eventsOf(notEntered('skipped'), CONTEXT)).to.deep.equal([]);
    expect(eventsOf(notEntered('not-started'), CONTEXT)).to.deep.equal([]);
  });

  it('are both in an emergency: replaced and deactivated', () => {
    const of = { reason: 'emergency' } as const;
    expect(types([replaced(decision('replace', of)), applied(decision('deactivate', of))])).to.deep.equal([
      'Access Key Replaced',
      'Access Key Deactivated',
    ]);
  });

  it("count days by the account's own settings", () => {
    const settings = accountSettings({ mode: 'enforce', noticeBefore: 30 });
    expect(events({ settings, outcomes: [waits('moved-grace', days(30))] })).to.have.length(1);
  });

  for (const mode of ['audit', 'replace-only'] as const) {
    it(`announce no deactivation in mode ${mode}, which does not do it`, () => {
      const outcomes = [
        untouched(unusedNotice()),
        announces('delete', { reason: 'recovery-grace' }),
        announces('deadline', { reason: 'deadline-grace' }),
      ];
      expect(types(outcomes, mode)).to.deep.equal(['Access Key Action Needed']);
    });
  }

  it('carry the mode of the account', () => {
    const [blocked] = events({ outcomes: [untouched(decision('blocked'))] }, 'no-delete');
    expect(blocked?.detail.mode).to.equal('no-delete');
    const settings = accountSettings({ mode: 'audit' });
    const lost = { status: 'unreachable', account: account(), failure: failure() } as const;
    expect(eventsOf(lost, CONTEXT)[0]?.detail.mode).to.equal('enforce');
    expect(eventsOf({ ...lost, settings }, CONTEXT)[0]?.detail.mode).to.equal('audit');
  });
});

describe('an event', () => {
  it('says of a replacement all that a redeploy needs', () => {
    const replacement = { accessKeyId: 'AKIANEW', secretName: 'access-key-rotation/ann', secretArn: 'arn:x' };
    const outcomes = [applied(decision('replace', { owner: 'team-a', dueAt: T0 }), replacement)];
    expect(events({ outcomes })).to.deep.equal([
      {
        type: 'Access Key Replaced',
        detail: {
          ...ABOUT,
          userName: 'ann',
          userArn: 'arn:aws:iam::111111111111:user/ann',
          owner: 'team-a',
          accessKeyId: 'AKIATHIS',
          newAccessKeyId: 'AKIANEW',
          secretName: 'access-key-rotation/ann',
          secretArn: 'arn:x',
          lastUsedAt: '2026-02-28T06:00:00.000Z',
          reason: 'due',
          message: 'An example of replace.',
          dueAt: '2026-03-01T06:00:00.000Z',
        },
      },
    ]);
  });

  it('says what failed, why, and what to do', () => {
    const why = failure({ during: 'iam:CreateAccessKey', message: 'denied', nextStep: 'Allow it.' });
    const [event] = events({ outcomes: [failed(decision('replace'), why)] });
    expect(event?.detail).to.include({
      reason: 'failed',
      message: 'AKIATHIS could not be replaced: iam:CreateAccessKey: denied',
      nextStep: 'Allow it.',
    });
  });

  it('names the key that a step left behind', () => {
    const [event] = events({ outcomes: [partial(decision('replace'), 'AKIALEFT')] });
    expect(event?.detail).to.include({ reason: 'partial', newAccessKeyId: 'AKIALEFT' });
  });

  it('says of a user who was left out what to do', () => {
    expect(events({ gaps: [gap('gus', 'bad-settings')] })).to.deep.equal([
      {
        type: 'Access Key Action Needed',
        detail: {
          ...ABOUT,
          userName: 'gus',
          reason: 'bad-settings',
          message: 'iam:ListAccessKeys: not authorized',
          nextStep: 'Allow it in the member role.',
        },
      },
    ]);
  });

  it('says of the account as a whole what is critical, and nothing else', () => {
    const findings = [
      { severity: 'critical', message: 'The root user has access keys', nextStep: 'Delete them' },
      { severity: 'failure', message: 'The digest could not be published' },
      { severity: 'note', message: 'So' },
    ] as const;
    expect(events({ findings })).to.deep.equal([
      {
        type: 'Access Key Action Needed',
        detail: {
          ...ABOUT,
          reason: 'critical',
          message: 'The root user has access keys',
          nextStep: 'Delete them',
        },
      },
    ]);
  });

  it('says why an account could not be reached', () => {
    expect(eventsOf(unreachable(), CONTEXT)).to.deep.equal([
      {
        type: 'Account Unreachable',
        detail: {
          ...ABOUT,
          reason: 'unreachable',
          message: 'sts:AssumeRole: not authorized',
          nextStep: 'Allow it in the member role.',
        },
      },
    ]);
  });

  it('holds no character that could do harm where it is shown', () => {
    const forged = 'x\r\n\u2028\u202e\u0007y';
    const outcomes = [
      failed(
        decision('replace', { userName: forged, owner: forged, message: forged, key: key({ id: forged }) }),
        failure({ during: forged, message: forged, nextStep: forged }),
      ),
    ];
    const all = JSON.stringify(events({ account: account({ name: forged }), outcomes }));
    expect(all).not.to.match(/\\[rnu]|[\u2028\u202e]/);
  });
});
