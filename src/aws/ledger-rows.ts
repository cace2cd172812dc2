import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { KeyMemory } from '../domain/key.ts';
import type { AccountMemory, BadRow, Intent } from '../run/ports.ts';

/*
 * One table, one partition an account:
 *
 *   pk               sk                   attributes (moments in milliseconds)
 *   account#<id>     key#<access key id>  userName, replacementOf, deliveredAt, noticedAt,
 *                                         inactiveSince, reactivatedAt, deletedAt
 *   account#<id>     intent#<user name>   userArn, replaces, knownKeyIds, startedAt, leaseEndsAt, runId
 *   account#<id>     lease                runId, until
 *
 * `expiresAt` (seconds, the table's TTL) is set on what nobody needs for ever.
 */

export type Item = Record<string, AttributeValue>;

export const partitionOf = (accountId: string): string => `account#${accountId}`;
export const keyRow = (accessKeyId: string): string => `key#${accessKeyId}`;
export const intentRow = (userName: string): string => `intent#${userName}`;
export const LEASE_ROW = 'lease';

/** The year 2001 in milliseconds: what is less was written in seconds. */
const LEAST_MOMENT = 1e12;
const moment = z
  .number('must be a moment in milliseconds')
  .min(LEAST_MOMENT, 'must be a moment in milliseconds');

const KeyRow = z.object({
  userName: z.string().optional(),
  replacementOf: z.string('must be an access key id').optional(),
  deliveredAt: moment.optional(),
  noticedAt: moment.optional(),
  inactiveSince: moment.optional(),
  reactivatedAt: moment.optional(),
});

const IntentRow = z.object({
  userArn: z.string('must be the ARN of the user'),
  replaces: z.string('must be an access key id'),
  knownKeyIds: z.array(z.string(), 'must be a list of access key ids'),
  startedAt: moment,
  leaseEndsAt: moment,
  runId: z.string('must be a run id'),
});

/** Rows as an account's memory. A row that can't be understood makes its user wait, not guess. */
export function readRows(items: readonly Item[]): AccountMemory {
  const keys = new Map<string, KeyMemory>();
  const intents: Intent[] = [];
  const badRows: BadRow[] = [];

  for (const item of items) {
    const row = plain(item);
    const sk = String(row['sk']);
    const bad = (error: z.ZodError, userName: unknown) =>
      badRows.push({
        ...(typeof userName === 'string' ? { userName } : {}),
        message: `the ledger's row ${String(row['pk'])} / ${sk} can't be used: ${z.prettifyError(error).replaceAll(/\s+/g, ' ')}`,
      });

    if (sk.startsWith('key#')) {
      if (row['deletedAt'] !== undefined) continue;
      const parsed = KeyRow.safeParse(row);
      if (!parsed.success) bad(parsed.error, row['userName']);
      else keys.set(sk.slice('key#'.length), memoryOf(parsed.data));
    } else if (sk.startsWith('intent#')) {
      const userName = sk.slice('intent#'.length);
      const parsed = IntentRow.safeParse(row);
      if (!parsed.success) bad(parsed.error, userName);
      else intents.push({ userName, ...parsed.data });
    }
  }
  return { keys, intents, badRows };
}

function memoryOf({ userName: _, ...row }: z.infer<typeof KeyRow>): KeyMemory {
  const known = Object.entries(row).filter(([, value]) => value !== undefined);
  return Object.fromEntries(known);
}

/** Strings, numbers and lists of strings are all that these rows hold. */
function plain(item: Item): Record<string, unknown> {
  const value = (attribute: AttributeValue): unknown => {
    const { S, N, L } = attribute;
    if (S !== undefined) return S;
    if (N !== undefined) return Number(N);
    return L?.map(value) ?? attribute; // of another type: no schema takes it
  };
  return Object.fromEntries(Object.entries(item).map(([name, attribute]) => [name, value(attribute)]));
}

export const text = (value: string): AttributeValue => ({ S: value });
export const number = (value: number): AttributeValue => ({ N: String(value) });
export const texts = (values: readonly string[]): AttributeValue => ({ L: values.map(text) });
