import { expect } from 'chai';
import type { Failure } from '../../../src/domain/errors.ts';
import { nobodyReads } from '../../../src/domain/report/nobody-reads.ts';
import { isClean, totalsOf } from '../../../src/domain/report/run-report.ts';
import type { Mode, Readers } from '../../../src/domain/rotation/limits.ts';
import { days } from '../../../src/domain/time.ts';
import {
  applied,
  decision,
  held,
  rotatedAccount,
  runReport,
  T0,
  TOPIC_ARN,
  untouched,
} from '../../support/builders.ts';

const notice = { about: 'unused', date: T0 + days(10) } as const;
const waits = decision('wait', { reason: 'unused-notice', notice });
const off = decision('deactivate', { reason: 'unused', notice, restsOnNotice: true });
const everything = [
  untouched(waits),
  held(off, 'readers'),
  applied(decision('replace', { noticeWhenDone: { about: 'replaced', date: T0 + days(20) } })),
  untouched(decision('keep')),
];

describe('messages that nobody receives', () => {
  it('are a critical finding that makes the run fail, with what rests on them and what to do', () => {
    const found = nobodyReads(everything, 'nobody', TOPIC_ARN);
    expect(found).to.include({ severity: 'critical', failsRun: true });
    expect(found?.message).to.contain(TOPIC_ARN);
    expect(found?.message).to.contain('1 step is held back, and 2 announcements are without effect.');
    expect(found?.nextStep).to.contain('access-key-rotation subscribe --email');
  });

  it('may be received, where nobody could look; that counts as nobody, and what was denied is named', () => {
    const failure: Failure = {
      kind: 'denied',
      during: 'sns:GetSubscriptionAttributes',
      message: 'not authorized',
      nextStep: 'Allow it.',
    };
    const found = nobodyReads(everything, 'unknown', TOPIC_ARN, 'enforce', failure);
    expect(found).to.include({ severity: 'critical', failsRun: true, nextStep: 'Allow it.' });
    expect(found?.message).to.contain('could not be read (sns:GetSubscriptionAttributes: not authorized)');
    expect(found?.message).to.contain('1 step is held back, and 2 announcements are without effect.');
  });

  it('may be received, where nobody can tell from the filter policies; that counts as nobody, too', () => {
    const found = nobodyReads(everything, 'unknown', TOPIC_ARN);
    expect(found).to.include({ severity: 'critical', failsRun: true });
    expect(found?.message).to.contain('filter policies');
    expect(found?.nextStep).to.contain('accountId alone');
  });

  it('can have no topic at all', () => {
    expect(nobodyReads(everything, 'nobody', undefined)?.message).to.contain('there is no topic');
  });

  const SILENT: readonly [string, Parameters<typeof nobodyReads>[0], Readers, Mode][] = [
    ['somebody receives them', everything, 'somebody', 'enforce'],
    ['the events count', everything, 'events', 'enforce'],
    [
      'nothing rests on them',
      [untouched(decision('keep')), applied(decision('delete'))],
      'nobody',
      'enforce',
    ],
    ['the mode announces nothing', [untouched(waits)], 'nobody', 'audit'],
    [
      'the mode deletes nothing',
      [untouched(decision('wait', { notice: { about: 'delete', date: T0 } }))],
      'nobody',
      'no-delete',
    ],
  ];
  for (const [when, all, readers, mode] of SILENT) {
    it(`are nothing to speak of when ${when}`, () => {
      expect(nobodyReads(all, readers, TOPIC_ARN, mode)).to.equal(undefined);
    });
  }

  it('are known of a plan, too', () => {
    const planned = [
      { decision: waits },
      { decision: off, held: { by: 'readers', why: 'nobody' } },
      { decision: decision('replace', { noticeWhenDone: { about: 'replaced', date: T0 } }) },
    ] as const;
    expect(nobodyReads(planned, 'nobody', TOPIC_ARN)?.message).to.contain(
      '1 step is held back, and 2 announcements are without effect.',
    );
  });

  it('make a run end with an error, and what they hold is counted', () => {
    const finding = nobodyReads(everything, 'nobody', TOPIC_ARN);
    if (finding === undefined) throw new Error('nothing was found');
    const run = (findings: readonly (typeof finding)[]) =>
      runReport({ accounts: [rotatedAccount({ outcomes: everything, findings })] });
    expect(isClean(run([]))).to.equal(true);
    expect(isClean(run([finding]))).to.equal(false);
    expect(totalsOf(run([]).accounts)).to.include({ held: 1, heldByReaders: 1, heldByOrganizationLimit: 0 });
  });
});
