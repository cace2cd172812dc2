import { failureOf, InputError, type Failure } from '../../domain/errors.ts';
import type { LastUse } from '../../domain/rotation/key.ts';
import { days, type Instant } from '../../domain/time.ts';
import {
  groupUsage,
  HISTORY_DAYS,
  regionsToLookIn,
  type UsageEvent,
  type UsageGroup,
} from '../../domain/usage/usage.ts';
import type { KeyInventory, ListedKey } from '../ports/keys.ts';
import type { KeyUsage } from '../ports/usage.ts';

/** Pages of 50 events for each key and region; at two calls a second a minute. */
export const MOST_PAGES = 120;

/** What is looked up. */
export interface UsageRequest {
  readonly userName: string;
  /** Absent: all keys of the user. */
  readonly accessKeyId?: string;
  /** Empty: those that are likely. */
  readonly regions: readonly string[];
}

export interface KeyUsageReport {
  readonly key: ListedKey;
  readonly lastUse: LastUse;
  readonly regions: readonly string[];
  readonly groups: readonly UsageGroup[];
  /** Regions with more events than were read: the latest were. */
  readonly incomplete: readonly string[];
  readonly failures: readonly { readonly region: string; readonly failure: Failure }[];
}

interface Tools {
  readonly inventory: Pick<KeyInventory, 'keysOf' | 'lastUse'>;
  readonly usage: KeyUsage;
  readonly now: Instant;
  /** The region of the deployment. */
  readonly region: string;
}

/**
 * Who uses the keys of a user. A region that can't be read doesn't keep the others from being.
 * @throws InputError when the user has no such key
 * @throws OperationError when the keys can't be listed
 */
export async function lookUpUsage(
  { userName, accessKeyId, regions }: UsageRequest,
  { inventory, usage, now, region: own }: Tools,
): Promise<readonly KeyUsageReport[]> {
  const keys = await inventory.keysOf(userName);
  const chosen = keys.filter(({ id }) => accessKeyId === undefined || id === accessKeyId);
  if (chosen.length === 0) {
    throw new InputError([
      accessKeyId === undefined
        ? `--user: ${userName} has no access keys`
        : `--key: ${userName} has no access key ${accessKeyId}`,
    ]);
  }
  const reports: KeyUsageReport[] = [];
  for (const key of chosen) {
    const lastUse = await inventory.lastUse(key.id);
    const there = regions.length > 0 ? regions : regionsToLookIn(regionOf(lastUse), own);
    const events: UsageEvent[] = [];
    const incomplete: string[] = [];
    const failures: { readonly region: string; readonly failure: Failure }[] = [];
    for (const region of there) {
      try {
        const found = await usage.of(key.id, { region, since: now - days(HISTORY_DAYS), pages: MOST_PAGES });
        events.push(...found.events);
        if (!found.isComplete) incomplete.push(region);
      } catch (error) {
        failures.push({ region, failure: failureOf(error, 'cloudtrail:LookupEvents') });
      }
    }
    reports.push({ key, lastUse, regions: there, groups: groupUsage(events), incomplete, failures });
  }
  return reports;
}

const regionOf = (lastUse: LastUse): string | undefined =>
  lastUse.kind === 'used' ? lastUse.region : undefined;
