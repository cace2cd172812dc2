import type { Failure } from '../errors.ts';
import { notChecked, ok, unanswered, wrong, type Check } from './check.ts';
import { mendsTheRole, type RoleConfig } from './member-role.ts';

/* Verdicts on an account that was entered: its external id, and what may be done there. */

/**
 * Whether the role asks for the external id.
 * @param without what came of entering without one: a failure, or undefined when it was let in
 */
export function externalIdCheck(accountId: string, role: RoleConfig, without: Failure | undefined): Check {
  if (!role.hasExternalId) return ok('account', 'external id', 'none is set, and none is asked for');
  if (without !== undefined && without.kind !== 'denied') {
    return unanswered('account', 'external id', without);
  }
  return without === undefined
    ? {
        ...wrong('account', 'external id', 'the role lets in without the external id', ''),
        ...mendsTheRole(accountId, role),
      }
    : ok('account', 'external id', 'asked for, and right');
}

/** Denied with the external id, but not without one: the id is wrong. */
export const wrongExternalId = (accountId: string, role: RoleConfig): Check => ({
  ...wrong(
    'account',
    'external id',
    'the role lets in without an external id, but not with the right one',
    '',
  ),
  ...mendsTheRole(accountId, role),
});

/** What a permission is about, as policies distinguish it. */
export type Subject = 'anything' | 'user' | 'group' | 'secret';

/** Calls that `doctor` makes to see whether they are allowed. */
export const READS = {
  'iam:ListUsers': 'anything',
  'iam:GetAccountSummary': 'anything',
  'iam:GenerateCredentialReport': 'anything',
  'iam:GetCredentialReport': 'anything',
  'iam:ListAccessKeys': 'user',
  'iam:GetAccessKeyLastUsed': 'user',
  'iam:ListUserTags': 'user',
  'iam:GetGroup': 'group',
  'secretsmanager:DescribeSecret': 'secret',
} as const satisfies Readonly<Record<string, Subject>>;

/** Calls that would change something, or need something to be there: whether they are allowed can only be simulated. */
const WRITES = {
  'iam:CreateAccessKey': 'user',
  'iam:UpdateAccessKey': 'user',
  'iam:DeleteAccessKey': 'user',
  'secretsmanager:CreateSecret': 'secret',
  'secretsmanager:GetResourcePolicy': 'secret',
  'secretsmanager:PutResourcePolicy': 'secret',
  'secretsmanager:PutSecretValue': 'secret',
  'secretsmanager:ReplicateSecretToRegions': 'secret',
  'secretsmanager:TagResource': 'secret',
  'secretsmanager:UpdateSecretVersionStage': 'secret',
} as const satisfies Readonly<Record<string, Subject>>;

export type Read = keyof typeof READS;
export type Action = Read | keyof typeof WRITES;
export const SUBJECTS: Readonly<Record<Action, Subject>> = { ...READS, ...WRITES };
export const ACTIONS = Object.keys(SUBJECTS) as readonly Action[];

/** What is known of a permission. `unknown`: nothing to try it on, or it depends on a condition. */
export type Permission =
  | { readonly known: 'allowed' | 'denied'; readonly by: 'call' | 'simulation'; readonly message: string }
  | { readonly known: 'failed'; readonly failure: Failure }
  | { readonly known: 'unknown'; readonly why: string };

/** One check per permission; those that are unknown for the same reason share one. Deploying the role again repairs them. */
export function permissionChecks(
  permissions: ReadonlyMap<Action, Permission>,
  accountId: string,
  role: RoleConfig,
): readonly Check[] {
  const checks: Check[] = [];
  const unknown = new Map<string, Action[]>();
  for (const [action, permission] of permissions) {
    if (permission.known === 'unknown') {
      unknown.set(permission.why, [...(unknown.get(permission.why) ?? []), action]);
    } else if (permission.known === 'failed') {
      checks.push(unanswered('account', action, permission.failure));
    } else {
      const { known, by, message } = permission;
      const { nextStep, forMany } = mendsTheRole(accountId, role);
      checks.push(
        known === 'allowed'
          ? ok('account', action, `allowed, by ${by}`)
          : {
              ...wrong('account', action, message, `${LOOK_HIGHER} ${nextStep}`),
              ...(forMany === undefined ? {} : { forMany: `${LOOK_HIGHER} ${forMany}` }),
            },
      );
    }
  }
  const leftOut = [...unknown].map(([why, actions]): Check => {
    const check = notChecked('account', 'permissions', `${why}: ${actions.join(', ')}`);
    return why === NOT_SIMULATED ? { ...check, nextStep: LET_SIMULATE, right: SIMULATE } : check;
  });
  return [...checks, ...leftOut];
}

const LOOK_HIGHER =
  'If a permissions boundary or a service control policy denies it, change that; else deploy the role again.';

const SIMULATE = 'iam:SimulatePrincipalPolicy';
/** Why a permission is unknown where the role may not ask, as the role that is delivered may not. */
export const NOT_SIMULATED = `${SIMULATE} is not allowed here`;
const LET_SIMULATE = `Nothing, a run shows it. To have it checked here, allow ${SIMULATE} to the member role.`;
