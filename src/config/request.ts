import * as z from 'zod';
import { definedOnly } from '../domain/defined-only.ts';
import { CHANGES, type ChangeKind, type Mode } from '../domain/rotation/limits.ts';
import { InputError } from '../domain/errors.ts';
import { describeValue } from './describe-issue.ts';
import { ACCOUNT_ID, MODE, NAMED_USER, oneOf } from './fields.ts';
import { isObject, parseEvent } from './parse-event.ts';
import { formed } from './setting-values.ts';

/** What one run is asked for, by an event or on the command line. */
export interface Request {
  /** The most that is done; where the settings say less, that holds. */
  readonly mode?: Mode;
  /** Empty: all accounts that the settings cover. */
  readonly accountIds: readonly string[];
  /** `alice`, or `111122223333/alice`: that one's alone. Empty: all users. */
  readonly userNames: readonly string[];
  /** The kinds of change that are carried out, of those that the mode allows; absent: all of them. */
  readonly only?: readonly ChangeKind[];
}

/** Somebody who names more means a part of the organization, not users. */
export const MOST_USERS = 1_000;

/** What narrows a run, in any event. */
export const NARROWING = {
  mode: MODE.optional(),
  accountIds: z
    .array(formed(ACCOUNT_ID, 'an account id of twelve digits'), 'must be a list of account ids')
    .min(1, 'must name an account, or be left out for all')
    .optional(),
  userNames: z
    .array(
      formed(NAMED_USER, 'the name of an IAM user, without its path, or ACCOUNT/NAME for one account'),
      'must be a list of user names',
    )
    .min(1, 'must name a user, or be left out for all')
    .max(MOST_USERS, `must name at most ${MOST_USERS} users`)
    .optional(),
  only: z
    .array(oneOf(CHANGES), `must be a list of ${CHANGES.join(', ')}`)
    .min(1, `must name one of ${CHANGES.join(', ')}, or be left out for all`)
    .optional(),
};
const Schema = z.strictObject(NARROWING);

/** All that an event of EventBridge has; a schedule without an input of its own sends one. */
const OF_EVENTBRIDGE: readonly string[] = [
  'version',
  'id',
  'detail-type',
  'source',
  'account',
  'time',
  'region',
  'resources',
  'detail',
];

/**
 * Validates what a run is asked for.
 * @param input `{mode?, accountIds?, userNames?, only?}`; nothing at all and an event of EventBridge's own ask for everything
 * @throws InputError with all problems at once
 */
export function readRequest(input: unknown): Request {
  if (isOfEventBridge(input)) return everything(input);
  const { mode, accountIds = [], userNames = [], only } = parseEvent(Schema, input ?? {}, NO_SUCH_FIELD);
  return { ...definedOnly({ mode, only }), accountIds, userNames };
}

const NO_SUCH_FIELD = 'no such field; there are mode, accountIds, userNames and only';

const isOfEventBridge = (input: unknown): input is Readonly<Record<string, unknown>> =>
  isObject(input) && ['detail-type', 'source'].every((name) => name in input);

/**
 * An event of EventBridge asks for everything. One that says anything besides was meant to ask for less, and
 * is refused: it must not be read as everything.
 */
function everything(event: Readonly<Record<string, unknown>>): Request {
  const instead =
    'an event with detail-type and source asks for everything; to narrow a run, give the schedule or rule an input of its own, with nothing but mode, accountIds, userNames and only';
  const others = Object.keys(event).filter((name) => !OF_EVENTBRIDGE.includes(name));
  const problems = [
    ...others.map((name) => `${name}: ${instead}`),
    ...(saysNothing(event['detail'])
      ? []
      : [
          `detail: must be empty, as that of a schedule is, not ${describeValue(event['detail'])}; ${instead}`,
        ]),
  ];
  if (problems.length > 0) throw new InputError(problems);
  return { accountIds: [], userNames: [] };
}

/** EventBridge Scheduler sends its empty detail as a text. */
const saysNothing = (detail: unknown): boolean =>
  detail === undefined ||
  detail === null ||
  detail === '' ||
  detail === '{}' ||
  (isObject(detail) && Object.keys(detail).length === 0);
