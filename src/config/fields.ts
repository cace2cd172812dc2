import * as z from 'zod';
import type { Limit } from '../domain/limits.ts';
import type { PolicyDays } from '../domain/policy.ts';

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

export const positiveCount = (most: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from 1 to ${most}`)
    .transform(Number)
    .refine((count) => count >= 1 && count <= most, `must be a whole number from 1 to ${most}`);

/** A number of keys, or a share of those of the account; a share is never less than 5 keys. */
export const keyLimit = z
  .string()
  .regex(/^\d+%?$/, 'must be a number of keys, or a percentage like 25%')
  .transform((text): Limit =>
    text.endsWith('%') ? { share: Number(text.slice(0, -1)) / 100, atLeast: 5 } : { count: Number(text) },
  );

/** Parts separated by commas or blanks. */
export const listOf = (part: RegExp, what: string) =>
  z
    .string()
    .transform((text) => text.split(/[\s,]+/).filter((one) => one !== ''))
    .refine(
      // Commas alone are a list that lost its parts, and an exclusion of nothing protects nobody.
      (parts) => parts.length > 0 && parts.every((one) => part.test(one)),
      `must be a list of ${what}, separated by commas`,
    )
    .default([]);

export const ACCOUNT_ID = /^\d{12}$/;
export const accountIds = listOf(ACCOUNT_ID, 'account ids of twelve digits');
export const unitIds = listOf(
  /^(ou-[0-9a-z]{4,32}-[0-9a-z]{8,32}|r-[0-9a-z]{4,32})$/,
  'organizational unit ids like ou-ab12-34cd56ef',
);

/** Under which name each parameter of the policy is set, so that a problem can name its setting. */
export const DAYS_SETTINGS: Partial<Record<keyof PolicyDays, string>> = {
  rotateAfter: 'ROTATION_ROTATE_AFTER_DAYS',
  deactivateAfter: 'ROTATION_DEACTIVATE_AFTER_DAYS',
  deleteAfter: 'ROTATION_DELETE_AFTER_DAYS',
  adoptionGrace: 'ROTATION_ADOPTION_GRACE_DAYS',
  recoveryGrace: 'ROTATION_RECOVERY_GRACE_DAYS',
  unusedAfter: 'ROTATION_UNUSED_AFTER_DAYS',
  inUseWindow: 'ROTATION_IN_USE_WINDOW_DAYS',
};
