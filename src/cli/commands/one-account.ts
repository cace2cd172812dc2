import { InputError } from '../../domain/errors.ts';
import { REASON } from '../../config/patterns.ts';
import type { RunContext } from '../../run/context/run-context.ts';
import { stoppable, toApply, toPlan } from './compose.ts';
import type { Purpose } from '../input/deployed-settings.ts';
import { readInput, type Input } from '../input/read-input.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';
import { showDone } from './run-and-show.ts';
import { throughFunction, type AskFunction, type Done } from './through-function.ts';

/* What the commands about one account have in common. */

export interface OneAccountOptions {
  readonly account: string;
  readonly user?: string;
  readonly json?: true;
}

/** A run for one account, and who does what is to be changed. */
interface OneAccount {
  readonly run: RunContext;
  /** Absent: it is done here. */
  readonly ask: AskFunction | undefined;
}

/**
 * What a command needs that changes something in one account, with the settings of the function and the environment.
 * @throws InputError with all problems of arguments and settings at once
 */
export async function openOne(options: OneAccountOptions, terminal: Terminal): Promise<OneAccount> {
  const input = await readOne(options, terminal, 'change');
  const run = stoppable(await toApply(input.settings, input.request, input.aws), terminal);
  return { run, ask: throughFunction(input, run, terminal) };
}

/**
 * A run that only looks at one account, with the settings of the function and the environment.
 * @throws InputError with all problems of arguments and settings at once
 */
export async function lookAtOne(options: OneAccountOptions, terminal: Terminal): Promise<RunContext> {
  const { settings, request, aws } = await readOne(options, terminal, 'look');
  return toPlan(settings, request, aws);
}

async function readOne(options: OneAccountOptions, terminal: Terminal, purpose: Purpose): Promise<Input> {
  const { account, user } = options;
  const scope = { account: [account], ...(user === undefined ? {} : { theUser: user }) };
  const input = await readInput(undefined, scope, terminal, purpose);
  if (input.settings.tableName === undefined) {
    throw new InputError(['ROTATION_TABLE_NAME: must be set: it is the ledger that this command reads']);
  }
  return input;
}

/** A reason is for those who read the history in a year. */
export function checkedReason(reason: string): string {
  const text = reason.trim();
  if (REASON.test(text)) return text;
  throw new InputError([`--reason: must be 3 to 256 characters on one line, not ${JSON.stringify(reason)}`]);
}

/** Shows what became of one account, like a run over it. */
export function showOne(done: Done, json: boolean, terminal: Terminal): ExitCode {
  const code = showDone(done, { ...(json ? { json } : {}) }, terminal);
  // Skipped is what another run is working on: nothing was done.
  const isSkipped = done.kind === 'report' && done.report.accounts.some(({ status }) => status === 'skipped');
  return isSkipped ? 1 : code;
}
