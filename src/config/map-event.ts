import * as z from 'zod';
import type { Account, AccountState } from '../domain/account.ts';
import { definedOnly } from '../domain/defined-only.ts';
import { InputError } from '../domain/errors.ts';
import { describeIssue } from './describe-issue.ts';
import { ACCOUNT_ID, USER_NAME } from './patterns.ts';

/* What the state machine sends to its functions (resources/map.asl.json). */

/** A run id is part of the names of files. */
const runId = z
  .string('must be the id of a run')
  .regex(/^\d{8}T\d{6}Z-[0-9a-f]{6}$/, 'must be the id of a run');

const STATES: readonly AccountState[] = [
  'PENDING_ACTIVATION',
  'ACTIVE',
  'SUSPENDED',
  'PENDING_CLOSURE',
  'CLOSED',
  'UNKNOWN',
];

const AccountEvent = z.object({
  runId,
  item: z.object({
    account: z.object({
      id: z.string().regex(ACCOUNT_ID, 'must be an account id of twelve digits'),
      name: z.string(),
      email: z.string().optional(),
      state: z.enum(STATES),
      ouPath: z.array(z.string()),
      ouNames: z.array(z.string()).optional(),
    }),
    surveyed: z.int().min(0).optional(),
    deferred: z
      .object({
        accountId: z.string().regex(ACCOUNT_ID, 'must be an account id of twelve digits'),
        userName: z.string().regex(USER_NAME, 'must be the name of a user').optional(),
      })
      .optional(),
  }),
});

const FinishEvent = z.object({ runId });

/** One account of a run. @throws InputError with all problems at once */
export function readAccountEvent(event: unknown): {
  readonly runId: string;
  readonly account: Account;
  readonly surveyed?: number;
  readonly deferred?: { readonly accountId: string; readonly userName?: string };
} {
  const { runId: id, item } = read(AccountEvent, event);
  const { email, ouNames, ...account } = item.account;
  const { deferred, surveyed } = item;
  return {
    runId: id,
    ...definedOnly({ surveyed }),
    account: { ...account, ...definedOnly({ email, ouNames }) },
    ...(deferred === undefined
      ? {}
      : { deferred: { accountId: deferred.accountId, ...definedOnly({ userName: deferred.userName }) } }),
  };
}

/** The end of a run. @throws InputError with all problems at once */
export const readFinishEvent = (event: unknown): { readonly runId: string } => read(FinishEvent, event);

function read<Output>(schema: z.ZodType<Output>, event: unknown): Output {
  const parsed = schema.safeParse(event);
  if (parsed.success) return parsed.data;
  throw new InputError(
    parsed.error.issues.flatMap((issue) =>
      issue.path.length === 0
        ? ['the event must be what the state machine sends, with the id of a run']
        : describeIssue(issue, event, { unknown: () => 'no such field' }),
    ),
  );
}
