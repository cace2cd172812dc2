import * as z from 'zod';
import { ACCESS_KEY_ID, ACCOUNT_ID, NAMED_USER, PERSON_ARN, REASON, USER_NAME } from './patterns.ts';
import { MODES, type Limit, type Mode } from '../domain/rotation/limits.ts';

/* The kinds of values that settings have. */

/** An unset variable often arrives as an empty one. */
export const blankIsUnset = (
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => {
      const trimmed = value?.trim() ?? '';
      return trimmed === '' ? [] : [[name, trimmed] as const];
    }),
  );

/** A number written in decimals. `1e3` and `0x10` are slips, not numbers of days. */
export const dayCount = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/, 'must be a number of days')
  .transform(Number);

export const dayCountOrOff = z.union([z.literal('off'), dayCount], 'must be a number of days, or off');

export const positiveCount = (most: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from 1 to ${most}`)
    .transform(Number)
    .refine((count) => count >= 1 && count <= most, `must be a whole number from 1 to ${most}`);

/** A count without an upper bound. */
export const countFrom = (least: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be ${wholeNumberFrom(least)}`)
    .transform(Number)
    .refine((count) => count >= least, `must be ${wholeNumberFrom(least)}`);

export const wholeNumberFrom = (least: number): string => `a whole number, ${least} or more`;

export const trueOrFalse = z
  .enum(['true', 'false'], 'must be true or false')
  .transform((text) => text === 'true');

/** A number of keys, or a share of those of the account; a share is never less than 5 keys. */
export const keyLimit = z
  .string()
  .regex(/^(\d{1,9}|(100|\d{1,2})%)$/, 'must be a number of keys, or a percentage like 25%, at most 100%')
  .transform((text): Limit => (text.endsWith('%') ? shareOfKeys(text) : { count: Number(text) }));

/** `25%`. Never less than 5 keys: small accounts must not stand still. */
export const shareOfKeys = (percent: string): Limit => ({
  share: Number(percent.slice(0, -1)) / 100,
  atLeast: 5,
});

/** Parts separated by commas or blanks. */
const listOf = (part: RegExp, what: string) =>
  z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter((one) => one !== ''))
    .refine(
      // Commas alone are a list that lost its parts, and an exclusion of nothing protects nobody.
      (parts) => parts.length > 0 && parts.every((one) => part.test(one)),
      `must be a list of ${what}, separated by commas`,
    )
    .default([]);

export { ACCESS_KEY_ID, ACCOUNT_ID, NAMED_USER, PERSON_ARN, REASON, USER_NAME };
export const accountIds = listOf(ACCOUNT_ID, 'account ids of twelve digits');
export const OU_ID = /^(ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|r-[0-9a-z]{4,32})$/;
export const unitIds = listOf(OU_ID, 'organizational unit ids like ou-ab12-34cd56ef');

/**
 * A principal that a secret's policy can name: an IAM role or user. No wildcards, which mean nothing there,
 * no sessions, which end, and no colon after the account, where two ARNs were written as one.
 */
export const PRINCIPAL_ARN = /^arn:[\w-]+:iam::\d{12}:(role|user)\/([!-)+-9;->@-~]+\/)?[\w+=,.@-]{1,64}$/;
export const PRINCIPAL = 'the ARN of an IAM role or user, like arn:aws:iam::111122223333:role/name';
export const PRINCIPALS = 'a list of ARNs of IAM roles and users';

/** Separated by commas or blanks. Names may have commas in them, so a part ends where the next ARN begins. */
export const principalArns = z
  .string()
  .transform((text) =>
    text
      .replace(/[\s,]+$/, '')
      .split(/[\s,]+(?=arn:)/)
      .filter((one) => one !== ''),
  )
  .refine(
    (parts) => parts.length > 0 && parts.every((one) => PRINCIPAL_ARN.test(one)),
    `must be ${PRINCIPALS}, separated by commas`,
  );

export const TOPIC_ARN = /^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]{1,256}$/;
/**
 * Its id, alias or ARN. Of the keys that are AWS's own only `alias/aws/secretsmanager` encrypts secrets, and
 * no other account can use one, so it has no ARN here.
 */
export const KMS_KEY =
  /^(?!alias\/aws\/(?!secretsmanager$))((alias\/)?[\w/-]{1,250}|arn:[\w-]+:kms:[a-z\d-]+:\d{12}:(key\/|alias\/(?!aws\/))[\w/-]{1,250})$/;

/** The values of an enumeration, and what to say of any other. */
export const oneOf = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, `must be one of ${values.join(', ')}`);
export const MODE = oneOf(MODES as readonly [Mode, ...Mode[]]);
