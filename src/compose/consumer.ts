import { definedOnly } from '../domain/defined-only.ts';
import { keyOfProfile, readOwnKey, type HeldKey } from '../aws/secret/own-secret.ts';
import type { Environment } from './environment.ts';

/** What a workload needs to get at its own key. */
export const consumer = ({ region, endpoint }: Pick<Environment, 'region' | 'endpoint'>) => ({
  readOwnKey: (userName: string, held: HeldKey, secretId?: string) =>
    readOwnKey({ region, ...definedOnly({ endpoint }) }, userName, held, secretId),
  keyOfProfile,
});

export type { HeldKey };
