import {
  DescribeSecretCommand,
  ReplicateSecretToRegionsCommand,
  type ReplicationStatusType,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { OperationError } from '../../domain/errors.ts';
import { SECOND } from '../../domain/time.ts';
import type { SecretLocation } from '../../run/ports/accounts.ts';
import type { Clock } from '../../run/ports/clock.ts';
import { ask, required } from '../client/errors.ts';

/** AWS copies in the background, in a second or two. What is still under way after that gets there. */
const POLL_DELAYS = [1, 2, 4].map((seconds) => seconds * SECOND);

/**
 * Makes sure that a secret is in all regions it should be in. The resource policy goes with it, and so
 * does everything that is written later: AWS sees to that.
 * @throws OperationError when a region doesn't have it
 */
export async function replicate(
  client: SecretsManagerClient,
  name: string,
  { replicaRegions, kmsKeyId }: SecretLocation,
  sleep: Clock['sleep'],
): Promise<void> {
  if (replicaRegions.length === 0) return;
  const home = await client.config.region();
  const regions = replicaRegions.filter((region) => region !== home);
  let replicas = await replicasOf(client, name);
  const wanted = regions.filter((region) => {
    const status = replicas.get(region)?.Status;
    return status === undefined || status === 'Failed'; // what has failed is started again
  });
  if (wanted.length > 0) {
    const input = { SecretId: name, AddReplicaRegions: wanted.map((region) => replicaIn(region, kmsKeyId)) };
    await ask('secretsmanager:ReplicateSecretToRegions', () =>
      client.send(new ReplicateSecretToRegionsCommand(input)),
    );
    replicas = await replicasOf(client, name);
  }
  for (const wait of POLL_DELAYS) {
    if (!regions.some((region) => replicas.get(region)?.Status === 'InProgress')) break;
    await sleep(wait);
    replicas = await replicasOf(client, name);
  }
  assertReplicated(name, regions, replicas);
}

type Replicas = ReadonlyMap<string | undefined, ReplicationStatusType>;

async function replicasOf(client: SecretsManagerClient, name: string): Promise<Replicas> {
  const { ARN, ReplicationStatus = [] } = await ask('secretsmanager:DescribeSecret', () =>
    client.send(new DescribeSecretCommand({ SecretId: name })),
  );
  required('secretsmanager:DescribeSecret', ARN, 'the ARN of the secret');
  return new Map(ReplicationStatus.map((replica) => [replica.Region, replica]));
}

/** An alias or a multi-Region key has the same name in every region, but for the region in its ARN. */
const replicaIn = (region: string, kmsKeyId: string | undefined) => ({
  Region: region,
  ...(kmsKeyId === undefined
    ? {}
    : { KmsKeyId: kmsKeyId.replace(/^(arn:[^:]*:kms:)[^:]*:/, `$1${region}:`) }),
});

function assertReplicated(name: string, regions: readonly string[], replicas: Replicas): void {
  const problems = regions.flatMap((region) => {
    const { Status, StatusMessage } = replicas.get(region) ?? {};
    if (Status === 'InSync' || Status === 'InProgress') return [];
    return [`${region} (${StatusMessage ?? 'AWS tells of no replica there'})`];
  });
  if (problems.length === 0) return;
  throw new OperationError({
    kind: 'unknown',
    during: 'secretsmanager:ReplicateSecretToRegions',
    message: `the secret ${name} could not be replicated to ${problems.join(', ')}`,
    nextStep:
      'Put right what AWS names: a secret of that name that is there already is to be deleted, and the encryption key must exist there and be allowed to the role. The next run tries again.',
  });
}
