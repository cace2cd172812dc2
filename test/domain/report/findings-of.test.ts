import { expect } from 'chai';
import { findingsOf, PROBLEMS, type ProblemKind } from '../../../src/domain/report/findings-of.ts';
import type { StoredAccount, StoredKey } from '../../../src/domain/report/stored-run.ts';
import { days } from '../../../src/domain/time.ts';
import { T0 } from '../../support/builders.ts';
import { storedAccount, storedKey, storedRun } from '../../support/stored-runs.ts';

const EXEMPTION = { owner: 'ann', reason: 'the vendor is slow', until: T0 + days(9) };

const findings = (...accounts: readonly StoredAccount[]) => findingsOf(storedRun(accounts));
const of = (...keys: readonly StoredKey[]) => findings(storedAccount({ keys }));
const kinds = (...keys: readonly StoredKey[]): Readonly<Record<string, readonly ProblemKind[]>> =>
  Object.fromEntries(of(...keys).map(({ uid, problems }) => [uid, problems.map(({ kind }) => kind)]));

describe('what needs attention', () => {
  for (const [title, facts, age, expected] of [
    ['nothing of a young key', {}, 10, []],
    ['nothing of a key that is just not over the limit', {}, 89.999, []],
    ['a key over the limit', {}, 90, ['over-limit']],
    ['nothing of one that is off', { status: 'inactive' }, 200, []],
    ['nothing of one that is gone', { status: 'deleted' }, 200, []],
    ['a key that only a person can decide on', { next: { what: 'person' } }, 10, ['needs-person']],
    ['nothing before a person is needed', { next: { what: 'person', at: T0 + 1 } }, 10, []],
    ['what failed', { outcome: 'failed', cause: 'iam:CreateAccessKey: no' }, 70, ['failed']],
    ['what was done in part', { outcome: 'partial' }, 70, ['failed']],
    ['a key that nobody uses', { reason: 'unused-grace' }, 70, ['unused']],
    [
      'several things of one key, the worst first',
      { reason: 'unused', outcome: 'failed', next: { what: 'person' } },
      95,
      ['over-limit', 'needs-person', 'failed', 'unused'],
    ],
    [
      'that an exemption has ended',
      { exemption: { ...EXEMPTION, until: T0 - days(1) } },
      95,
      ['over-limit', 'exemption-ended'],
    ],
    [
      'no ended exemption of a key made after it',
      { exemption: { ...EXEMPTION, until: T0 - days(96) } },
      95,
      ['over-limit'],
    ],
    [
      'no ended exemption of a key that has been rotated since',
      { exemption: { ...EXEMPTION, until: T0 - days(1) } },
      20,
      [],
    ],
  ] as const) {
    it(`is ${title}`, () =>
      expect(kinds(storedKey('AKIA1', age, facts))).to.deep.equal(
        expected.length === 0 ? {} : { '111111111111/AKIA1': expected },
      ));
  }

  it('is both keys of a user who has two, unless one replaces the other', () => {
    expect(kinds(storedKey('AKIA1', 50), storedKey('AKIA2', 20))).to.deep.equal({
      '111111111111/AKIA1': ['two-keys'],
      '111111111111/AKIA2': ['two-keys'],
    });
    expect(kinds(storedKey('AKIA1', 70, { replacedBy: 'AKIA2' }), storedKey('AKIA2', 2))).to.deep.equal({});
  });

  it('says since when', () => {
    const since = (...keys: readonly StoredKey[]) =>
      of(...keys).map(({ problems }) => problems.map((one) => one.since));
    expect(since(storedKey('AKIA1', 100))).to.deep.equal([[T0 - days(10)]]);
    expect(since(storedKey('AKIA1', 50), storedKey('AKIA2', 20))).to.deep.equal([
      [T0 - days(20)],
      [T0 - days(20)],
    ]);
    for (const [lastUse, expected] of [
      [{ kind: 'used', at: T0 - days(66) }, T0 - days(66)],
      [{ kind: 'never' }, T0 - days(70)],
      [{ kind: 'unknown' }, undefined],
    ] as const) {
      expect(since(storedKey('AKIA1', 70, { reason: 'unused', lastUse }))).to.deep.equal([[expected]]);
    }
  });

  it('names who has taken it on himself, as long as that is in force', () => {
    const [exempt] = of(storedKey('AKIA1', 95, { action: 'exempt', exemption: EXEMPTION }));
    expect(exempt?.problems.map(({ kind }) => kind)).to.deep.equal(['over-limit']);
    expect(exempt?.exemption).to.deep.equal(EXEMPTION);
    const ended = { ...EXEMPTION, until: T0 - 1 };
    expect(of(storedKey('AKIA1', 95, { exemption: ended }))[0]).not.to.have.property('exemption');
  });

  it('is the root user with keys, and nothing where it has none or nobody knows', () => {
    const [root, ...others] = findings(
      storedAccount({ rootKeys: 'present' }),
      storedAccount({ id: '222222222222', rootKeys: 'none' }),
      storedAccount({ id: '333333333333', rootKeys: 'unknown' }),
      storedAccount({ id: '444444444444' }),
    );
    expect(others).to.deep.equal([]);
    expect(root).to.include({ uid: '111111111111/root', severity: 'critical' });
    expect(root).not.to.have.property('key');
  });

  it('is one finding for a key, with the same uid in every run, though two accounts have keys of one id', () => {
    const keys = [storedKey('AKIA1', 95, { reason: 'unused' })];
    const uids = findings(storedAccount({ keys }), storedAccount({ id: '222222222222', keys })).map(
      ({ uid }) => uid,
    );
    expect(uids).to.deep.equal(['111111111111/AKIA1', '222222222222/AKIA1']);
  });

  it('says what to do: as the run did, or else by the worst problem', () => {
    const step = (facts: Partial<StoredKey>) => of(storedKey('AKIA1', 95, facts))[0]?.nextStep;
    expect(step({ nextStep: 'Ask Ann.' })).to.equal('Ask Ann.');
    expect(step({ replacedBy: 'AKIA2' })).to.match(/^Move what uses it to AKIA2/);
    expect(step({})).to.match(/^Have it rotated/);
  });

  it('takes a key without a date for one over no limit', () =>
    expect(kinds(storedKey('AKIA1', 0, { createdAt: null as unknown as number }))).to.deep.equal({}));

  it('has an order for everything that it names', () =>
    expect(new Set(PROBLEMS).size).to.equal(PROBLEMS.length));
});
