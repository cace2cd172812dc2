import { days, type Duration, type Instant } from '../time.ts';

/** The parameters of the rotation policy (docs/policy.md), in days, as people write them. Fractions are allowed. */
export interface PolicyDays {
  /** From this age a key in use gets a replacement. */
  readonly rotateAfter: number;
  /** From this age a replaced key whose owner has moved may be deactivated. */
  readonly deactivateAfter: number;
  /** From this age an inactive key may be deleted, and a replaced key that is still needed deactivated. */
  readonly deleteAfter: number;
  /** Least time between *delivered* or *announced* and deactivated. */
  readonly adoptionGrace: number;
  /** Least time between *delivered* and deactivating a key that is still needed; by default deleteAfter - rotateAfter. */
  readonly deadlineGrace?: number;
  /** Least time between deactivated and deleted. */
  readonly recoveryGrace: number;
  /** Not used for this long: retired instead of replaced. `off`: every key is treated as used. */
  readonly unusedAfter: number | 'off';
  /** Used within this time: in use. */
  readonly inUseWindow: number;
  /** A digest lists what falls due within this time. */
  readonly noticeBefore: number;
  /** At the deadline, for a key that we have replaced and that is still needed. */
  readonly whenStillInUse: 'deactivate' | 'wait';
  /** For a replaced key of which neither side was used since the delivery. */
  readonly whenNotAdopted: 'wait' | 'deactivate';
  /** For two active keys, both in use, neither our replacement of the other. */
  readonly whenTwoKeysInUse: 'escalate' | 'deactivate-least-recently-used';
}

/** A user who is left alone until a date, because somebody answers for it. */
export interface Exemption {
  readonly owner: string;
  readonly reason: string;
  readonly until: Instant;
}

/** How long before its end it is told: whoever extends an exemption may have to ask somebody first. */
export const EXEMPTION_NOTICE: Duration = days(14);

type Choices = 'whenStillInUse' | 'whenNotAdopted' | 'whenTwoKeysInUse';
type Times = Exclude<keyof PolicyDays, 'unusedAfter' | Choices>;

/** The policy as the rules use it: every time in milliseconds. */
export type Policy = { readonly [Name in Times]-?: Duration } & Pick<PolicyDays, Choices> & {
    /** `undefined` when switched off. */
    readonly unusedAfter: Duration | undefined;
    readonly exemption?: Exemption;
    /** Where none is in force: the one that ended last. It decides nothing; reports tell of it. */
    readonly endedExemption?: Exemption;
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
  whenNotAdopted: 'wait',
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
  const graces = ['adoptionGrace', 'deadlineGrace', 'recoveryGrace', 'inUseWindow', 'noticeBefore'] as const;
  for (const name of graces) {
    const value = policy[name];
    if (value !== undefined && !(value >= 0 && Number.isFinite(value))) {
      wrong(name, `must be 0 days or more, not ${value}`);
    }
  }
  if (rotateAfter >= deactivateAfter) {
    wrong('deactivateAfter', `must be more than rotateAfter (${rotateAfter} days), not ${deactivateAfter}`);
  }
  if (deactivateAfter >= deleteAfter) {
    wrong('deleteAfter', `must be more than deactivateAfter (${deactivateAfter} days), not ${deleteAfter}`);
  }
  return problems;
}

/** Unless it is set: what the ordinary life of a key gives its owner. In days. */
export const deadlineGraceOf = ({ deadlineGrace, deleteAfter, rotateAfter }: PolicyDays): number =>
  deadlineGrace ?? deleteAfter - rotateAfter;

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
    deadlineGrace: days(deadlineGraceOf(policy)),
    recoveryGrace: days(policy.recoveryGrace),
    unusedAfter: policy.unusedAfter === 'off' ? undefined : days(policy.unusedAfter),
    inUseWindow: days(policy.inUseWindow),
    noticeBefore: days(policy.noticeBefore),
    whenStillInUse: policy.whenStillInUse,
    whenNotAdopted: policy.whenNotAdopted,
    whenTwoKeysInUse: policy.whenTwoKeysInUse,
  };
}
