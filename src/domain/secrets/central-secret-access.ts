import { centralSecretNameOf } from './secret-name.ts';
import { parseArn } from '../arn.ts';

/** Where a central secret is, and who reads it from another account. */
export interface CentralReader {
  readonly userArn: string;
  readonly userName: string;
  readonly accountId: string;
  /** The account and the region the service runs in. */
  readonly serviceAccountId: string;
  readonly region: string;
  readonly kmsKeyArn: string;
}

/**
 * What a user needs to read its secret in the account of the service. The policy of the secret lets it
 * in already; from another account both sides must, and the key's policy as well.
 */
export function centralReaderPolicies(reader: CentralReader) {
  const { userArn, userName, accountId, serviceAccountId, region, kmsKeyArn } = reader;
  const partition = parseArn(userArn)?.partition ?? 'aws';
  const suffix = partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
  const name = centralSecretNameOf(accountId, userName);
  // Secrets Manager puts six characters of its own behind the name.
  const secretArn = `arn:${partition}:secretsmanager:${region}:${serviceAccountId}:secret:${name}-??????`;
  return {
    /** For the user, in its own account. */
    identityPolicy: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: secretArn },
        { Effect: 'Allow', Action: 'kms:Decrypt', Resource: kmsKeyArn },
      ],
    },
    /** For the policy of the key; one of resources/central-key.yml admits every reader already. */
    keyPolicyStatement: {
      Sid: 'ReadersOfCentralSecrets',
      Effect: 'Allow',
      Principal: { AWS: userArn },
      Action: 'kms:Decrypt',
      Resource: '*',
      Condition: { StringEquals: { 'kms:ViaService': `secretsmanager.${region}.${suffix}` } },
    },
  };
}
