import * as z from 'zod';
import { clean } from '../../domain/report/clean.ts';
import { SECOND, type Duration, type Instant } from '../../domain/time.ts';

/* Rows of DynamoDB, as they are written and read. The document client turns them into its types. */

export type Item = Readonly<Record<string, unknown>>;

/** What a row is found by. A type and not an interface, so that the SDK takes it for a record. */
export type RowKey = Readonly<Record<'pk' | 'sk', string>>;

/** For `expiresAt`, the table's TTL, which counts in seconds. */
export const expiry = (from: Instant, after: Duration): number => Math.ceil((from + after) / SECOND);

/** The year 2001 in milliseconds: what is less was written in seconds. */
const LEAST_MOMENT = 1e12;
/** The end of the year 9999: what is more has no date that could be told. */
const LAST_MOMENT = 253_402_300_799_999;
export const moment = z
  .number('must be a moment in milliseconds')
  .min(LEAST_MOMENT, 'must be a moment in milliseconds')
  .max(LAST_MOMENT, 'must be a moment in milliseconds');

/*
 * Whoever can write the table can put any text into a row. Names and ids are of the characters that IAM and
 * Secrets Manager take, so that they are no words; what is words is cleaned before anybody gets to see it.
 */

/** IAM: up to 64 characters; up to 128 as CloudFormation and older accounts have them. */
export const userNameField = z
  .string('must be the name of a user')
  .regex(/^[\w+=,.@-]{1,128}$/, 'must be the name of a user');
export const accessKeyIdField = z
  .string('must be an access key id')
  .regex(/^\w{1,128}$/, 'must be an access key id');
export const runIdField = z.string('must be a run id').regex(/^[\w.:-]{1,128}$/, 'must be a run id');
/** A name (up to 512 characters) or an ARN. */
export const secretField = z
  .string('must be the name or the ARN of a secret')
  .regex(/^[\w/+=.@:-]{1,2048}$/, 'must be the name or the ARN of a secret');

/** More than any of our own sentences; an `--reason` is cut. */
const LONGEST_TEXT = 1_000;
export const text = z.string('must be a text').transform((value) => clean(value, LONGEST_TEXT));
