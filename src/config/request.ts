import * as z from 'zod';
import type { Mode } from '../domain/rotation/limits.ts';
import { InputError } from '../domain/errors.ts';
import { ACCOUNT_ID, MODE, USER_NAME } from './fields.ts';

/** What one run is asked for, by an event or on the command line. */
export interface Request {
  readonly mode?: Mode;
  /** Empty: all accounts that the settings cover. */
  readonly accountIds: readonly string[];
  /** Empty: all users. */
  readonly userNames: readonly string[];
}

const Schema = z.strictObject({
  mode: MODE.optional(),
  accountIds: z
    .array(
      z.string().regex(ACCOUNT_ID, 'must be an account id of twelve digits'),
      'must be a list of account ids',
    )
    .min(1, 'must name an account, or be left out for all')
    .optional(),
  userNames: z
    .array(
      z.string().regex(USER_NAME, 'must be the name of an IAM user, without its path'),
      'must be a list of user names',
    )
    .min(1, 'must name a user, or be left out for all')
    .optional(),
});

/** The fields EventBridge adds to an event of a schedule without an input of its own. */
const FROM_EVENTBRIDGE = ['detail-type', 'source'];

/**
 * Validates what a run is asked for.
 * @param input `{mode?, accountIds?, userNames?}`; nothing at all and an event of EventBridge's own ask for everything
 * @throws InputError with all problems at once
 */
export function readRequest(input: unknown): Request {
  const parsed = Schema.safeParse(isScheduled(input) ? {} : (input ?? {}));
  if (!parsed.success) {
    throw new InputError(parsed.error.issues.flatMap((issue) => inWords(issue, input)));
  }
  const { mode, accountIds = [], userNames = [] } = parsed.data;
  return { ...(mode === undefined ? {} : { mode }), accountIds, userNames };
}

const isScheduled = (input: unknown): boolean =>
  typeof input === 'object' && input !== null && FROM_EVENTBRIDGE.every((name) => name in input);

function inWords(issue: z.core.$ZodIssue, input: unknown): readonly string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((name) => `${name}: no such field; there are mode, accountIds and userNames`);
  }
  if (issue.path.length === 0) return [`the event must be an object, not ${JSON.stringify(input)}`];
  const value = issue.path.reduce<unknown>(
    (within, step) => (within as Record<PropertyKey, unknown> | undefined)?.[step],
    input,
  );
  return [`${issue.path.join('.')}: ${issue.message}, not ${JSON.stringify(value)}`];
}
