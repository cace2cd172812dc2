import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  CloudFormationClient,
  CreateStackInstancesCommand,
  CreateStackSetCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
} from '@aws-sdk/client-cloudformation';
import { PutRolePolicyCommand, UpdateAssumeRolePolicyCommand, type IAMClient } from '@aws-sdk/client-iam';
import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { DescribeOrganizationCommand } from '@aws-sdk/client-organizations';
import type { JsonReport } from '../../src/report/data/json-report.ts';
import { adminOf, type Clients } from '../emulator/clients.ts';
import type { Emulator, SeededOrganization } from '../support/emulator/emulator.ts';
import { REGION } from '../support/world.ts';
import { create, list, readTemplate, textOf, type Fields, type Template } from './cloudformation.ts';
import { file, roleOf } from './templates-for-accounts.ts';

export const SERVICE = '123456789012';
export const ROLE = 'access-key-rotation-service';
const STACK = 'access-key-rotation';
export const EXTERNAL_ID = 'agreed-upon';
export const ADMINISTRATOR = { accessKeyId: 'administrator', secretAccessKey: 'not-a-secret' };

const run = promisify(execFile);

/** What the emulator takes for an action. AWS asks for the permissions of a transaction's parts instead. */
export const WHAT_THE_EMULATOR_ASKS = {
  RoleName: ROLE,
  PolicyName: 'emulator',
  PolicyDocument: JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'dynamodb:TransactWriteItems', Resource: '*' }],
  }),
};

/** What is to be done, or was. */
export const actionsOf = ({ accounts }: JsonReport): readonly string[] =>
  accounts.flatMap(({ accountName, status, outcomes }) =>
    status === 'rotated'
      ? outcomes
          .filter((one) => one.status !== 'none')
          .map((one) => `${accountName}: ${one.userName} ${one.action} ${one.status}`)
      : [`${accountName}: ${status}`],
  );

/**
 * The emulator's CloudFormation leaves holes in policies where a template says AWS::NoValue, and stops
 * over them: so they are written once more, as CloudFormation would have.
 */
export async function writePolicies(iam: IAMClient, role: Fields): Promise<void> {
  const RoleName = textOf(role['RoleName']);
  for (const policy of list(role['Policies']) as readonly Fields[]) {
    const PolicyDocument = JSON.stringify(policy['PolicyDocument']);
    await iam.send(
      new PutRolePolicyCommand({ RoleName, PolicyName: textOf(policy['PolicyName']), PolicyDocument }),
    );
  }
  const PolicyDocument = JSON.stringify(role['AssumeRolePolicyDocument']);
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
}

export function moreClientsFor({ endpoint }: Emulator) {
  const settings = { endpoint, region: REGION, credentials: ADMINISTRATOR };
  return {
    cloudformation: new CloudFormationClient(settings),
    kms: new KMSClient(settings),
    lambda: new LambdaClient(settings),
  };
}

export const inTheServiceAccount = (resources: Readonly<Record<string, string>>) => ({
  'Ledger.Arn': `arn:aws:dynamodb:${REGION}:${SERVICE}:table/${resources['Ledger'] ?? ''}`,
  'Ledger.StreamArn': `arn:aws:dynamodb:${REGION}:${SERVICE}:table/${resources['Ledger'] ?? ''}/stream/x`,
  'Key.Arn': `arn:aws:kms:${REGION}:${SERVICE}:key/${resources['Key'] ?? ''}`,
  'Reports.Arn': `arn:aws:s3:::${resources['Reports'] ?? ''}`,
  'FailedRuns.Arn': `arn:aws:sqs:${REGION}:${SERVICE}:access-key-rotation-failed-runs`,
  'RotateLogGroup.Arn': `arn:aws:logs:${REGION}:${SERVICE}:log-group:/aws/lambda/access-key-rotation:*`,
  'JournalLogGroup.Arn': `arn:aws:logs:${REGION}:${SERVICE}:log-group:/aws/lambda/access-key-rotation-journal:*`,
  'WatchLogGroup.Arn': `arn:aws:logs:${REGION}:${SERVICE}:log-group:/aws/lambda/access-key-rotation-watch:*`,
  'PageLogGroup.Arn': `arn:aws:logs:${REGION}:${SERVICE}:log-group:/aws/lambda/access-key-rotation-page:*`,
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::AccountId': SERVICE,
  ...resources,
});

export async function templateOf(cloudformation: CloudFormationClient): Promise<Template> {
  const { TemplateBody = '' } = await cloudformation.send(new GetTemplateCommand({ StackName: STACK }));
  return JSON.parse(TemplateBody) as Template;
}

/** Physical ids by the names in the template. */
export async function resourcesOf(
  cloudformation: CloudFormationClient,
): Promise<Readonly<Record<string, string>>> {
  const { StackResourceSummaries = [] } = await cloudformation.send(
    new ListStackResourcesCommand({ StackName: STACK }),
  );
  return Object.fromEntries(
    StackResourceSummaries.map(({ LogicalResourceId = '', PhysicalResourceId = '' }) => [
      LogicalResourceId,
      PhysicalResourceId,
    ]),
  );
}

export async function organizationId({ organizations }: Pick<Clients, 'organizations'>): Promise<string> {
  const { Organization } = await organizations.send(new DescribeOrganizationCommand({}));
  return Organization?.Id ?? '';
}

/** What CloudFormation does with resources/member-role-stackset.yml; the emulator knows stack sets, but not in stacks. */
export async function createMemberRole(
  emulator: Emulator,
  aws: Clients & ReturnType<typeof moreClientsFor>,
  { rootId }: SeededOrganization,
  account: string,
): Promise<void> {
  const { cloudformation } = aws;
  const stack = create(readTemplate(file('member-role-stackset')), {
    ...inTheServiceAccount({}),
    CallAs: 'SELF',
    OrganizationalUnitIds: rootId,
    ExternalId: EXTERNAL_ID,
    OrganizationId: await organizationId(aws),
  });
  const set = stack.resources['MemberRoles']?.Properties as Fields;
  const StackSetName = textOf(set['StackSetName']);
  const Parameters = set['Parameters'] as { ParameterKey: string; ParameterValue: string }[];
  await cloudformation.send(
    new CreateStackSetCommand({
      StackSetName,
      TemplateBody: textOf(set['TemplateBody']),
      Parameters,
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    }),
  );
  await cloudformation.send(
    new CreateStackInstancesCommand({ StackSetName, Accounts: [account], Regions: [REGION] }),
  );
  const given = Object.fromEntries(Parameters.map((one) => [one.ParameterKey, one.ParameterValue]));
  const made = roleOf('member-role', { ...inTheServiceAccount({}), 'AWS::AccountId': account, ...given });
  await writePolicies((await adminOf(emulator, account)).iam, made.Properties);
}

/** No client for S3 is a dependency of ours. */
export async function download({ endpoint }: Emulator, bucket: string, name: string): Promise<Uint8Array> {
  const authorization = `AWS4-HMAC-SHA256 Credential=administrator/20260101/${REGION}/s3/aws4_request, SignedHeaders=host, Signature=none`;
  const response = await fetch(`${endpoint}/${bucket}/${name}`, { headers: { authorization } });
  if (!response.ok) throw new Error(`${name} could not be downloaded: ${response.status}`);
  return new Uint8Array(await response.arrayBuffer());
}

export async function answerOf(args: readonly string[], env: NodeJS.ProcessEnv): Promise<unknown> {
  const { stdout } = await run(process.execPath, [...args], { env });
  const [last = ''] = stdout.split('\n').slice(-1);
  return (JSON.parse(last) as { answer: unknown }).answer;
}

/** What Lambda does with a bundle, as far as our functions see it. */
export const RUNTIME = `
  const [file, name, event] = process.argv.slice(2);
  const handler = (await import(file))[name];
  const context = { awsRequestId: 'request', getRemainingTimeInMillis: () => 300_000 };
  const answer = await handler(JSON.parse(event), context);
  process.stdout.write('\\n' + JSON.stringify({ answer }));
`;
