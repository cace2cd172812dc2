import type { Failure } from '../errors.ts';
import { deployAgain, notChecked, ok, quoted, unanswered, verdict, wrong, type Check } from './check.ts';

/* Verdicts on one account: whether it can be entered, and what may be done there. */

/** How the service enters accounts. Never holds the external id, which some take for a secret. */
export interface RoleConfig {
  readonly region: string;
  readonly partition: string;
  readonly serviceAccountId: string;
  readonly roleName: string;
  readonly rolePath: string;
  readonly hasExternalId: boolean;
}

export const roleArnIn = (
  accountId: string,
  { partition, rolePath, roleName }: Pick<RoleConfig, 'partition' | 'rolePath' | 'roleName'>,
): string => `arn:${partition}:iam::${accountId}:role${rolePath}${roleName}`;

/** Creates or repairs the member role; run with credentials of the member account. */
const deployRole = ({ serviceAccountId, roleName, rolePath, hasExternalId, region }: RoleConfig): string =>
  [
    `aws cloudformation deploy --region ${region} --template-file resources/member-role.yml`,
    '--stack-name access-key-rotation-member --capabilities CAPABILITY_NAMED_IAM',
    `--parameter-overrides ServiceAccountId=${serviceAccountId} RoleName=${roleName}`,
    ...(rolePath === '/' ? [] : [`RolePath=${quoted(rolePath)}`]),
    ...(hasExternalId ? ['ExternalId="$ROTATION_EXTERNAL_ID"'] : []),
  ].join(' ');

/** In the account of the service the role is a part of the service's stack; elsewhere it is a stack. */
const makesTheRole = (accountId: string, role: RoleConfig): string =>
  accountId === role.serviceAccountId
    ? `Deploy the service again, whose stack makes the member role of its own account: ${deployAgain(role.region)}`
    : `With credentials of ${accountId}: ${deployRole(role)}`;

/**
 * Why an account can't be entered. AWS gives one and the same answer for all of it, so the causes
 * are named, the likely ones first.
 */
export function notEntered(accountId: string, failure: Failure, role: RoleConfig): Check {
  if (failure.kind !== 'denied' && failure.kind !== 'not-found') {
    return unanswered('account', 'enter', failure);
  }
  const causes = [
    `the role ${roleArnIn(accountId, role)} doesn't exist`,
    'its trust policy admits the service only, and not whoever runs doctor (parameter OperatorArn)',
    role.hasExternalId
      ? 'its external id is another one than ROTATION_EXTERNAL_ID'
      : 'it asks for an external id, and ROTATION_EXTERNAL_ID is not set',
    'the caller lacks sts:AssumeRole for it, or a service control policy denies it',
  ];
  return wrong(
    'account',
    'enter',
    `${failure.message}. Likely causes: ${causes.map((cause, index) => `(${index + 1}) ${cause}`).join('; ')}.`,
    makesTheRole(accountId, role),
  );
}

/**
 * Whether the role asks for the external id.
 * @param without what came of entering without one: a failure, or undefined when it was let in
 */
export function externalIdCheck(accountId: string, role: RoleConfig, without: Failure | undefined): Check {
  if (!role.hasExternalId) return ok('account', 'external id', 'none is set, and none is asked for');
  if (without !== undefined && without.kind !== 'denied') {
    return unanswered('account', 'external id', without);
  }
  return verdict('account', 'external id', without !== undefined, 'asked for, and right', {
    message: 'ROTATION_EXTERNAL_ID is set, but the role lets in without it',
    nextStep: makesTheRole(accountId, role),
  });
}

/** Denied with the external id, but not without one: the id is wrong. */
export const wrongExternalId = (accountId: string, role: RoleConfig): Check =>
  wrong(
    'account',
    'external id',
    'the role lets in without an external id, but not with ROTATION_EXTERNAL_ID',
    makesTheRole(accountId, role),
  );

/** What a permission is about, as policies distinguish it. */
export type Subject = 'anything' | 'user' | 'group' | 'secret';

/** Calls that `doctor` makes to see whether they are allowed. */
export const READS = {
  'iam:ListUsers': 'anything',
  'iam:GetAccountSummary': 'anything',
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
      const nextStep = `${makesTheRole(accountId, role)}. If it is allowed there, look for a permissions boundary or a service control policy that denies it.`;
      const right = known === 'allowed';
      checks.push(verdict('account', action, right, `allowed, by ${by}`, { message, nextStep }));
    }
  }
  const leftOut = [...unknown].map(([why, actions]) =>
    notChecked('account', 'permissions', `${why}: ${actions.join(', ')}`),
  );
  return [...checks, ...leftOut];
}
