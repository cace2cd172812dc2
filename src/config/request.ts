import * as z from 'zod';
import { definedOnly } from '../domain/defined-only.ts';
import type { Mode } from '../domain/rotation/limits.ts';
import { InputError } from '../domain/errors.ts';
import { describeIssue } from './describe-issue.ts';
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
    throw new InputError(
      parsed.error.issues.flatMap((issue) =>
        isAboutAll(issue)
          ? [`the event must be an object, not ${JSON.stringify(input)}`]
          : describeIssue(issue, input, {
              unknown: () => 'no such field; there are mode, accountIds and userNames',
            }),
      ),
    );
  }
  const { mode, accountIds = [], userNames = [] } = parsed.data;
  return { ...definedOnly({ mode }), accountIds, userNames };
}

const isAboutAll = ({ code, path }: z.core.$ZodIssue): boolean =>
  code !== 'unrecognized_keys' && path.length === 0;

const isScheduled = (input: unknown): boolean =>
  typeof input === 'object' && input !== null && FROM_EVENTBRIDGE.every((name) => name in input);
