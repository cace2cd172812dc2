import * as z from 'zod';
import { definedOnly } from '../domain/defined-only.ts';
import { InputError } from '../domain/errors.ts';
import type { OnDemandRequest } from '../domain/rotation/on-demand-request.ts';
import { describeValue } from './describe-issue.ts';
import { ACCESS_KEY_ID, ACCOUNT_ID, oneOf, PERSON_ARN, REASON, USER_NAME } from './fields.ts';
import { isObject, parseEvent } from './parse-event.ts';
import { NARROWING, type Request } from './request.ts';
import { formed } from './setting-values.ts';

/* The events by which the command line lets the function do what a person has agreed to. */

const accountId = formed(ACCOUNT_ID, 'an account id of twelve digits');
const userName = formed(USER_NAME, 'the name of an IAM user, without its path');
const accessKeyId = formed(ACCESS_KEY_ID, 'the id of an access key');
const reason = formed(REASON, '3 to 256 characters on one line');
const requestedBy = formed(PERSON_ARN, 'the ARN of a person or a session, as STS tells it');

const steps = z
  .array(
    z.strictObject({ action: oneOf(['replace', 'deactivate', 'delete', 'restore']), accessKeyId }),
    'must be a list of steps',
  )
  .min(1, 'must name a step');

const SCHEMAS = {
  replace: z.strictObject({
    command: z.literal('replace'),
    accountId,
    userName,
    accessKeyId: accessKeyId.optional(),
    reason,
    leaveActive: z.boolean('must be true or false'),
    shown: steps,
    requestedBy,
  }),
  restore: z.strictObject({
    command: z.literal('restore'),
    accountId,
    userName,
    accessKeyId,
    reason,
    shown: steps,
    requestedBy,
  }),
  accept: z.strictObject({
    command: z.literal('accept'),
    accountId,
    limit: oneOf(['deactivations', 'deletions']),
    reason,
    shown: z.array(accessKeyId, 'must be a list of ids of access keys').min(1, 'must name a key'),
    requestedBy,
  }),
  apply: z.strictObject({ command: z.literal('apply'), ...NARROWING, requestedBy }),
} as const;

const COMMANDS = Object.keys(SCHEMAS);
const isCommand = (text: unknown): text is keyof typeof SCHEMAS => COMMANDS.some((one) => one === text);

/** An event that names a command is one of these, whatever else is in it. */
export const isOnDemand = (event: unknown): event is { readonly command: unknown } =>
  isObject(event) && Object.hasOwn(event, 'command');

/**
 * Validates what a person asks for.
 * @throws InputError with all problems at once
 */
export function readOnDemandRequest(event: { readonly command: unknown }): OnDemandRequest {
  const { command } = event;
  if (!isCommand(command)) {
    throw new InputError([`command: must be one of ${COMMANDS.join(', ')}, not ${describeValue(command)}`]);
  }
  const fields = Object.keys(SCHEMAS[command].shape).join(', ');
  const noSuchField = `no such field; of ${command} there are ${fields}`;
  const read: z.infer<(typeof SCHEMAS)[keyof typeof SCHEMAS]> = parseEvent(
    SCHEMAS[command],
    event,
    noSuchField,
  );
  if (read.command === 'apply') {
    const { mode, accountIds = [], userNames = [], only, ...rest } = read;
    return { ...rest, ...definedOnly({ mode, only }), accountIds, userNames };
  }
  if (read.command === 'replace') {
    const { accessKeyId: id, ...rest } = read;
    return { ...rest, ...definedOnly({ accessKeyId: id }) };
  }
  return read;
}

/** The event that asks for it: what an empty list means is said by leaving it out. */
export function eventOf(request: OnDemandRequest): Readonly<Record<string, unknown>> {
  const isEmptyList = (value: unknown) => Array.isArray(value) && value.length === 0;
  return Object.fromEntries(Object.entries(request).filter(([, value]) => !isEmptyList(value)));
}

/** The run in which it is done. */
export function runOf(request: OnDemandRequest): Request {
  switch (request.command) {
    case 'apply': {
      const { mode, accountIds, userNames, only } = request;
      return { ...definedOnly({ mode, only }), accountIds, userNames };
    }
    case 'replace':
      return { accountIds: [request.accountId], userNames: [request.userName] };
    case 'restore':
    case 'accept':
      return { accountIds: [request.accountId], userNames: [] };
  }
}
