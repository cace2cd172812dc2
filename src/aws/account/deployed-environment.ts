import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { OperationError, type Failure } from '../../domain/errors.ts';
import { clientConfig, type AwsSettings } from '../client/config.ts';
import { ask, required } from '../client/errors.ts';

/** What could be found out about the environment of a deployed function. */
export type DeployedEnvironment =
  | { readonly kind: 'found'; readonly variables: Readonly<Record<string, string>> }
  /** There is no such function in the region. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'unreadable'; readonly failure: Failure };

const ACTION = 'lambda:GetFunctionConfiguration';

/** No other call would do better. */
const EVERYWHERE: ReadonlySet<Failure['cause']> = new Set(['caller', 'network', 'region']);

/**
 * Reads the environment that a Lambda function is deployed with.
 * @throws OperationError for whatever would make every other call fail as well: no credentials, for instance
 */
export async function readDeployedEnvironment(aws: AwsSettings, name: string): Promise<DeployedEnvironment> {
  // Who may not ask, or can't get there, shall not wait for long: the other calls have their own tries.
  const lambda = new LambdaClient({ ...clientConfig(aws), maxAttempts: 2 });
  try {
    const { Environment, FunctionArn } = await ask(ACTION, () =>
      lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
    );
    // Otherwise any answer would be that of a function without settings.
    required(ACTION, FunctionArn, 'the ARN of the function');
    const { Error: refused, Variables = {} } = Environment ?? {};
    if (refused === undefined) return { kind: 'found', variables: Variables };
    // The variables are encrypted, and a key of one's own may be denied or disabled.
    return { kind: 'unreadable', failure: undecrypted(refused.ErrorCode, refused.Message) };
  } catch (error) {
    if (!(error instanceof OperationError) || EVERYWHERE.has(error.failure.cause)) throw error;
    return error.failure.kind === 'not-found'
      ? { kind: 'missing' }
      : { kind: 'unreadable', failure: error.failure };
  }
}

const undecrypted = (code = 'Error', message = 'the environment of the function could not be decrypted') => ({
  kind: 'denied' as const,
  during: ACTION,
  message: `${code}: ${message}`,
  nextStep: 'Allow kms:Decrypt with the key that encrypts the environment of the function.',
});
