import { invokeDeployed } from '../../compose/deployed.ts';
import { eventOf } from '../../config/on-demand-request.ts';
import { InputError, OperationError } from '../../domain/errors.ts';
import type { OnDemandAnswer } from '../../domain/report/on-demand-answer.ts';
import type { OnDemandRequest } from '../../domain/rotation/on-demand-request.ts';
import { fromWire } from '../../report/data/wire-answer.ts';
import type { RunContext } from '../../run/context/run-context.ts';
import { FUNCTION_NAME } from '../input/deployed-settings.ts';
import type { Input } from '../input/read-input.ts';
import type { Terminal } from '../input/terminal.ts';
import { showWaiting } from '../output/progress.ts';

/** What was done, by the function or here. */
export type Done = Exclude<OnDemandAnswer, { readonly kind: 'refused' | 'failed' }>;

type WithoutPerson<Request> = Request extends OnDemandRequest ? Omit<Request, 'requestedBy'> : never;

/** Lets the function do what a person has agreed to. */
export type AskFunction = (request: WithoutPerson<OnDemandRequest>) => Promise<Done>;

/**
 * Where a function is deployed, it does what is to be done, with its own rights: people need none to change keys
 * or records. Undefined where there is none, or none is to be asked: then it is done here, with one's own rights.
 * @param run tells who asks
 * @throws InputError where the environment has other settings than the function, which goes by its own
 */
export function throughFunction(
  { source, aws }: Pick<Input, 'source' | 'aws'>,
  { sessions }: Pick<RunContext, 'sessions'>,
  terminal: Terminal,
): AskFunction | undefined {
  const { found, functionName, merged } = source;
  if (found.kind !== 'found') return undefined;
  const problems = merged.differences.map(
    ({ name }) =>
      `${name}: is set otherwise than for the function ${functionName}, which does the work by its own settings: unset it here, or set ${FUNCTION_NAME}=none to work without the function, with your own rights`,
  );
  if (problems.length > 0) throw new InputError(problems);
  return async (request) => {
    const requestedBy = await sessions.caller();
    terminal.onStop?.(() => {
      terminal.stderr.write(
        'The function goes on with it: access-key-rotation history shows what it does.\n',
      );
      return Promise.resolve();
    });
    const end = showWaiting(terminal, `The function ${functionName} works`);
    try {
      const event = eventOf({ ...request, requestedBy });
      return doneOrThrown(await invokeDeployed(functionName, event, aws), functionName);
    } finally {
      end();
    }
  };
}

/** What the function found wrong is shown as if it had been found here. */
function doneOrThrown(returned: unknown, functionName: string): Done {
  const answer = fromWire(returned);
  if (answer === undefined)
    throw new OperationError({
      kind: 'unknown',
      during: 'lambda:InvokeFunction',
      message: `what the function ${functionName} returned can't be understood: another version is deployed`,
      nextStep:
        'Look what was done: access-key-rotation history and status, both with --account. Deploy this version, or use the command line of the deployed one.',
    });
  switch (answer.kind) {
    case 'refused':
      throw new InputError(answer.problems);
    case 'failed':
      throw new OperationError(answer.failure);
    default:
      return answer;
  }
}
