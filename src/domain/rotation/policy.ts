import { days, type Duration, type Instant } from '../time.ts';

/** The parameters of the rotation policy, in days, as people write them. Fractions are allowed. */
export interface PolicyDays {
  /** From this age a key in use gets a replacement. */
  readonly rotateAfter: number;
  /** From this age a replaced key may be deactivated. */
  readonly deactivateAfter: number;
  /** From this age, once inactive, a key may be deleted. */
  readonly deleteAfter: number;
  /** Least time between *replacement delivered* or *notice published* and deactivation. */
  readonly adoptionGrace: number;
  /** Least time between deactivation and deletion. */
  readonly recoveryGrace: number;
  /** Not used for this long: retired instead of replaced. `off`: every key is treated as used. */
  readonly unusedAfter: number | 'off';
  /** Used within this time: still in use. */
  readonly inUseWindow: number;
  /** A digest lists what falls due within this time. */
  readonly noticeBefore: number;
  /** At the deadline, for a key that we have replaced and that is still in use. */
  readonly whenStillInUse: 'deactivate' | 'wait';
  /** For two active keys, both in use, neither replacing the other. */
  readonly whenTwoKeysInUse: 'escalate' | 'deactivate-least-recently-used';
}

/** A user who is left alone until a date, because somebody answers for it. */
export interface Exemption {
  readonly owner: string;
  readonly reason: string;
  readonly until: Instant;
}

type Times = Exclude<keyof PolicyDays, 'unusedAfter' | 'whenStillInUse' | 'whenTwoKeysInUse'>;

/** The policy as the rules use it: every time in milliseconds. */
export type Policy = { readonly [Name in Times]: Duration } & {
  /** `undefined` when switched off. */
  readonly unusedAfter: Duration | undefined;
  readonly whenStillInUse: PolicyDays['whenStillInUse'];
  readonly whenTwoKeysInUse: PolicyDays['whenTwoKeysInUse'];
  readonly exemption?: Exemption;
};

/** The published 60 / 80 / 90 scheme. */
export const DEFAULT_POLICY: PolicyDays = {
  rotateAfter: 60,
  deactivateAfter: 80,
  deleteAfter: 90,
  adoptionGrace: 10,
  recoveryGrace: 10,
  unusedAfter: 90,
  inUseWindow: 7,
  noticeBefore: 7,
  whenStillInUse: 'deactivate',
  whenTwoKeysInUse: 'escalate',
};

export interface PolicyProblem {
  readonly name: keyof PolicyDays;
  readonly message: string;
}

/** Everything that is wrong with a policy; empty when it may be used. */
export function policyProblems(policy: PolicyDays): readonly PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  const wrong = (name: keyof PolicyDays, message: string) => problems.push({ name, message });
  const { rotateAfter, deactivateAfter, deleteAfter } = policy;

  const mustBePositive = ['rotateAfter', 'deactivateAfter', 'deleteAfter', 'unusedAfter'] as const;
  for (const name of mustBePositive) {
    const value = policy[name];
    if (value !== 'off' && !(value > 0 && Number.isFinite(value))) {
      wrong(name, `must be a number of days above 0, not ${value}`);
    }
  }
  for (const name of ['adoptionGrace', 'recoveryGrace', 'inUseWindow', 'noticeBefore'] as const) {
    const value = policy[name];
    if (!(value >= 0 && Number.isFinite(value))) wrong(name, `must be 0 days or more, not ${value}`);
  }
  if (rotateAfter >= deactivateAfter) {
    wrong('deactivateAfter', `must be more than rotateAfter (${rotateAfter} days), not ${deactivateAfter}`);
  }
  if (deactivateAfter >= deleteAfter) {
    wrong('deleteAfter', `must be more than deactivateAfter (${deactivateAfter} days), not ${deleteAfter}`);
  }
  return problems;
}

/**
 * The policy in the units the rules use.
 * @throws RangeError when the policy is not valid; ask {@link policyProblems} first.
 */
export function toPolicy(policy: PolicyDays): Policy {
  const problems = policyProblems(policy);
  if (problems.length > 0) {
    throw new RangeError(problems.map(({ name, message }) => `${name} ${message}`).join('; '));
  }
  return {
    rotateAfter: days(policy.rotateAfter),
    deactivateAfter: days(policy.deactivateAfter),
    deleteAfter: days(policy.deleteAfter),
    adoptionGrace: days(policy.adoptionGrace),
    recoveryGrace: days(policy.recoveryGrace),
    unusedAfter: policy.unusedAfter === 'off' ? undefined : days(policy.unusedAfter),
    inUseWindow: days(policy.inUseWindow),
    noticeBefore: days(policy.noticeBefore),
    whenStillInUse: policy.whenStillInUse,
    whenTwoKeysInUse: policy.whenTwoKeysInUse,
  };
}
