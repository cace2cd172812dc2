import type { DescribeSecretCommandOutput } from '@aws-sdk/client-secrets-manager';
import { createHash } from 'node:crypto';
import { required } from '../client/errors.ts';

/**
 * A version of the secret is named after the key it holds, so whether a key's secret is stored can
 * be seen without ever reading a secret.
 */
export const versionOf = (accessKeyId: string): string =>
  createHash('sha256').update(accessKeyId).digest('hex');

/** Whether a version is named like one of ours; AWS itself names versions with UUIDs. */
export const isNamedAfterKey = (version: string): boolean => /^[0-9a-f]{64}$/.test(version);

/**
 * The versions of a secret and their stages. One that we made always has a version: without the list nobody can
 * tell what it holds.
 * @throws OperationError when the answer lacks it
 */
export const versionsOf = ({
  VersionIdsToStages,
}: Pick<DescribeSecretCommandOutput, 'VersionIdsToStages'>): Readonly<Record<string, readonly string[]>> =>
  required('secretsmanager:DescribeSecret', VersionIdsToStages, 'the versions of the secret');

/** The version that has a stage. */
export const versionAt = (
  secret: Pick<DescribeSecretCommandOutput, 'VersionIdsToStages'> | undefined,
  stage: string,
): string | undefined =>
  Object.entries(secret?.VersionIdsToStages ?? {}).find(([, stages]) => stages.includes(stage))?.[0];
