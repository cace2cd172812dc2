import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { SECOND, type Duration, type Instant } from '../../domain/time.ts';

/* Rows of DynamoDB, as they are written and read. */

export type Item = Record<string, AttributeValue>;

/** What a row is found by. */
export type RowKey = Pick<Item, 'pk' | 'sk'>;

export const text = (value: string): AttributeValue => ({ S: value });
export const number = (value: number): AttributeValue => ({ N: String(value) });
export const texts = (values: readonly string[]): AttributeValue => ({ L: values.map(text) });

/** For `expiresAt`, the table's TTL, which counts in seconds. */
export const expiry = (from: Instant, after: Duration): AttributeValue =>
  number(Math.ceil((from + after) / SECOND));

/** The year 2001 in milliseconds: what is less was written in seconds. */
const LEAST_MOMENT = 1e12;
export const moment = z
  .number('must be a moment in milliseconds')
  .min(LEAST_MOMENT, 'must be a moment in milliseconds');

/** Strings, numbers and lists of strings are all that these rows hold. */
export function plain(item: Item): Record<string, unknown> {
  const value = (attribute: AttributeValue): unknown => {
    const { S, N, L } = attribute;
    if (S !== undefined) return S;
    if (N !== undefined) return Number(N);
    return L?.map(value) ?? attribute; // of another type: no schema takes it
  };
  return Object.fromEntries(Object.entries(item).map(([name, attribute]) => [name, value(attribute)]));
}
