import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DescribeTableCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { DeleteRoleCommand, GetRoleCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { DescribeKeyCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { clientsFor } from '../emulator/clients.ts';
import type { Emulator, OrganizationSeed } from '../support/emulator/emulator.ts';
import { REGION } from '../support/world.ts';
import { create, textOf, type Fields } from './cloudformation.ts';
import { deploymentTo, environmentFor, unzip } from './deployment.ts';
import {
  ADMINISTRATOR,
  EXTERNAL_ID,
  ROLE,
  RUNTIME,
  SERVICE,
  WHAT_THE_EMULATOR_ASKS,
  answerOf,
  download,
  inTheServiceAccount,
  moreClientsFor,
  organizationId,
  resourcesOf,
  templateOf,
  writePolicies,
} from './deployed-stack.ts';

export type DeployedService = Awaited<ReturnType<typeof deployService>>;

/** Deploys the service on the emulator, and looks at what is there then. */
export async function deployService(emulator: Emulator, seed: OrganizationSeed) {
  const organization = await emulator.seed(seed);
  const aws = { ...clientsFor(emulator, ADMINISTRATOR), ...moreClientsFor(emulator) };
  // The seed has made what the deployment is about to make.
  await aws.iam.send(new DeleteRoleCommand({ RoleName: ROLE }));
  const deployment = deploymentTo(emulator.endpoint, {
    externalId: EXTERNAL_ID,
    organizationId: await organizationId(aws),
    operatorsEmail: 'operators@example.com',
  });
  await deployment.serverless('deploy');
  const template = await templateOf(aws.cloudformation);
  const resources = await resourcesOf(aws.cloudformation);

  /** The id of a resource by its name in the template. */
  const physical = (name: string): string => {
    const id = resources[name];
    if (id === undefined) throw new Error(`the stack has no ${name}`);
    return id;
  };
  /** The stack as CloudFormation would make it. */
  const stack = () => create(template, inTheServiceAccount(resources));
  const configuration = (name: string) =>
    aws.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: physical(name) }));

  /** As AWS has them; see {@link writePolicies}. */
  async function mendPolicies(): Promise<void> {
    const { resources: made } = stack();
    for (const name of ['ServiceRole', 'OwnMemberRole']) {
      await writePolicies(aws.iam, made[name]?.Properties ?? {});
    }
    await aws.iam.send(new PutRolePolicyCommand(WHAT_THE_EMULATOR_ASKS));
    const Policy = JSON.stringify(made['Key']?.Properties['KeyPolicy']);
    await aws.kms.send(new PutKeyPolicyCommand({ KeyId: physical('Key'), PolicyName: 'default', Policy }));
  }
  await mendPolicies();

  const folder = mkdtempSync(join(tmpdir(), 'access-key-rotation-lambda-'));
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });

  /**
   * Runs the uploaded code of a function, with what Lambda would give it.
   * @param changed variables as a later deployment would set them
   */
  async function invoke(
    name: string,
    event: object,
    changed: Readonly<Record<string, string>> = {},
  ): Promise<unknown> {
    const code = template.Resources[name]?.Properties['Code'] as Fields;
    const unzipped = join(folder, name);
    const zip = `${unzipped}.zip`;
    writeFileSync(
      zip,
      await download(emulator, physical('ServerlessDeploymentBucket'), textOf(code['S3Key'])),
    );
    await unzip(zip, unzipped);
    const { Handler = '', Environment, Role = '' } = await configuration(name);
    const [module = '', handler = ''] = Handler.split('.');
    const session = await emulator.credentialsFor(SERVICE, Role.split('/').at(-1) ?? '');
    const runtime = join(folder, 'runtime.mjs');
    writeFileSync(runtime, RUNTIME);
    return answerOf(
      [runtime, pathToFileURL(join(unzipped, `${module}.mjs`)).href, handler, JSON.stringify(event)],
      {
        ...environmentFor(emulator.endpoint),
        ...Environment?.Variables,
        ...changed,
        AWS_REGION: REGION,
        AWS_ACCESS_KEY_ID: session.accessKeyId,
        AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
        AWS_SESSION_TOKEN: session.sessionToken,
      },
    );
  }

  return {
    organization,
    aws,
    deployment,
    stack,
    physical,
    configuration,
    invoke,
    table: async () =>
      (await aws.dynamodb.send(new DescribeTableCommand({ TableName: physical('Ledger') }))).Table,
    rows: async () =>
      (await aws.dynamodb.send(new ScanCommand({ TableName: physical('Ledger') }))).Items ?? [],
    key: async () => (await aws.kms.send(new DescribeKeyCommand({ KeyId: physical('Key') }))).KeyMetadata,
    role: async () => (await aws.iam.send(new GetRoleCommand({ RoleName: ROLE }))).Role,
  };
}
