import { expect } from 'chai';
import fc from 'fast-check';
import {
  checkRun,
  countsByAccount,
  countsIn,
  VERDICTS,
  type CheckResult,
} from '../../../../src/domain/report/evidence/checks.ts';
import { CHECKS, CONTROLS, type CheckName } from '../../../../src/domain/report/evidence/control.ts';
import type { QuietKey, StoredAccount, StoredKey } from '../../../../src/domain/report/stored-run.ts';
import { days } from '../../../../src/domain/time.ts';
import { failure, gap, T0 } from '../../../support/builders.ts';
import { quietKey } from '../../../support/evidence.ts';
import { POLICY, storedAccount, storedKey, storedRun } from '../../../support/stored-runs.ts';

const OF_KEYS = CHECKS.filter((check) => check !== 'root-key');
const EXEMPTION = { owner: 'ann', reason: 'the vendor is slow', until: T0 + days(9) };

const results = (accounts: readonly StoredAccount[], quiet: readonly QuietKey[] = []) =>
  checkRun(storedRun(accounts), quiet);
const ofKeys = (check: CheckName, ...keys: readonly StoredKey[]): readonly CheckResult[] =>
  results([storedAccount({ keys })])[check];
const verdictOf = (check: CheckName, key: StoredKey) => {
  const [{ verdict, since } = { verdict: undefined, since: undefined }] = ofKeys(check, key);
  return [verdict, since];
};

describe('a check of keys', () => {
  const used = (ago: number) => ({ lastUse: { kind: 'used', at: T0 - days(ago) } as const });
  const never = { lastUse: { kind: 'never' } as const };
  const unknown = { lastUse: { kind: 'unknown' } as const };
  const off = { status: 'inactive' } as const;
  const dateless = { createdAt: null as unknown as number };
  const exempt = { action: 'exempt', exemption: EXEMPTION } as const;
  const strict = { policy: { ...POLICY, deleteAfter: days(30) } };

  for (const [check, title, age, facts, verdict, since] of [
    ['rotated-90', 'of 90 days', 90, {}, 'pass'],
    ['rotated-90', 'of more', 90.001, {}, 'fail', -0.001],
    ['rotated-90', 'of more, switched off', 400, off, 'pass'],
    ['rotated-90', 'of an unknown age', 0, dateless, 'not-assessed'],
    ['rotated-90', 'of more, exempt', 100, exempt, 'excepted', -10],
    ['rotated-90', 'of less, exempt', 50, exempt, 'pass'],
    ['rotated-90', 'of more, whose exemption has ended', 100, { exemption: EXEMPTION }, 'fail', -10],
    ['own-limit', 'younger than the settings allow', 89.999, {}, 'pass'],
    ['own-limit', 'as old as they allow no more', 90, {}, 'fail', 0],
    ['own-limit', 'by a policy of its own', 30, strict, 'fail', 0],
    ['own-limit', 'within a policy of its own', 29, strict, 'pass'],
    ['unused-45', 'used 44.999 days ago', 300, used(44.999), 'pass'],
    ['unused-45', 'used 45 days ago', 300, used(45), 'fail', 0],
    ['unused-45', 'never used in 44 days', 44, never, 'pass'],
    ['unused-45', 'never used in 46 days', 46, never, 'fail', -1],
    ['unused-45', 'of unknown use', 20, unknown, 'not-assessed'],
    ['unused-45', 'of unknown use, exempt', 20, { ...unknown, ...exempt }, 'not-assessed'],
    ['unused-45', 'used 50 days ago, exempt', 80, { ...used(50), ...exempt }, 'excepted', -5],
    ['unused-45', 'used 50 days ago, switched off', 80, { ...used(50), ...off }, 'pass'],
    ['unused-45', 'never used, of unknown age', 0, { ...never, ...dateless }, 'not-assessed'],
    ['one-active-key', 'that is the only one', 80, {}, 'pass'],
  ] as const) {
    it(`${check} says ${verdict} of one ${title}`, () =>
      expect(verdictOf(check, storedKey('AKIA1', age, facts))).to.deep.equal([
        verdict,
        since === undefined ? undefined : T0 + Math.round(since * days(1)),
      ]));
  }

  it('says who answers for an exception, why, and until when', () => {
    const [known] = ofKeys('rotated-90', storedKey('AKIA1', 100, exempt));
    expect(known?.exception).to.deep.equal({ kind: 'exemption', ...EXEMPTION });
    const older = { action: 'exempt', message: 'Exempt until then: slow (ann).', dueAt: T0 + 1 } as const;
    expect(ofKeys('rotated-90', storedKey('AKIA1', 100, older))[0]?.exception).to.deep.equal({
      kind: 'exemption',
      reason: older.message,
      until: T0 + 1,
    });
  });

  it('does not know how old a key may get where nobody knows the policy', () => {
    const { policy: _, ...unread } = storedAccount({ keys: [storedKey('AKIA1', 500)] });
    expect(results([unread])['own-limit'][0]?.verdict).to.equal('not-assessed');
  });

  it('has no result for a key that is gone', () => {
    for (const check of OF_KEYS) {
      expect(ofKeys(check, storedKey('AKIA1', 100, { status: 'deleted' }))).to.deep.equal([]);
    }
  });
});

describe('two active keys of a user', () => {
  const verdicts = (...keys: readonly StoredKey[]) =>
    ofKeys('one-active-key', ...keys).map(({ verdict }) => verdict);

  it('fail both, since the younger one was made', () => {
    const both = ofKeys('one-active-key', storedKey('AKIA1', 50), storedKey('AKIA2', 20));
    expect(both.map(({ verdict, since }) => [verdict, since])).to.deep.equal([
      ['fail', T0 - days(20)],
      ['fail', T0 - days(20)],
    ]);
  });

  it('are excepted both while a rotation is under way, with the date of its end', () => {
    const old = storedKey('AKIA1', 70, {
      owner: 'team-a',
      replacedBy: 'AKIA2',
      next: { what: 'deactivate', at: T0 + days(12) },
    });
    const pair = [old, storedKey('AKIA2', 3, { replacementOf: 'AKIA1' })];
    for (const { verdict, exception } of ofKeys('one-active-key', ...pair)) {
      expect([verdict, exception?.kind, exception?.owner, exception?.until]).to.deep.equal([
        'excepted',
        'rotation-under-way',
        'team-a',
        T0 + days(12),
      ]);
    }
    expect(verdicts(storedKey('AKIA1', 70), storedKey('AKIA2', 3, { replacementOf: 'AKIA1' }))).to.deep.equal(
      ['excepted', 'excepted'],
    );
  });

  it('pass as soon as one is off, or they are of two users or accounts', () => {
    expect(verdicts(storedKey('AKIA1', 70, { status: 'inactive' }), storedKey('AKIA2', 3))).to.deep.equal([
      'pass',
      'pass',
    ]);
    expect(verdicts(storedKey('AKIA1', 50), storedKey('AKIA2', 20, { userName: 'bob' }))).to.deep.equal([
      'pass',
      'pass',
    ]);
    const keys = [storedKey('AKIA1', 50)];
    const apart = results([storedAccount({ keys }), storedAccount({ id: '222222222222', keys })]);
    expect(apart['one-active-key'].map(({ verdict }) => verdict)).to.deep.equal(['pass', 'pass']);
  });

  it('fail, too, where only the credential report tells of them', () => {
    const two = results([storedAccount()], [quietKey('zoe', 5), quietKey('zoe', 9)]);
    expect(two['one-active-key'].map(({ verdict, keyId }) => [verdict, keyId])).to.deep.equal([
      ['fail', undefined],
      ['fail', undefined],
    ]);
  });
});

describe('what was not looked at one by one', () => {
  it('counts with its dates, without an id', () => {
    const idle = quietKey('zoe', 50, { lastUse: { kind: 'never' } });
    const all = results([storedAccount()], [quietKey('yan', 20), idle]);
    expect(all['rotated-90'].map(({ userName, verdict }) => [userName, verdict])).to.deep.equal([
      ['yan', 'pass'],
      ['zoe', 'pass'],
    ]);
    expect(all['unused-45'].map(({ verdict, since }) => [verdict, since])).to.deep.equal([
      ['pass', undefined],
      ['fail', T0 - days(5)],
    ]);
    expect(all['own-limit'][0]).to.deep.include({ verdict: 'pass', createdAt: T0 - days(20) });
  });

  const quiet = (activeKeys: number) => ({ users: 1, activeKeys, dueOn: {} });
  for (const [title, account, says] of [
    ['a user about whom nothing could be decided', { gaps: [gap('bob')] }, /^Nothing could be decided/],
    [
      'a user whom the settings leave out',
      {
        exclusions: [
          { userName: 'bob', setting: 'excludeUsers', from: 'account', selector: 'name:b*', oldestKey: T0 },
        ],
      },
      /^The settings leave this user out: excludeUsers has name:b\*, set at account\./,
    ],
    ['keys of which no list was kept', { quiet: quiet(3) }, /counted 3 young active keys more/],
    ['an account that was skipped', { status: 'skipped', cause: 'suspended' }, /\(skipped\): suspended/],
    ['an account that could not be entered', { status: 'unreachable', failure: failure() }, /not worked on/],
  ] as const) {
    it(`is not assessed: ${title}`, () => {
      const all = results([storedAccount(account)]);
      for (const check of OF_KEYS) {
        expect(
          all[check].map(({ verdict }) => verdict),
          check,
        ).to.deep.equal(['not-assessed']);
        expect(all[check][0]?.why).to.match(says);
      }
    });
  }

  it('is nothing of a user who is left out and has no key', () => {
    const exclusions = [{ userName: 'bob', setting: 'excludeUsers', from: 'x', oldestKey: 'none' } as const];
    expect(results([storedAccount({ exclusions })])['rotated-90']).to.deep.equal([]);
  });
});

describe('the check of root users', () => {
  for (const [rootKeys, verdict] of [
    ['present', 'fail'],
    ['none', 'pass'],
    ['unknown', 'not-assessed'],
    [undefined, 'not-assessed'],
  ] as const) {
    it(`says ${verdict} where the run found ${rootKeys ?? 'nothing out'}`, () => {
      const [root] = results([storedAccount(rootKeys === undefined ? {} : { rootKeys })])['root-key'];
      expect(root).to.include({ verdict, userName: 'root' });
    });
  }

  it('does not assess an account that was not worked on', () =>
    expect(
      results([storedAccount({ status: 'not-started', rootKeys: 'none' })])['root-key'][0]?.verdict,
    ).to.equal('not-assessed'));
});

describe('whatever a run has found', () => {
  const someKey = fc.record({
    age: fc.double({ min: 0, max: 400, noNaN: true }),
    user: fc.constantFrom('ann', 'bob', 'eve'),
    status: fc.constantFrom('active', 'inactive', 'deleted'),
    action: fc.constantFrom('keep', 'exempt', 'wait', 'blocked'),
    use: fc.oneof(fc.constantFrom('never', 'unknown'), fc.double({ min: 0, max: 400, noNaN: true })),
    replacedBy: fc.option(fc.constantFrom(0, 1, 2, 3), { nil: undefined }),
  });
  const someAccount = fc.record({
    keys: fc.array(someKey, { maxLength: 6 }),
    quiet: fc.array(fc.double({ min: 0, max: 59, noNaN: true }), { maxLength: 3 }),
    gaps: fc.integer({ min: 0, max: 2 }),
    status: fc.constantFrom('rotated', 'rotated', 'unreachable'),
  });

  it('each key has one verdict in each check, only what would fail is excepted, and counts are those of the lists', () =>
    fc.assert(
      fc.property(fc.array(someAccount, { maxLength: 4 }), (some) => {
        const idOf = (account: number, key: number) => `AKIA${account}X${key}`;
        const accounts = some.map(({ keys, gaps, status }, index) =>
          storedAccount({
            id: String(index),
            status,
            gaps: Array.from({ length: gaps }, (_, at) => gap(`gap${at}`)),
            keys: keys.map((key, at) =>
              storedKey(idOf(index, at), key.age, {
                userName: key.user,
                status: key.status,
                action: key.action as StoredKey['action'],
                lastUse:
                  typeof key.use === 'number'
                    ? { kind: 'used', at: T0 - days(key.use) }
                    : { kind: key.use as 'never' },
                ...(key.replacedBy === undefined ? {} : { replacedBy: idOf(index, key.replacedBy) }),
              }),
            ),
          }),
        );
        const quiet = some.flatMap((one, index) =>
          one.quiet.map((age) => quietKey('zoe', age, { accountId: String(index) })),
        );
        const all = results(accounts, quiet);
        const expected = accounts.reduce((sum, { status, keys, gaps, id }) => {
          if (status !== 'rotated') return sum + 1;
          const mine = quiet.filter(({ accountId }) => accountId === id).length;
          return sum + keys.filter((key) => key.status !== 'deleted').length + mine + gaps.length;
        }, 0);
        for (const check of OF_KEYS) {
          const own = all[check];
          expect(own.length).to.equal(expected);
          const ids = own.flatMap(({ accountId, keyId }) =>
            keyId === undefined ? [] : `${accountId} ${keyId}`,
          );
          expect(new Set(ids).size).to.equal(ids.length);
          for (const { verdict, since, exception } of own) {
            expect(VERDICTS).to.include(verdict);
            expect(exception !== undefined).to.equal(verdict === 'excepted');
            if (verdict === 'excepted') expect(since).to.be.a('number');
          }
          const counts = countsIn(own);
          for (const verdict of VERDICTS) {
            expect(counts[verdict]).to.equal(own.filter((one) => one.verdict === verdict).length);
            const sum = countsByAccount(own).reduce((total, one) => total + one.counts[verdict], 0);
            expect(sum).to.equal(counts[verdict]);
          }
        }
        expect(all['root-key'].length).to.equal(accounts.length);
      }),
    ));
});

describe('the controls', () => {
  it('have one id each, say what they are evidence for and what not, and use every check', () => {
    expect(new Set(CONTROLS.map(({ id }) => id)).size).to.equal(CONTROLS.length);
    for (const { isEvidenceFor, saysNothingOf } of CONTROLS) {
      expect(isEvidenceFor).to.match(/\.$/);
      expect(saysNothingOf).to.match(/\.$/);
    }
    expect(new Set(CONTROLS.map(({ check }) => check))).to.deep.equal(new Set(CHECKS));
  });
});
