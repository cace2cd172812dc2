import { readRequest, type Request } from '../../config/request.ts';
import { readSettings, type Settings } from '../../config/settings.ts';
import { definedOnly } from '../../domain/defined-only.ts';
import { MODES } from '../../domain/rotation/limits.ts';
import { InputError } from '../../domain/errors.ts';
import type { Terminal } from './terminal.ts';

/** What the command line narrows a command to. */
export interface Scope {
  readonly account?: readonly string[];
  readonly user?: readonly string[];
}

/**
 * Reads arguments and settings together.
 * @throws InputError with the problems of both at once
 */
export function readInput(
  mode: string | undefined,
  { account, user }: Scope,
  { environment }: Terminal,
): { readonly request: Request; readonly settings: Settings } {
  const problems: string[] = [];
  const collect = <Value>(read: () => Value): Value | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const request = collect(() =>
    readRequest({
      ...definedOnly({ mode, accountIds: account, userNames: user }),
    }),
  );
  // What is wrong with the other arguments says nothing about the mode.
  const known = MODES.find((one) => one === mode);
  const settings = collect(() => readSettings(environment, known));
  if (request === undefined || settings === undefined) throw new InputError(problems);
  return { request, settings };
}
