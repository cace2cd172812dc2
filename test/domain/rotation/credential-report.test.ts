import { expect } from 'chai';
import {
  isAccountInTurn,
  isDueByReport,
  isUserInTurn,
  RUNS_FOR_EVERYBODY,
  RUNS_FOR_NO_TRACE,
  useOf,
  type ReportedKey,
  type ReportedUser,
  type Turn,
} from '../../../src/domain/rotation/credential-report.ts';
import { CLOCK_SKEW, days, HOUR } from '../../../src/domain/time.ts';
import { T0 } from '../../support/builders.ts';

const POLICY = { rotateAfter: days(60), unusedAfter: days(90), noticeBefore: days(7) };
const accountId = '111111111101';
const NONE: ReportedKey = { kind: 'none' };
const active = (age: number, usedAgo?: number): ReportedKey => ({
  kind: 'active',
  changedAt: T0 - age,
  ...(usedAgo === undefined ? {} : { lastUse: { at: T0 - usedAgo } }),
});
const ann = (...keys: readonly ReportedKey[]) => ({ userName: 'ann', path: '/', keys });

const needsLook = (user: ReportedUser, policy: typeof POLICY, turn: Turn, now: number): boolean =>
  isDueByReport(user, policy, now) || isUserInTurn(user, turn);

/** The runs, of as many as one after the other, in which a user is looked at. */
const runsOf = (user: ReturnType<typeof ann>, runs: number, isFirst = false): readonly number[] =>
  [...Array(runs).keys()].filter((number) => needsLook(user, POLICY, { isFirst, number, accountId }, T0));

const everyRun = RUNS_FOR_EVERYBODY;
const once = 1;

describe('by the credential report, a user is looked at', () => {
  const edge = days(52);
  for (const [title, keys, runs] of [
    ['with a key a day and a millisecond too young to be told of: in turn', [active(edge - 1), NONE], once],
    ['with a key a day too young to be told of', [active(edge), NONE], everyRun],
    ['with a key a day less a millisecond too young', [active(edge + 1), NONE], everyRun],
    ['when the second key is old', [active(days(1)), active(days(70))], everyRun],
    ['when both keys are young: in turn', [active(days(1)), active(days(9))], once],
    [
      'with an inactive key that has a date',
      [active(days(1)), { kind: 'inactive', changedAt: T0 }],
      everyRun,
    ],
    ['with an inactive key without a date', [{ kind: 'inactive' }, NONE], everyRun],
    ['with a key that the report is unclear about', [active(days(1)), { kind: 'unclear' }], everyRun],
    ['when a key was used before it is said to be there', [active(days(9), days(9) + HOUR), NONE], everyRun],
    [
      'when it was used as long before as clocks differ: in turn',
      [active(days(9), days(9) + CLOCK_SKEW), NONE],
      once,
    ],
    ['when a key is of the future', [active(-CLOCK_SKEW - 1), NONE], everyRun],
    ['when a key is as far ahead as clocks differ: in turn', [active(-CLOCK_SKEW), NONE], once],
  ] as const) {
    it(title, () => expect(runsOf(ann(...keys), RUNS_FOR_EVERYBODY)).to.have.length(runs));
  }

  it('without any trace of a key in each fourth run, since an inactive key may be hidden', () =>
    expect(runsOf(ann(NONE, NONE), 3 * RUNS_FOR_NO_TRACE)).to.have.length(3));

  it('without any trace of a key in the first run of the account', () =>
    expect(runsOf(ann(NONE, NONE), RUNS_FOR_NO_TRACE, true)).to.have.length(RUNS_FOR_NO_TRACE));

  it('sooner where keys count as unused before they are to be replaced', () => {
    const policy = { ...POLICY, unusedAfter: days(45) };
    const isLookedAt = (age: number) =>
      needsLook(ann(active(age), NONE), policy, { isFirst: false, number: 0, accountId }, T0) &&
      needsLook(ann(active(age), NONE), policy, { isFirst: false, number: 1, accountId }, T0);
    expect([days(44) - 1, days(44)].map(isLookedAt)).to.deep.equal([false, true]);
  });

  it('with young keys only in a run in which the account is worked through anyway', () => {
    const names = [...Array(100).keys()].map((n) => `user-${n}`);
    const isLookedAt = (userName: string, number: number) =>
      needsLook(
        { ...ann(active(days(1)), NONE), userName },
        POLICY,
        { isFirst: false, number, accountId },
        T0,
      );
    const runs = [...Array(RUNS_FOR_EVERYBODY).keys()];
    const asked = runs.filter((number) => names.some((userName) => isLookedAt(userName, number)));
    expect(asked).to.deep.equal(runs.filter((number) => isAccountInTurn({ accountId, number })));
    expect(asked).to.have.length(7);
    for (const name of names) expect(runs.filter((number) => isLookedAt(name, number))).to.have.length(1);
  });

  it('in different runs than others, so that each run has about as much to ask', () => {
    const names = [...Array(400).keys()].map((n) => `user-${n}`);
    for (let number = 0; number < RUNS_FOR_NO_TRACE; number++) {
      const asked = names.filter((userName) =>
        needsLook({ ...ann(NONE, NONE), userName }, POLICY, { isFirst: false, number, accountId }, T0),
      );
      expect(asked.length).to.be.within(70, 130);
    }
  });
});

describe('the last use of a key by the credential report', () => {
  const at = T0 - days(1);
  const created = T0 - days(70);
  const used: ReportedKey = { kind: 'active', changedAt: created, lastUse: { at, service: 's3' } };
  for (const [title, keys, createdAt, expected] of [
    ['is that of the key with its date', [used, NONE], created, at],
    ['is that of the key with its date, rounded to seconds', [used, NONE], created + 999, at],
    ['is not known for a key of another second', [used, NONE], created + 1_000, undefined],
    ['is not known where both keys have the date', [used, used], created, undefined],
    ['is not known where the report has none', [active(days(70)), NONE], created, undefined],
    ['is not known of an inactive key', [{ kind: 'inactive', changedAt: created }, NONE], created, undefined],
  ] as const) {
    it(title, () => expect(useOf(ann(...keys), createdAt)?.at).to.equal(expected));
  }
});
