/** Every call that audit mode makes in an account. */
const READS = [
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

/** What the session of an audit may do at most, whatever its role allows: AWS enforces it. */
export const READ_ONLY_SESSION_POLICY = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: READS, Resource: '*' }],
});
