import type { Failure } from '../errors.ts';
import type { Caller } from './caller.ts';
import { notChecked, ok, SERVICE, stackOutput, unanswered, wrong, type Check } from './check.ts';
import type { RoleConfig } from './member-role.ts';

/* What whoever runs `doctor` lacks: the policy of operators in the account of the service. */

/**
 * AWS says so, in these words, where the policies of the caller lack a permission. Where a trust policy
 * refuses, it doesn't say why.
 */
const OWN_POLICIES = /no identity-based policy allows/;

export const lacksPermission = ({ message }: Failure): boolean => OWN_POLICIES.test(message);

/** More than these are not a permission left out on purpose. */
const MOST_DENIED = 1;

/**
 * Whether the caller has nothing of what operators need.
 * @param denied what of the service's own resources could not be looked at
 * @param refused what kept the caller from listing and entering accounts
 */
export const lacksPolicy = (denied: readonly string[], refused: readonly Failure[]): boolean =>
  refused.some(lacksPermission) || (refused.length > 0 && denied.length > MOST_DENIED);

type Place = Pick<RoleConfig, 'region' | 'partition' | 'serviceAccountId' | 'organization'>;

const ORGANIZATION = '"$(aws organizations describe-organization --query Organization.Id --output text)"';

export function withoutPolicy(caller: Caller, denied: readonly string[], place: Place): Check {
  const rights = denied.length === 0 ? '' : `, not even ${denied.join(', ')}`;
  const message = `${caller.arn} may not do in this account what operators do${rights}`;
  return wrong('operator', 'policy', message, policyStep(caller, place));
}

/** Makes the policy and gives it to the caller. */
export function policyStep(
  { kind, name }: Caller,
  { region, partition, serviceAccountId, organization }: Place,
): string {
  const output = (which: string) => `${which}="$(${stackOutput(region, which)})"`;
  const deploy = [
    `aws cloudformation deploy --region ${region} --template-file resources/operator-policy.yml`,
    '--stack-name access-key-rotation-operators --capabilities CAPABILITY_NAMED_IAM',
    `--parameter-overrides ${['TableName', 'TopicArn', 'KeyArn', 'ReportsBucket'].map(output).join(' ')} OrganizationId=${organization?.id ?? ORGANIZATION}`,
  ].join(' ');
  const arn = `arn:${partition}:iam::${serviceAccountId}:policy/${SERVICE}-operator`;
  if (kind === 'role' || kind === 'user') {
    const attach = `aws iam attach-${kind}-policy --${kind}-name ${name} --policy-arn ${arn}`;
    return `With an administrator's credentials of this account: ${deploy} && ${attach}`;
  }
  const set = kind === 'permission-set' ? `the permission set ${name}` : 'your role';
  return `Have ${set} refer to the customer managed policy ${SERVICE}-operator, which an administrator of this account makes: ${deploy}`;
}

const COMMANDS = 'apply, replace, restore and accept';

export const mayCommand = (): Check =>
  ok('operator', 'commands', `the caller may let the function do what ${COMMANDS} do`);

/** Not wrong: somebody may be meant to look only. */
export function mayNotCommand(failure: Failure): Check {
  if (failure.kind !== 'denied') return unanswered('operator', 'commands', failure);
  return {
    ...notChecked(
      'operator',
      'commands',
      `the caller may not let the function work, so ${COMMANDS} are refused: ${failure.message}`,
      `Allow ${failure.during} to whoever shall do that: the policy of operators does (resources/operator-policy.yml; deploy it again if it is older).`,
    ),
    right: failure.during,
  };
}

export const rootUser = ({ arn }: Caller): Check =>
  wrong(
    'operator',
    'identity',
    `${arn} is the root user, whom AWS lets enter no other account`,
    'Use a role of this account that has the policy of operators, and see that it is the one in use: aws sts get-caller-identity',
  );
