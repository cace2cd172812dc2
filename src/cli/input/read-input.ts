import { findRegion } from '../../compose/region.ts';
import type { Environment } from '../../compose/environment.ts';
import { OU_ID, USER_NAME } from '../../config/fields.ts';
import { readRequest, type Request } from '../../config/request.ts';
import { readSettings, wrongIn, type Settings } from '../../config/settings.ts';
import { definedOnly } from '../../domain/defined-only.ts';
import { MODES } from '../../domain/rotation/limits.ts';
import { InputError } from '../../domain/errors.ts';
import { FUNCTION_NAME, settingsOf, type Purpose, type SettingsSource } from './deployed-settings.ts';
import type { Terminal } from './terminal.ts';

/** What the command line narrows a command to. */
export interface Scope {
  readonly account?: readonly string[];
  /** Names, or ACCOUNT/NAME for that user of one account. */
  readonly user?: readonly string[];
  /** The name of the one user that a command is about. */
  readonly theUser?: string;
  /** The kinds of change that are carried out. */
  readonly changes?: readonly string[];
  /** Organizational units or roots: the accounts anywhere below them. */
  readonly ou?: readonly string[];
}

export interface Input {
  readonly request: Request;
  readonly settings: Settings;
  /** Where the settings come from. */
  readonly source: SettingsSource;
  /** Where AWS is reached. */
  readonly aws: Pick<Environment, 'region' | 'endpoint' | 'credentials' | 'clock'>;
}

/**
 * Reads arguments and settings together: those of the deployed function, so that a command judges as it
 * does, and before them those of the environment.
 * @param mode asked for in this one run
 * @param purpose whether anything depends on it that can't be undone
 * @throws InputError with the problems of both at once; nothing was called then, unless only together
 *   with the function's settings they are wrong
 * @throws OperationError where something is to be changed, and the function's settings can't be read
 */
export async function readInput(
  mode: string | undefined,
  scope: Scope,
  terminal: Terminal,
  purpose: Purpose,
): Promise<Input> {
  const problems = problemsOf(mode, scope, terminal);
  if (problems.length > 0) throw new InputError(problems);
  const { [FUNCTION_NAME]: functionName, ...environment } = terminal.environment;
  const request = requestOf(mode, scope);
  const region = terminal.aws?.region ?? (await findRegion());
  const aws = { ...terminal.aws, region };
  const { settings, source } = await settingsOf(
    { environment, functionName, mode: request.mode, aws, purpose },
    terminal,
  );
  return { request, settings, source, aws };
}

function requestOf(mode: string | undefined, { account, user, theUser, changes }: Scope): Request {
  const userNames = theUser === undefined || !USER_NAME.test(theUser) ? user : [theUser];
  return readRequest({ ...definedOnly({ mode, accountIds: account, userNames, only: changes }) });
}

/** What is wrong with arguments and environment, whatever the function says. Asks nobody. */
export function problemsOf(mode: string | undefined, scope: Scope, terminal: Terminal): readonly string[] {
  const { [FUNCTION_NAME]: _, ...environment } = terminal.environment;
  const ofRequest = [
    ...problemsIn(() => requestOf(mode, scope)).map(asTyped),
    ...wrongUser(scope),
    ...wrongUnits(scope),
  ];
  if (ofRequest.length === 0 && wrongIn(environment).length === 0) return [];
  // What is wrong with the other arguments says nothing about the mode.
  const known = MODES.find((one) => one === mode);
  return [...ofRequest, ...problemsIn(() => readSettings(environment, known))];
}

/** A command about one user names the account by an option of its own. */
const wrongUser = ({ theUser }: Scope): readonly string[] =>
  theUser === undefined || USER_NAME.test(theUser)
    ? []
    : [`--user: must be the name of an IAM user, without its path, not ${JSON.stringify(theUser)}`];

const wrongUnits = ({ ou = [] }: Scope): readonly string[] =>
  ou
    .filter((id) => !OU_ID.test(id))
    .map(
      (id) =>
        `--ou: must be the id of an organizational unit or root, like ou-ab12-34cd56ef, not ${JSON.stringify(id)}`,
    );

function problemsIn(read: () => unknown): readonly string[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof InputError) return error.problems;
    throw error;
  }
}

/** Problems name the option that was typed, not the field of an event. */
const asTyped = (problem: string): string =>
  problem
    .replace(/^accountIds(\.\d+)?:/, '--account:')
    .replace(/^userNames(\.\d+)?:/, '--user:')
    .replace(/^only(\.\d+)?:/, '--only:')
    .replace(/^mode:/, '--mode:');
