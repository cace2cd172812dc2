import { systemClock } from '../../compose/environment.ts';
import { InputError, OperationError } from '../../domain/errors.ts';
import { clean, whole } from '../../report/common/sanitize.ts';
import type { HeldKey } from '../../run/ports/own-key.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';
import { askForKey } from './credentials/ask.ts';
import { refuseBad } from './credentials/problems.ts';
import { printKey, recallKey, type CredentialsOptions } from './credentials/recall-key.ts';
import { writeState } from './credentials/write-state.ts';

export type { CredentialsOptions };

/**
 * `access-key-rotation credentials`: what `credential_process` calls on the machine of a workload.
 * Prints the user's current key. AWS is asked once an hour, with the key at hand, and what it says is
 * remembered.
 * @returns 0 with the credentials on stdout, and warnings on stderr; 1 when AWS says no; 2 for bad input
 */
export async function printCredentials(options: CredentialsOptions, terminal: Terminal): Promise<ExitCode> {
  const warn = (text: string) => void terminal.stderr.write(`access-key-rotation: ${clean(text, LONGEST)}\n`);
  const { now } = terminal.aws?.clock ?? systemClock;
  try {
    printKey(await findKey(options, terminal, { warn, now: now() }), terminal, now());
    return 0;
  } catch (error) {
    if (error instanceof InputError) {
      for (const problem of error.problems) warn(problem);
      return 2;
    }
    if (!(error instanceof OperationError)) throw error;
    const { during, message, nextStep } = error.failure;
    warn(`${during} failed: ${message}`);
    terminal.stderr.write(`  Next step: ${whole(nextStep)}\n`);
    return 1;
  }
}

/** Of a line on stderr: a name and an ARN fit into it, whole documents of AWS don't. */
const LONGEST = 1_500;

const CONSEQUENCE =
  ': so the key is not remembered, each call asks AWS, and once the first key is deleted there is none to ask with';

async function findKey(
  options: CredentialsOptions,
  terminal: Terminal,
  { warn, now }: { readonly warn: (text: string) => void; readonly now: number },
): Promise<HeldKey> {
  refuseBad(options);
  const { question, answer, isCurrent, file, changedAt, problem } = recallKey(options, terminal, now);
  const { remembered } = answer;
  if (remembered !== undefined && isCurrent) return remembered.key;

  const { remember, warnings, askAgainAfter } = await askForKey(options, remembered, terminal, now);
  for (const warning of warnings) warn(warning);
  const next = {
    remembered: remember,
    holdsUntil: now + askAgainAfter,
    question,
    configChangedAt: changedAt,
  };
  const unwritten = file === undefined ? problem : writeState(file, `${JSON.stringify(next)}\n`);
  if (unwritten !== undefined) warn(`${unwritten}${CONSEQUENCE}`);
  else if (problem !== undefined) warn(`${problem}, and was replaced`);
  return remember.key;
}
