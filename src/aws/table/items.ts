import * as z from 'zod';
import { SECOND, type Duration, type Instant } from '../../domain/time.ts';

/* Rows of DynamoDB, as they are written and read. The document client turns them into its types. */

export type Item = Readonly<Record<string, unknown>>;

/** What a row is found by. A type and not an interface, so that the SDK takes it for a record. */
export type RowKey = Readonly<Record<'pk' | 'sk', string>>;

/** For `expiresAt`, the table's TTL, which counts in seconds. */
export const expiry = (from: Instant, after: Duration): number => Math.ceil((from + after) / SECOND);

/** The year 2001 in milliseconds: what is less was written in seconds. */
const LEAST_MOMENT = 1e12;
export const moment = z
  .number('must be a moment in milliseconds')
  .min(LEAST_MOMENT, 'must be a moment in milliseconds');
