import { IAMClient } from '@aws-sdk/client-iam';
import { iamInventory } from '../aws/account/inventory.ts';
import { cloudTrailUsage } from '../aws/account/key-usage.ts';
import { USAGE_SESSION_POLICY } from '../aws/account/usage-session.ts';
import { memberRoles } from '../aws/account/sessions.ts';
import { countCalls } from '../aws/client/call-counts.ts';
import { patient } from '../aws/client/config.ts';
import type { Settings } from '../config/settings.ts';
import type { KeyInventory } from '../run/ports/keys.ts';
import type { KeyUsage } from '../run/ports/usage.ts';
import { awsSettings, systemClock, type Environment } from './environment.ts';

/** What a look at the use of an account's keys needs. */
export interface UsageTools {
  readonly inventory: KeyInventory;
  readonly usage: KeyUsage;
}

/**
 * Enters an account by its member role, only to look this up.
 * @throws OperationError when the role can't be assumed
 */
export async function openUsage(
  accountId: string,
  runId: string,
  settings: Settings,
  environment: Omit<Environment, 'publish'>,
): Promise<UsageTools> {
  const { clock = systemClock } = environment;
  const { enter } = memberRoles(awsSettings(environment), { ...settings, runId }, clock);
  const member = await enter(accountId, USAGE_SESSION_POLICY);
  return {
    inventory: iamInventory(countCalls(new IAMClient(patient(member)), member.counts)),
    usage: cloudTrailUsage(member, clock),
  };
}
