import { expect } from 'chai';
import type { Decision } from '../../../src/domain/rotation/decision.ts';
import type { Mode } from '../../../src/domain/rotation/limits.ts';
import type { RotatedAccount } from '../../../src/domain/report/run-report.ts';
import { days } from '../../../src/domain/time.ts';
import { applied, decision, failed, gap, held, key, partial, T0, untouched } from '../../support/builders.ts';
import { digest, jsonOf, replaced, unusedNotice, unwrapped } from '../support.ts';

type Facts = Partial<Omit<RotatedAccount, 'status'>>;

const due = (
  action: 'keep' | 'wait' | 'exempt',
  inDays: number,
  overrides: Partial<Decision> = {},
): Decision => decision(action, { dueAt: T0 + days(inDays), ...overrides });

describe('the severity of a digest', () => {
  const deletionNotice = untouched(decision('wait', { notice: { about: 'delete', date: T0 + days(10) } }));
  const heldAgain = held(
    decision('deactivate', { notice: { about: 'deadline', date: T0 } }),
    'organization-limit',
  );
  const TABLE: readonly [string, Facts, string, Mode?][] = [
    ['a key that is blocked', { outcomes: [untouched(decision('blocked'))] }, 'critical'],
    ['a critical finding', { findings: [{ severity: 'critical', message: 'Root.' }] }, 'critical'],
    ['a step that failed', { outcomes: [failed(decision('delete'))] }, 'critical'],
    ['a step that is half done', { outcomes: [partial(decision('replace'))] }, 'critical'],
    ['a user that could not be read', { gaps: [gap('ann')] }, 'critical'],
    ['a deactivation', { outcomes: [applied(decision('deactivate'))] }, 'warning'],
    ['a notice', { outcomes: [untouched(unusedNotice())] }, 'warning'],
    ['a replacement, which announces', { outcomes: [replaced(decision('replace'))] }, 'warning'],
    ['a limit that was reached', { outcomes: [held(decision('delete'), 'limit')] }, 'warning'],
    ['a notice that does not count', { outcomes: [untouched(unusedNotice())] }, 'info', 'audit'],
    ['a deletion', { outcomes: [applied(decision('delete'))] }, 'warning'],
    ['a deletion that is announced', { outcomes: [deletionNotice] }, 'warning'],
    ['a deletion that would be announced', { outcomes: [deletionNotice] }, 'info', 'no-delete'],
    ['a step held back, whose notice is given again', { outcomes: [heldAgain] }, 'warning'],
    ['a key due soon', { outcomes: [untouched(due('keep', 1))] }, 'info'],
    ['a note', { findings: [{ severity: 'note', message: 'So.' }] }, 'info'],
  ];
  for (const [what, facts, severity, mode] of TABLE) {
    it(`is ${severity} for ${what}`, () => {
      const found = digest(facts, mode);
      expect(found.attributes).to.deep.equal({
        accountId: '111111111111',
        accountName: 'production',
        severity,
        mode: mode ?? 'enforce',
      });
      expect(jsonOf(found).severity).to.equal(severity);
    });
  }
});

describe('what a digest announces', () => {
  const ids = (facts: Facts, mode?: Mode) => [...digest(facts, mode).announces];
  const withId = (id: string) => ({ key: key({ id }) });

  it('is the keys of its notices, and the old keys of its replacements', () => {
    const outcomes = [
      untouched(unusedNotice('una', { id: 'AKIAUNUSED' })),
      replaced(decision('replace', withId('AKIAOLD'))),
      applied(decision('deactivate', withId('AKIAGONE'))),
      untouched(due('wait', 3, withId('AKIAGRACE'))),
    ];
    expect(ids({ outcomes })).to.have.members(['AKIAUNUSED', 'AKIAOLD']);
  });

  it('is not a replacement that was held back or has failed', () => {
    const outcomes = [
      held(decision('replace', withId('AKIAHELD'))),
      failed(decision('replace', withId('AKIAFAILED'))),
      partial(decision('replace', withId('AKIAHALF')), 'AKIALEFT'),
    ];
    expect(ids({ outcomes })).to.deep.equal([]);
  });

  for (const mode of ['audit', 'replace-only'] as const) {
    it(`is nothing in mode ${mode}, which says what would be`, () => {
      const found = digest({ outcomes: [untouched(unusedNotice('una', { id: 'AKIAUNUSED' }))] }, mode);
      expect([...found.announces]).to.deep.equal([]);
      expect(unwrapped(found)).to.contain(
        'Not done in this account for now: - una: AKIAUNUSED would be deactivated from 2026-03-11 on',
      );
      expect(found.text).not.to.match(/is deactivated (from|on)/);
      expect(jsonOf(found).entries[0]).not.to.have.any.keys('asked', 'lastDate');
    });
  }
});
