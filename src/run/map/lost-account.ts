import type { Account } from '../../domain/account.ts';
import { clean } from '../../domain/report/clean.ts';
import type { AccountReport } from '../../domain/report/run-report.ts';
import type { AccountSettings } from '../../domain/settings/account-settings.ts';

/* An account whose process left no report: what Step Functions says about it, in our words. */

/** As a state machine has it of a task that failed. */
export interface Lost {
  /** Like `Lambda.TooManyRequestsException`, `Sandbox.Timedout`, `States.Timeout`, or the name of an error. */
  readonly error: string;
  readonly cause: string;
}

/** More than any sentence of ours; what ends a process may say a lot. */
const LONGEST = 500;

/** @param value what the state machine wrote: the two fields, or the text of them; anything else says nothing */
export function readLost(value: unknown): Lost | undefined {
  if (typeof value === 'string') return readLost(parsed(value));
  if (typeof value !== 'object' || value === null) return undefined;
  const { Error: error, Cause: cause } = value as Readonly<Record<string, unknown>>;
  return typeof error === 'string' ? { error, cause: typeof cause === 'string' ? cause : '' } : undefined;
}

/** By then nothing of the account's work was begun. */
const NOT_BEGUN: ReadonlySet<string> = new Set(['Lambda.TooManyRequestsException']);

const TIMED_OUT: ReadonlySet<string> = new Set(['Sandbox.Timedout', 'States.Timeout']);

/** @param lost undefined where nobody can tell */
export function lostReport(
  account: Account,
  lost: Lost | undefined,
  settings: AccountSettings | undefined,
): AccountReport {
  if (lost !== undefined && NOT_BEGUN.has(lost.error)) {
    const cause = `Lambda had no room for it (${clean(lost.error, LONGEST)}); the next run comes to it`;
    return { status: 'not-started', account, cause };
  }
  return {
    status: 'unreachable',
    account,
    failure: {
      kind: 'unknown',
      during: 'work on the account',
      message: lost === undefined ? 'nothing was left that says what became of it' : describe(lost),
      nextStep:
        lost !== undefined && TIMED_OUT.has(lost.error)
          ? 'The next run repairs what this one left. If it happens again, look in the log of the function access-key-rotation-account what it waits for in this account.'
          : 'The next run repairs what this one left. If it happens again, look in the log of the function access-key-rotation-account what ended it.',
    },
    ...(settings === undefined ? {} : { settings }),
  };
}

function describe({ error, cause }: Lost): string {
  const said = clean(messageIn(cause), LONGEST);
  return `its function ended with ${clean(error, LONGEST)}${said === '' ? '' : `: ${said}`}`;
}

/** Lambda tells of an error in JSON, with the trace of its stack. */
function messageIn(cause: string): string {
  const told = parsed(cause);
  if (typeof told !== 'object' || told === null) return cause;
  const { errorMessage } = told as { readonly errorMessage?: unknown };
  return typeof errorMessage === 'string' ? errorMessage : '';
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? undefined : value;
  } catch {
    return undefined;
  }
}
