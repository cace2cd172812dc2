import type { Failure } from '../errors.ts';
import { wrongExternalId } from './account-checks.ts';
import type { Caller } from './caller.ts';
import { deployAgain, functionSetting, unanswered, wrong, type Check } from './check.ts';
import { isReachedByStackSet, mendsTheRole, roleArnIn, type RoleConfig } from './member-role.ts';
import { lacksPermission, policyStep } from './operator.ts';

/*
 * Why accounts can't be entered. AWS gives one and the same answer whatever the cause: the role isn't
 * there, its trust doesn't admit the caller, its external id is another one. What came of the other
 * accounts tells which it is.
 */

export interface Refusal {
  readonly accountId: string;
  readonly failure: Failure;
  /** Whether the role lets in who gives no external id; it is tried where one is set. */
  readonly opensWithoutExternalId: boolean;
}

/** What is known besides the refusals. */
export interface Entry {
  readonly role: RoleConfig;
  readonly caller: Caller;
  /** Whether the service's function is there; undefined where that could not be asked. */
  readonly isDeployed: boolean | undefined;
  /** Of the account of the service; undefined where that was not tried. */
  readonly ownEntered: boolean | undefined;
  /** Whether the external id in use is that of the function; undefined where the function's is not known. */
  readonly externalIdIsRight: boolean | undefined;
  /** Whether the caller lacks the policy of operators. */
  readonly lacksPolicy: boolean;
  /** Accounts that stack sets reach and that were entered. */
  readonly membersEntered: number;
}

/** Refusals of any of these kinds come of the role or of the caller. */
const ABOUT_THE_ROLE: readonly Failure['kind'][] = ['denied', 'not-found'];

/** What is known to be about the caller's session, the network or a region is no matter of the role. */
export const isAboutTheRole = ({ failure }: Pick<Refusal, 'failure'>): boolean =>
  ABOUT_THE_ROLE.includes(failure.kind) && (failure.cause ?? 'policy') === 'policy';

/** One check for each account that could not be entered. */
export function refusedChecks(refusals: readonly Refusal[], entry: Entry): readonly Check[] {
  const { role } = entry;
  const members = refusals.filter(
    (refusal) => isAboutTheRole(refusal) && isReachedByStackSet(refusal.accountId, role),
  ).length;
  return refusals.map((refusal): Check => {
    const { accountId, failure, opensWithoutExternalId } = refusal;
    if (!isAboutTheRole(refusal)) return { accountId, ...unanswered('account', 'enter', failure) };
    if (opensWithoutExternalId) return { accountId, ...wrongExternalId(accountId, role) };
    const { because, nextStep, forMany } = causeOf(refusal, entry);
    const message = `the role ${roleArnIn(accountId, role)} can't be assumed: ${because}. AWS says: ${failure.message}`;
    const all = members > 1 || entry.membersEntered === 0 ? forMany : undefined;
    return {
      accountId,
      ...wrong('account', 'enter', message, all ?? nextStep),
      ...(forMany === undefined ? {} : { forMany }),
    };
  });
}

interface Cause {
  readonly because: string;
  readonly nextStep: string;
  readonly forMany?: string;
}

/** As AWS words it. */
const BY_CONTROL_POLICY = /explicit deny in an? (?:service|resource) control policy/;

function causeOf({ accountId, failure }: Refusal, entry: Entry): Cause {
  const { role, caller, isDeployed, ownEntered, externalIdIsRight, lacksPolicy } = entry;
  const { region, serviceAccountId, organization } = role;
  if (lacksPolicy || lacksPermission(failure)) {
    return {
      because: 'whoever runs doctor lacks the policy of operators',
      nextStep: policyStep(caller, role),
    };
  }
  if (ownEntered === false && externalIdIsRight === false) {
    return {
      because: "ROTATION_EXTERNAL_ID is not the external id of the service's function",
      nextStep: role.hasExternalId
        ? "To use the function's: unset ROTATION_EXTERNAL_ID"
        : `export ROTATION_EXTERNAL_ID="$(${functionSetting(region, 'ROTATION_EXTERNAL_ID')})"`,
    };
  }
  if (BY_CONTROL_POLICY.test(failure.message)) {
    return {
      because: 'a service control policy denies it',
      nextStep: `Have that policy let ${caller.operatorArn ?? caller.arn} and the role of the service do sts:AssumeRole. What it says: aws organizations list-policies-for-target --target-id ${accountId} --filter SERVICE_CONTROL_POLICY`,
    };
  }
  if (failure.cause === 'policy') return { because: 'a policy denies it', nextStep: failure.nextStep };
  const lets = mendsTheRole(accountId, role, caller.operatorArn);
  if (accountId === serviceAccountId) {
    return isDeployed === false
      ? { because: 'it is a part of the stack of the service', nextStep: deployAgain(region) }
      : { because: `it doesn't admit ${caller.operatorArn ?? caller.arn} (operatorArn)`, ...lets };
  }
  const differs = [
    "it isn't there",
    `it doesn't admit ${caller.operatorArn ?? caller.arn} (OperatorArn)`,
    role.hasExternalId ? 'its ExternalId is another one' : 'it asks for an external id, and none is set',
  ].join(', or ');
  if (accountId === organization?.managementAccountId) {
    return { because: `stack sets leave the management account out, and ${differs}`, ...lets };
  }
  return { because: differs, ...lets };
}
