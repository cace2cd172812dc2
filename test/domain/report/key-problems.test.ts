import { expect } from 'chai';
import { changedProblems, isAllKnownBefore } from '../../../src/domain/report/key-problems.ts';
import type { StoredAccount, StoredKey, StoredRun } from '../../../src/domain/report/stored-run.ts';
import { DAY, HOUR } from '../../../src/domain/time.ts';
import { T0 } from '../../support/builders.ts';
import { storedAccount, storedKey, storedRun } from '../../support/stored-runs.ts';

const FAILURE = { kind: 'denied', during: 'iam:ListUsers', message: 'no', nextStep: 'Allow it.' } as const;
const unreachable: StoredAccount = storedAccount({ status: 'unreachable', failure: FAILURE });
const gap = { userName: 'ann', reason: 'unreadable', failure: FAILURE } as const;
const exclusion = { userName: 'ann', setting: 'excludeUsers', from: 'default', oldestKey: T0 } as never;

const account = (...keys: readonly StoredKey[]) => storedAccount({ keys });
const old = storedKey('AKIA1', 100);
const young = storedKey('AKIA1', 10);
const failed = storedKey('AKIA1', 70, { outcome: 'failed', cause: 'no' });

const now = (one: StoredAccount, overrides: Partial<StoredRun> = {}) => storedRun([one], overrides);
/** @param ago in hours; a minute before T0 is the same day */
const before = (one: StoredAccount, ago: number, overrides: Partial<StoredRun> = {}) =>
  storedRun([one], { finishedAt: T0 - ago * HOUR, ...overrides });

const told = (run: StoredRun, ...earlier: readonly StoredRun[]) => {
  const { present, gone, unchanged } = changedProblems(run, earlier);
  return { present: present.map(({ id }) => id), gone: gone.map(({ id }) => id), unchanged };
};

const OVER = '111111111111/AKIA1/over-limit';

describe('what has changed of what needs attention', () => {
  it('is everything, where there was no run before', () =>
    expect(told(now(account(old)))).to.deep.equal({ present: [OVER], gone: [], unchanged: 0 }));

  for (const [title, earlier, expected] of [
    ['nothing, where it was told on this day', before(account(old), 1 / 60), 0],
    ['it again on another day', before(account(old), 24), 1],
    ['it again where something else is told', before(account({ ...old, owner: 'bob' }), 1 / 60), 1],
  ] as const) {
    it(`is ${title}`, () => {
      const { present, gone, unchanged } = told(now(account(old)), earlier);
      expect([present.length, gone, unchanged]).to.deep.equal([expected, [], 1 - expected]);
    });
  }

  for (const [title, run, gone] of [
    ['a young key now', now(account(young)), true],
    ['a deleted key', now(account()), true],
    ['switched off', now(account({ ...old, status: 'inactive' })), true],
    ['of an account that was unreachable', now(unreachable), false],
    ['of an account that is not there', storedRun([]), false],
    ['of a user who could not be read', now(storedAccount({ gaps: [gap] })), false],
    ['of a user whom the settings leave out', now(storedAccount({ exclusions: [exclusion] })), false],
    ['not looked at by a run over some users', now(account(), { isWhole: false }), false],
    ['young in a run over some users', now(account(young), { isWhole: false }), true],
  ] as const) {
    it(`says of a key over the limit that it is ${gone ? 'gone' : 'nothing'}, if it is ${title}`, () =>
      expect(told(run, before(account(old), 24))).to.deep.equal({
        present: [],
        gone: gone ? [OVER] : [],
        unchanged: 0,
      }));
  }

  it('is not that a failure is gone, where an audit tried nothing', () => {
    const audit = now(account({ ...failed, outcome: 'none' }), { isAudit: true });
    expect(told(audit, before(account(failed), 24)).gone).to.deep.equal([]);
    expect(told({ ...audit, isAudit: false }, before(account(failed), 24)).gone).to.deep.equal([
      '111111111111/AKIA1/failed',
    ]);
  });

  it('is that the keys of root are gone, only where somebody could look', () => {
    const root = (rootKeys: 'present' | 'none' | 'unknown') => storedAccount({ rootKeys });
    const earlier = before(root('present'), 24);
    expect(told(now(root('none')), earlier).gone).to.deep.equal(['111111111111/root/root-key']);
    expect(told(now(root('unknown')), earlier).gone).to.deep.equal([]);
    expect(told(now(storedAccount()), earlier).gone).to.deep.equal([]);
  });

  it('goes by the last run that could look, and is told once', () => {
    const mended = now(account(young));
    const couldNotLook = before(unreachable, 24);
    const found = before(account(old), 48);
    expect(told(mended, couldNotLook, found).gone).to.deep.equal([OVER]);
    expect(told(mended, before(account(young), 24), couldNotLook, found).gone).to.deep.equal([]);
  });

  it('is what each problem of a key is by itself', () => {
    const both = storedKey('AKIA1', 100, { reason: 'unused' });
    expect(told(now(account(old)), before(account(both), 1 / 60))).to.deep.include({
      gone: ['111111111111/AKIA1/unused'],
    });
  });
});

describe('whether it takes another report to know what was there before', () => {
  for (const [title, isKnown, run, earlier] of [
    ['nothing was read', false, now(account()), []],
    ['the last run looked at everything', true, now(account()), [before(account(), 24)]],
    ['it was about some users', false, now(account()), [before(account(), 24, { isWhole: false })]],
    ['it could not enter the account', false, now(account()), [before(unreachable, 24)]],
    ['neither can this one', true, now(unreachable), [before(unreachable, 24)]],
    ['it could not read a user', false, now(account()), [before(storedAccount({ gaps: [gap] }), 24)]],
    ['one before it could', true, now(account()), [before(unreachable, 24), before(account(), 48)]],
    [
      'it could not read whether root has keys',
      false,
      now(storedAccount({ rootKeys: 'none' })),
      [before(storedAccount({ rootKeys: 'unknown' }), 24)],
    ],
    ['it was an audit, and this is none', false, now(account()), [before(account(), 24, { isAudit: true })]],
    ['the account is new', false, now(account()), [before(storedAccount({ id: '222222222222' }), 24)]],
  ] as const) {
    it(`${isKnown ? "doesn't" : 'does'}, where ${title}`, () =>
      expect(isAllKnownBefore(run, earlier)).to.equal(isKnown));
  }

  it('asks for moments of one day where that matters', () => expect(T0 % DAY).to.be.above(HOUR / 60));
});
