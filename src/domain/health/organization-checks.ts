import type { Failure } from '../errors.ts';
import { deployAgain, ok, unanswered, wrong, type Check } from './check.ts';

/* Verdicts on what the management account has to do once. */

/** The service principal of CloudFormation StackSets. */
const STACK_SETS = 'member.org.stacksets.cloudformation.amazonaws.com';

/** The accounts can't be listed: the account is no delegated administrator, nor lets a role do it. */
export function notListed(failure: Failure, ownId: string, region: string): Check {
  if (failure.kind !== 'denied') return unanswered('organization', 'accounts', failure);
  const template = 'resources/organizations-role.yml';
  return wrong(
    'organization',
    'accounts',
    `${failure.during}: ${failure.message}; account ${ownId} is neither the management account nor a delegated administrator`,
    `Have it done in the management account. (Or deploy ${template} there, set organizationsRoleArn in serverless.yml to its output RoleArn, and ${deployAgain(region)}.) ${delegate(ownId)}`,
  );
}

const delegate = (ownId: string): string =>
  `With credentials of the management account: aws organizations register-delegated-administrator --account-id ${ownId} --service-principal ${STACK_SETS}`;

/**
 * Whether stack sets may work in the organization.
 * @param services those that have trusted access, or why that could not be read
 * @param isNeeded whether the member role is missing in accounts that stack sets reach
 */
export function trustedAccessCheck(
  services: readonly string[] | Failure,
  isNeeded: boolean,
  region: string,
): readonly Check[] {
  const [area, name] = ['organization', 'trusted access'] as const;
  if (!isList(services)) return isNeeded ? [unanswered(area, name, services)] : [];
  if (services.includes(STACK_SETS)) return [ok(area, name, 'stack sets may work in the accounts')];
  if (!isNeeded) return [ok(area, name, 'off for stack sets; the accounts have the member role without')];
  return [
    wrong(
      area,
      name,
      'stack sets may not work in the organization, so the member role reaches no account',
      `With credentials of the management account: aws cloudformation activate-organizations-access --region ${region}`,
    ),
  ];
}

const isList = (services: readonly string[] | Failure): services is readonly string[] =>
  Array.isArray(services);
