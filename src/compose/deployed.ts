import type { DeployedEnvironment } from '../aws/account/deployed-environment.ts';
import { awsSettings, type Environment } from './environment.ts';

/**
 * Lets the deployed function do something, and waits for what it returns.
 * @throws OperationError
 */
export async function invokeDeployed(
  name: string,
  event: unknown,
  environment: Pick<Environment, 'region' | 'endpoint' | 'credentials' | 'requestTimeout'>,
): Promise<unknown> {
  const { invokeFunction } = await import('../aws/account/invoke-function.ts');
  return invokeFunction(awsSettings(environment), name, event);
}

export type { DeployedEnvironment } from '../aws/account/deployed-environment.ts';

/** The environment of the deployed function; its client is loaded here, and by no other command. */
export async function deployedEnvironment(
  name: string,
  environment: Pick<Environment, 'region' | 'endpoint' | 'credentials'>,
): Promise<DeployedEnvironment> {
  const { readDeployedEnvironment } = await import('../aws/account/deployed-environment.ts');
  return readDeployedEnvironment(awsSettings(environment), name);
}
