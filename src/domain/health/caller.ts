import { parseArn } from '../arn.ts';

/** Who runs `doctor`, and what the member roles have to name to let them in. */
export interface Caller {
  readonly arn: string;
  readonly kind: 'role' | 'permission-set' | 'user' | 'root' | 'other';
  /** Of the role, the permission set or the user. */
  readonly name: string;
  /** For the parameter `OperatorArn`; absent for those that can't enter any account. */
  readonly operatorArn?: string;
}

/** As IAM Identity Center calls the role of a permission set: its name, and 16 digits of its own. */
const OF_PERMISSION_SET = /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/;

/** @param arn as `sts:GetCallerIdentity` tells it */
export function callerOf(arn: string): Caller {
  const { partition, accountId, resource = '' } = parseArn(arn) ?? {};
  const iam = (what: string) => `arn:${partition}:iam::${accountId}:${what}`;
  if (resource === 'root') return { arn, kind: 'root', name: 'root' };
  if (resource.startsWith('user/')) {
    return { arn, kind: 'user', name: resource.split('/').at(-1) ?? '', operatorArn: iam(resource) };
  }
  const [kind, role] = resource.split('/');
  if (kind !== 'assumed-role' || role === undefined) return { arn, kind: 'other', name: resource };
  const permissionSet = OF_PERMISSION_SET.exec(role)?.[1];
  if (permissionSet === undefined) {
    return { arn, kind: 'role', name: role, operatorArn: iam(`role/${role}`) };
  }
  // Its path has the region of the Identity Center, or none in us-east-1; the digits change when it is made anew.
  const operatorArn = iam(`role/aws-reserved/sso.amazonaws.com/*AWSReservedSSO_${permissionSet}_*`);
  return { arn, kind: 'permission-set', name: permissionSet, operatorArn };
}
