import { definedOnly } from '../defined-only.ts';
import { deployAgain, functionSetting, quoted } from './check.ts';

/* The role that the service enters accounts by, and the commands that make or mend it. */

/** How the service enters accounts. Never holds the external id, which some take for a secret. */
export interface RoleConfig {
  readonly region: string;
  readonly partition: string;
  readonly serviceAccountId: string;
  readonly roleName: string;
  readonly rolePath: string;
  readonly hasExternalId: boolean;
  /** As far as the accounts could be listed. */
  readonly organization?: OrganizationIds;
  /** What the settings narrow the service to. */
  readonly narrowedTo?: { readonly ous: readonly string[]; readonly accounts: readonly string[] };
  /** Whether the account of the service lists the accounts by a role of the management account. */
  readonly listsByRole?: boolean;
}

export interface OrganizationIds {
  /** Like `o-ab12cd34ef`. */
  readonly id: string;
  readonly managementAccountId: string;
}

export const roleArnIn = (
  accountId: string,
  { partition, rolePath, roleName }: Pick<RoleConfig, 'partition' | 'rolePath' | 'roleName'>,
): string => `arn:${partition}:iam::${accountId}:role${rolePath}${roleName}`;

/**
 * What all templates of the role take. A stack keeps the parameters that are not given.
 * @param externalId how the shell gets at it: it is never shown
 */
const parameters = (
  role: RoleConfig,
  operatorArn: string | undefined,
  externalId: string,
): readonly string[] => [
  `ServiceAccountId=${role.serviceAccountId}`,
  ...(role.organization === undefined ? [] : [`OrganizationId=${role.organization.id}`]),
  ...(operatorArn === undefined ? [] : [`OperatorArn=${quoted(operatorArn)}`]),
  `RoleName=${role.roleName}`,
  ...(role.rolePath === '/' ? [] : [`RolePath=${quoted(role.rolePath)}`]),
  ...(role.hasExternalId ? [`ExternalId="${externalId}"`] : []),
];

/** Creates or repairs the role in one account; run with credentials of that account. */
const deployRole = (role: RoleConfig, operatorArn?: string): string =>
  [
    `aws cloudformation deploy --region ${role.region} --template-file resources/member-role.yml`,
    '--stack-name access-key-rotation-member --capabilities CAPABILITY_NAMED_IAM --parameter-overrides',
    ...parameters(role, operatorArn, FROM_ENVIRONMENT),
  ].join(' ');

/** With credentials of another account the service's function can't be asked for the external id. */
const FROM_ENVIRONMENT = '$ROTATION_EXTERNAL_ID';
const elsewhere = (where: string, { hasExternalId }: RoleConfig): string =>
  `With credentials of ${where}${hasExternalId ? ', and ROTATION_EXTERNAL_ID set to the externalId of serverless.yml' : ''}: `;

/** Stack sets belong to the management account, or to a delegated administrator of StackSets. */
const stackSetsAsMember = ({ organization, serviceAccountId, listsByRole }: RoleConfig): boolean =>
  organization?.managementAccountId !== serviceAccountId && listsByRole !== true;

/** The id of the root is looked up by the command itself. */
const ROOT = `"$(aws organizations list-roots --query 'Roots[0].Id' --output text)"`;

const unitsOf = ({ narrowedTo }: RoleConfig): string =>
  narrowedTo === undefined || narrowedTo.ous.length === 0 ? ROOT : narrowedTo.ous.join(',');

/** Creates or repairs the role in all accounts but the management account. */
function deployStackSet(role: RoleConfig, operatorArn?: string): string {
  const asMember = stackSetsAsMember(role);
  const isManagement = role.organization?.managementAccountId === role.serviceAccountId;
  const isHere = asMember || isManagement;
  const externalId = isHere ? `$(${functionSetting(role.region, 'ROTATION_EXTERNAL_ID')})` : FROM_ENVIRONMENT;
  return `${isHere ? '' : elsewhere('the management account', role)}${[
    `aws cloudformation deploy --region ${role.region} --template-file resources/member-role-stackset.yml`,
    '--stack-name access-key-rotation-member-roles --parameter-overrides',
    `CallAs=${asMember ? 'DELEGATED_ADMIN' : 'SELF'} OrganizationalUnitIds=${unitsOf(role)}`,
    ...parameters(role, operatorArn, externalId),
  ].join(' ')}`;
}

/**
 * In the account of the service the role is a part of the service's stack; elsewhere it is a stack.
 * @param operatorArn also lets this one in
 */
function makesTheRole(accountId: string, role: RoleConfig, operatorArn?: string): string {
  if (accountId !== role.serviceAccountId) {
    return `${elsewhere(accountId, role)}${deployRole(role, operatorArn)}`;
  }
  const first =
    operatorArn === undefined ? '' : `Put operatorArn: '${operatorArn}' into params of serverless.yml. `;
  return `${first}Deploy the service again, whose stack makes the member role of its own account: ${deployAgain(role.region)}`;
}

/**
 * The same, and what does it at once where it is needed in many accounts. Where the settings name single
 * accounts, a stack set would reach more than those.
 */
export const mendsTheRole = (accountId: string, role: RoleConfig, operatorArn?: string) => ({
  nextStep: makesTheRole(accountId, role, operatorArn),
  ...definedOnly({
    forMany:
      isReachedByStackSet(accountId, role) && (role.narrowedTo?.accounts ?? []).length === 0
        ? deployStackSet(role, operatorArn)
        : undefined,
  }),
});

/** Stack sets leave the management account out, and make nothing in the account of the service. */
export const isReachedByStackSet = (
  accountId: string,
  { serviceAccountId, organization }: RoleConfig,
): boolean => accountId !== serviceAccountId && accountId !== organization?.managementAccountId;
