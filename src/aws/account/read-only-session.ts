/** Every call that audit mode makes in an account. */
const READS = [
  'cloudtrail:LookupEvents',
  'iam:GenerateCredentialReport',
  'iam:GetCredentialReport',
  'iam:ListUsers',
  'iam:ListAccessKeys',
  'iam:GetAccessKeyLastUsed',
  'iam:GetAccountSummary',
  'iam:ListUserTags',
  'iam:GetGroup',
  'secretsmanager:DescribeSecret',
  'secretsmanager:ListSecrets',
] as const;

/** A session policy that allows these, as far as the role does, and nothing else. */
export const only = (actions: readonly string[]): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
  });

/** What the session of an audit may do at most, whatever its role allows: AWS enforces it. */
export const READ_ONLY_SESSION_POLICY = only(READS);
