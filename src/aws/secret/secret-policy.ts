import { PutResourcePolicyCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SecretOwner, SecretState } from '../../run/ports/secrets.ts';
import { ask } from '../client/errors.ts';

/**
 * Lets the very user read its secret, and nobody else. In another account than the secret's, the user
 * needs the permission from its own account as well, for the secret and for the key it is encrypted
 * with. Written with every version: a user deleted and made anew has the same name but not the same
 * right.
 */
export async function letTheUserRead(
  client: SecretsManagerClient,
  { arn }: SecretOwner,
  { name }: SecretState,
): Promise<void> {
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'TheUserReadsItsOwnKey',
        Effect: 'Allow',
        Principal: { AWS: arn },
        Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
        Resource: '*',
      },
    ],
  };
  await ask('secretsmanager:PutResourcePolicy', () =>
    client.send(
      new PutResourcePolicyCommand({
        SecretId: name,
        ResourcePolicy: JSON.stringify(policy),
        BlockPublicPolicy: true,
      }),
    ),
  );
}
