import { expect } from 'chai';
import {
  DEFAULT_POLICY,
  policyProblems,
  toPolicy,
  type PolicyDays,
} from '../../../src/domain/rotation/policy.ts';
import { DAY } from '../../../src/domain/time.ts';

const wrongNames = (overrides: Partial<PolicyDays>) =>
  policyProblems({ ...DEFAULT_POLICY, ...overrides }).map(({ name }) => name);

const VALID: readonly (readonly [string, Partial<PolicyDays>])[] = [
  ['the default', {}],
  ['graces of nothing', { adoptionGrace: 0, recoveryGrace: 0, inUseWindow: 0, noticeBefore: 0 }],
  ['fractions of days', { rotateAfter: 0.001, deactivateAfter: 0.002, deleteAfter: 0.003 }],
  ['unusedAfter off', { unusedAfter: 'off' }],
  ['45 days as unused', { unusedAfter: 45 }],
  ['a deadlineGrace of nothing', { deadlineGrace: 0 }],
];

const INVALID: readonly (readonly [string, Partial<PolicyDays>, readonly (keyof PolicyDays)[]])[] = [
  ['rotateAfter of 0', { rotateAfter: 0 }, ['rotateAfter']],
  ['rotateAfter of infinity', { rotateAfter: Infinity }, ['rotateAfter', 'deactivateAfter']],
  ['rotateAfter that is not a number', { rotateAfter: NaN }, ['rotateAfter']],
  ['deleteAfter of infinity', { deleteAfter: Infinity }, ['deleteAfter']],
  ['rotateAfter equal to deactivateAfter', { rotateAfter: 80 }, ['deactivateAfter']],
  ['rotateAfter above deactivateAfter', { rotateAfter: 81 }, ['deactivateAfter']],
  ['deactivateAfter equal to deleteAfter', { deactivateAfter: 90 }, ['deleteAfter']],
  ['deactivateAfter above deleteAfter', { deactivateAfter: 91 }, ['deleteAfter']],
  ['a negative adoptionGrace', { adoptionGrace: -0.1 }, ['adoptionGrace']],
  ['a recoveryGrace that is not a number', { recoveryGrace: NaN }, ['recoveryGrace']],
  ['a negative deadlineGrace', { deadlineGrace: -1 }, ['deadlineGrace']],
  ['a deadlineGrace that is not a number', { deadlineGrace: NaN }, ['deadlineGrace']],
  ['an infinite adoptionGrace', { adoptionGrace: Infinity }, ['adoptionGrace']],
  ['a negative inUseWindow', { inUseWindow: -1 }, ['inUseWindow']],
  ['a negative noticeBefore', { noticeBefore: -1 }, ['noticeBefore']],
  ['unusedAfter of 0', { unusedAfter: 0 }, ['unusedAfter']],
  ['unusedAfter that is not a number', { unusedAfter: NaN }, ['unusedAfter']],
];

describe('policyProblems', () => {
  for (const [name, overrides] of VALID) {
    it(`accepts ${name}`, () => expect(wrongNames(overrides)).to.deep.equal([]));
  }

  for (const [name, overrides, wrong] of INVALID) {
    it(`refuses ${name}`, () => expect(wrongNames(overrides)).to.deep.equal(wrong));
  }

  it('reports all that is wrong at once', () => {
    const wrong = wrongNames({
      rotateAfter: 90,
      deactivateAfter: 80,
      deleteAfter: -1,
      adoptionGrace: -1,
      recoveryGrace: -1,
      unusedAfter: 0,
      inUseWindow: -1,
      noticeBefore: NaN,
    });
    expect(wrong).to.have.members([
      'deleteAfter',
      'unusedAfter',
      'adoptionGrace',
      'recoveryGrace',
      'inUseWindow',
      'noticeBefore',
      'deactivateAfter',
      'deleteAfter',
    ]);
  });

  it('says what the value is and what it must be', () => {
    expect(policyProblems({ ...DEFAULT_POLICY, rotateAfter: 85 })).to.deep.equal([
      { name: 'deactivateAfter', message: 'must be more than rotateAfter (85 days), not 80' },
    ]);
    expect(policyProblems({ ...DEFAULT_POLICY, deleteAfter: 79 })).to.deep.equal([
      { name: 'deleteAfter', message: 'must be more than deactivateAfter (80 days), not 79' },
    ]);
    expect(policyProblems({ ...DEFAULT_POLICY, adoptionGrace: -2 })).to.deep.equal([
      { name: 'adoptionGrace', message: 'must be 0 days or more, not -2' },
    ]);
  });
});

describe('toPolicy', () => {
  it('is the published 60 / 80 / 90 scheme by default', () => {
    expect(toPolicy(DEFAULT_POLICY)).to.deep.equal({
      rotateAfter: 60 * DAY,
      deactivateAfter: 80 * DAY,
      deleteAfter: 90 * DAY,
      adoptionGrace: 10 * DAY,
      deadlineGrace: 30 * DAY,
      recoveryGrace: 10 * DAY,
      unusedAfter: 90 * DAY,
      inUseWindow: 7 * DAY,
      noticeBefore: 7 * DAY,
      whenStillInUse: 'deactivate',
      whenNotAdopted: 'wait',
      whenTwoKeysInUse: 'escalate',
    });
  });

  it('takes every parameter for what it is', () => {
    const own: PolicyDays = {
      rotateAfter: 1,
      deactivateAfter: 2,
      deleteAfter: 3,
      adoptionGrace: 4,
      deadlineGrace: 9,
      recoveryGrace: 5,
      unusedAfter: 6,
      inUseWindow: 7,
      noticeBefore: 8,
      whenStillInUse: 'wait',
      whenNotAdopted: 'deactivate',
      whenTwoKeysInUse: 'deactivate-least-recently-used',
    };
    expect(toPolicy(own)).to.deep.equal({
      rotateAfter: 1 * DAY,
      deactivateAfter: 2 * DAY,
      deleteAfter: 3 * DAY,
      adoptionGrace: 4 * DAY,
      deadlineGrace: 9 * DAY,
      recoveryGrace: 5 * DAY,
      unusedAfter: 6 * DAY,
      inUseWindow: 7 * DAY,
      noticeBefore: 8 * DAY,
      whenStillInUse: 'wait',
      whenNotAdopted: 'deactivate',
      whenTwoKeysInUse: 'deactivate-least-recently-used',
    });
  });

  it('gives a deadline the time between rotateAfter and deleteAfter where nothing else is said', () => {
    expect(toPolicy({ ...DEFAULT_POLICY, rotateAfter: 30, deleteAfter: 91 }).deadlineGrace).to.equal(
      61 * DAY,
    );
  });

  it('has no unusedAfter when it is off', () => {
    expect(toPolicy({ ...DEFAULT_POLICY, unusedAfter: 'off' }).unusedAfter).to.equal(undefined);
  });

  it('refuses a policy that is not valid, naming all of it', () => {
    expect(() => toPolicy({ ...DEFAULT_POLICY, rotateAfter: 0, recoveryGrace: -1 })).to.throw(
      RangeError,
      /rotateAfter must.*; recoveryGrace must/,
    );
  });
});
