import type { DeployedEnvironment } from '../aws/account/deployed-environment.ts';
import { awsSettings, type Environment } from './environment.ts';

export type { DeployedEnvironment } from '../aws/account/deployed-environment.ts';

/** The environment of the deployed function; its client is loaded here, and by no other command. */
export async function deployedEnvironment(
  name: string,
  environment: Pick<Environment, 'region' | 'endpoint' | 'credentials'>,
): Promise<DeployedEnvironment> {
  const { readDeployedEnvironment } = await import('../aws/account/deployed-environment.ts');
  return readDeployedEnvironment(awsSettings(environment), name);
}
