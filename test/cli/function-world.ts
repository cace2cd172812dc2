import { IAMClient, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { answerOnDemand } from '../../src/on-demand.ts';
import { adminOf, once } from '../aws/support.ts';
import { startFunction, type DeployedFunction } from '../support/deployed-function.ts';
import type { Emulator, OrganizationSeed } from '../support/emulator/emulator.ts';
import { createWorld, type World } from '../support/world.ts';

/** An organization with the function deployed, which does what it is asked for; and an operator. */
export interface FunctionWorld extends World {
  readonly function: DeployedFunction;
  /** What the function has written into its log. */
  readonly log: readonly string[];
}

export const OPERATORS = 'operators';

/** As serverless.yml has it, as far as the command line looks at it. */
export async function deployFunction(
  { aws, environment, organization }: World,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  const lambda = new LambdaClient(once(aws));
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'access-key-rotation',
      Runtime: 'nodejs24.x',
      Role: `arn:aws:iam::${organization.managementAccountId}:role/access-key-rotation-service`,
      Handler: 'handler.rotate',
      Code: { ZipFile: Buffer.from('UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==', 'base64') },
      Environment: { Variables: { ...environment, ...variables } },
    }),
  );
  lambda.destroy();
}

/** Lets operators into the accounts, too, as the member roles do by their parameter `OperatorArn`. */
export async function letOperatorsIn(
  { emulator, organization }: Pick<World, 'emulator' | 'organization'>,
  accountIds: readonly string[],
): Promise<void> {
  const home = organization.managementAccountId;
  const admitted = ['access-key-rotation-service', OPERATORS].map(
    (name) => `arn:aws:iam::${home}:role/${name}`,
  );
  const PolicyDocument = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${home}:root` },
        Action: 'sts:AssumeRole',
        Condition: { ArnLike: { 'aws:PrincipalArn': admitted } },
      },
    ],
  });
  for (const accountId of accountIds) {
    const iam = new IAMClient(once(await adminOf(emulator, accountId)));
    await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'access-key-rotation', PolicyDocument }));
    iam.destroy();
  }
}

/** The function's side of an organization: it works with the rights of the service. */
export function functionOf(
  { aws, environment }: World,
  variables: Readonly<Record<string, string>>,
  log: string[] = [],
) {
  const say = (message: string, about: unknown = {}) => void log.push(JSON.stringify([message, about]));
  return (event: unknown) =>
    answerOnDemand(event as { readonly command: unknown }, {
      variables: { ...environment, ...variables },
      environment: aws,
      log: { info: say, warn: say, error: say, identify: () => undefined, emit: () => undefined },
    });
}

/** @param variables of the function; its table and topic are there anyway */
export async function createFunctionWorld(
  emulator: Emulator,
  seed: OrganizationSeed,
  variables: Readonly<Record<string, string>>,
): Promise<FunctionWorld> {
  const world = await createWorld(emulator, seed);
  await deployFunction(world, variables);
  const accountIds = (await emulator.snapshot()).map(({ accountId }) => accountId);
  await letOperatorsIn(world, accountIds);
  const log: string[] = [];
  const deployed = await startFunction(emulator.endpoint, functionOf(world, variables, log));
  const operator = await emulator.credentialsFor(world.organization.managementAccountId, OPERATORS);
  return {
    ...world,
    function: deployed,
    log,
    environment: { ROTATION_FUNCTION_NAME: '' },
    aws: { ...world.aws, endpoint: deployed.endpoint, credentials: () => Promise.resolve(operator) },
  };
}
