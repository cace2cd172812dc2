import { InvokeCommand, LambdaClient, type InvokeCommandOutput } from '@aws-sdk/client-lambda';
import type { FailureKind } from '../../domain/errors.ts';
import { OperationError, shorten } from '../../domain/errors.ts';
import { clean } from '../../domain/report/clean.ts';
import { MINUTE } from '../../domain/time.ts';
import { clientConfig, type AwsSettings } from '../client/config.ts';
import { ask, badAnswer, operationErrorOf } from '../client/errors.ts';

const ACTION = 'lambda:InvokeFunction';

/** Lambda lets a function work for 15 minutes; who hears nothing for longer hears nothing any more. */
const LONGEST = 16 * MINUTE;

/**
 * Lets a function do something, and waits for what it returns.
 *
 * It is sent once. If an answer gets lost, the work goes on in the function: sent again, a replacement would be
 * refused, since the keys are no longer those that were shown, and a second run would find the accounts held; who
 * asked would be told that, and not what was done. So a person looks first, and then decides.
 * @throws OperationError with what is known about what was done, and where to look
 */
export async function invokeFunction(settings: AwsSettings, name: string, event: unknown): Promise<unknown> {
  const lambda = new LambdaClient({
    ...clientConfig({ requestTimeout: LONGEST, ...settings }),
    maxAttempts: 1,
  });
  const command = new InvokeCommand({ FunctionName: name, Payload: Buffer.from(JSON.stringify(event)) });
  try {
    const answer = await ask(ACTION, () => lambda.send(command).catch(mayBeAtWork), nextSteps(name));
    const payload = payloadOf(answer);
    if (answer.FunctionError !== undefined) throw endedWithError(name, payload);
    return payload;
  } finally {
    lambda.destroy();
  }
}

/**
 * Whether the caller may let it work; it does nothing for that.
 * @throws OperationError
 */
export async function mayInvoke(lambda: LambdaClient, name: string): Promise<void> {
  await ask(ACTION, () => lambda.send(new InvokeCommand({ FunctionName: name, InvocationType: 'DryRun' })));
}

/** The first hop failed: nothing got out of this machine. */
const NOT_SENT = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)$/;

interface Broken {
  readonly code?: string;
  readonly message?: string;
  /** Node tries all addresses of a host. */
  readonly errors?: readonly Broken[];
}

/** What to check in the network matters less than that the function may be at work. */
function mayBeAtWork(error: unknown): never {
  const { code = '', message = '', errors = [] } = error as Broken;
  const notSent = [code, ...errors.map((one) => one.code ?? '')].some((one) => NOT_SENT.test(one));
  const failure = operationErrorOf(error, ACTION).failure;
  if (failure.kind !== 'transient' || notSent || /without establishing a connection/.test(message))
    throw error;
  const { cause: _, ...rest } = failure;
  throw new OperationError({
    ...rest,
    nextStep: `The answer got lost, and the function may still be at work. ${LOOK}`,
  });
}

const LOOK =
  'Before you repeat it, look what was done: access-key-rotation history and status, both with --account; ' +
  'what was begun the next run finishes.';

const nextSteps = (name: string): Partial<Record<FailureKind, string>> => ({
  denied: `Nothing was done. Allow ${ACTION} on the function ${name} to your role: the policy of operators does (resources/operator-policy.yml; deploy it again if it is older).`,
  throttled:
    'Nothing was done: as many runs are under way as the function may do at a time (its parameter reservedConcurrency). Repeat it in some minutes.',
  'not-found': `Nothing was done. There is no function ${name} any more: deploy it again.`,
  transient: 'Nothing was done: Lambda could not be reached. Repeat it.',
  unknown: `Whether it was done isn't known. ${LOOK}`,
});

function payloadOf({ Payload }: InvokeCommandOutput): unknown {
  const text = Payload?.transformToString() ?? '';
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw badAnswer(ACTION, 'what the function returns');
  }
}

/** What went wrong in there nobody foresaw; only its kind and first line are shown, no stack. */
function endedWithError(name: string, payload: unknown): OperationError {
  const { errorType, errorMessage } = (payload ?? {}) as Readonly<Record<string, unknown>>;
  const type = typeof errorType === 'string' ? errorType : 'Error';
  const message = typeof errorMessage === 'string' ? (errorMessage.split('\n')[0] ?? '') : '';
  const said = shorten(clean(`${type}: ${message}`), 300);
  // A version that knows no commands takes the event for that of a run, and refuses it.
  if (type === 'InputError' && /^command: no such field/.test(message)) {
    return failed(
      `the function ${name} does not know this command: another version is deployed`,
      'Nothing was done. Deploy this version, or use the command line of the deployed one.',
    );
  }
  if (type === 'Sandbox.Timedout' || /Task timed out/.test(message)) {
    return failed(`the function ${name} ran out of its time (${said})`, LOOK);
  }
  return failed(
    `the function ${name} ended with an error of its own (${said})`,
    `Its log says more: /aws/lambda/${name}. ${LOOK}`,
  );
}

const failed = (message: string, nextStep: string): OperationError =>
  new OperationError({ kind: 'unknown', during: ACTION, message, nextStep });
