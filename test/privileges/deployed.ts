/** What the roles may do as they are deployed into the emulated organization. */
import { create, list, readTemplate, type Template, type Value } from '../deploy/cloudformation.ts';
import { packagedAsMap, packagedByDefault, packagedWithEverything } from '../deploy/packaged.ts';
import { actionsOf, rightsOf, statementsOf, type Statement } from '../deploy/roles.ts';
import { AGREED, file, roleOf } from '../deploy/templates-for-accounts.ts';
import { REGION } from '../support/world.ts';

export const MANAGEMENT = '123456789012';
export const FIRST_MEMBER = '111111111101';
export const SERVICE_ROLE = 'access-key-rotation-service';
export const PAGE_ROLE = 'access-key-rotation-page';
export const ORGANIZATIONS_ROLE = `arn:aws:iam::${MANAGEMENT}:role/access-key-rotation-organizations`;

export type Rights = readonly Statement[];
type Parameters = Readonly<Record<string, string>>;

const inAccount = (id: string): Parameters => ({
  'AWS::Partition': 'aws',
  'AWS::Region': REGION,
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::AccountId': id,
});

/** With everything that can be asked for, so that no permission stays unseen. */
export const memberRole = (accountId = FIRST_MEMBER, parameters: Parameters = {}) =>
  roleOf('member-role', {
    ...inAccount(accountId),
    ServiceAccountId: MANAGEMENT,
    SecretKmsKeyArn: `arn:aws:kms:${REGION}:${accountId}:key/1234`,
    AllowUsage: 'true',
    ...parameters,
  });

export const memberRights = (accountId?: string, parameters?: Parameters): Rights =>
  rightsOf(memberRole(accountId, parameters));

/** As the policies see a call to something of the organization. */
export const OF_THE_ORGANIZATION = { 'aws:ResourceOrgID': AGREED.OrganizationId };

export const organizationsRole = (parameters: Parameters = {}) =>
  roleOf('organizations-role', { ...inAccount(MANAGEMENT), ServiceAccountId: MANAGEMENT, ...parameters });

export const organizationsRights = (): Rights => rightsOf(organizationsRole());

/** The packaged template, in the account that the service runs in. */
const stackOf = (template: Template, accountId: string, parameters: Parameters) =>
  create(template, {
    ...inAccount(accountId),
    'Ledger.Arn': `arn:aws:dynamodb:${REGION}:${accountId}:table/access-key-rotation`,
    'Ledger.StreamArn': `arn:aws:dynamodb:${REGION}:${accountId}:table/access-key-rotation/stream/x`,
    'Key.Arn': `arn:aws:kms:${REGION}:${accountId}:key/5678`,
    'FailedRuns.Arn': `arn:aws:sqs:${REGION}:${accountId}:access-key-rotation-failed-runs`,
    'RotateLogGroup.Arn': `arn:aws:logs:${REGION}:${accountId}:log-group:/aws/lambda/access-key-rotation:*`,
    'WatchLogGroup.Arn': `arn:aws:logs:${REGION}:${accountId}:log-group:/aws/lambda/access-key-rotation-watch:*`,
    'JournalLogGroup.Arn': `arn:aws:logs:${REGION}:${accountId}:log-group:/aws/lambda/access-key-rotation-journal:*`,
    Topic: `arn:aws:sns:${REGION}:${accountId}:access-key-rotation`,
    OrganizationsRoleArn: ORGANIZATIONS_ROLE,
    'Reports.Arn': `arn:aws:s3:::${REPORTS}`,
    'ServiceRole.Arn': `arn:aws:iam::${accountId}:role/${SERVICE_ROLE}`,
    'PageRole.Arn': `arn:aws:iam::${accountId}:role/${PAGE_ROLE}`,
    ...Object.fromEntries(
      ['Page', 'List', 'Account', 'Finish', 'Findings'].flatMap((name) => {
        const functionName = `access-key-rotation-${name.toLowerCase()}`;
        return [
          [`${name}LambdaFunction.Arn`, `arn:aws:lambda:${REGION}:${accountId}:function:${functionName}`],
          [
            `${name}LogGroup.Arn`,
            `arn:aws:logs:${REGION}:${accountId}:log-group:/aws/lambda/${functionName}:*`,
          ],
        ];
      }),
    ),
    ...parameters,
  });

async function roleOfTheStack(name: string, accountId: string, parameters: Parameters = {}) {
  const role = stackOf((await packagedByDefault()).template, accountId, parameters).resources[name];
  if (role === undefined) throw new Error(`the stack has no ${name}`);
  return role;
}

/** The bucket of the stack. */
export const REPORTS = 'access-key-rotation-reports';

/** What the roles of a run by map may do, each from its function; that of one account is the service's. */
export async function mapRights(
  name: 'ListRole' | 'ServiceRole' | 'FinishRole' | 'MapRole',
): Promise<Rights> {
  const { resources } = stackOf((await packagedAsMap()).template, MANAGEMENT, { Scale: 'map' });
  const role = resources[name];
  if (role === undefined) throw new Error(`the stack has no ${name}`);
  const added = Object.values(resources).filter(
    ({ Type, Properties }) => Type === 'AWS::IAM::Policy' && list(Properties['Roles']).includes(name),
  );
  return [
    ...rightsOf(role),
    ...added.flatMap(({ Properties }) => statementsOf(Properties['PolicyDocument'])),
  ];
}

/** Of the function that sends findings. */
export async function findingsRights(): Promise<Rights> {
  const { resources } = stackOf((await packagedWithEverything()).template, MANAGEMENT, {
    SecurityHub: 'true',
  });
  const role = resources['FindingsRole'];
  if (role === undefined) throw new Error('the stack has no role for findings');
  return rightsOf(role);
}

export const serviceRights = async (accountId = MANAGEMENT): Promise<Rights> =>
  rightsOf(await roleOfTheStack('ServiceRole', accountId));

/** Of what makes pages of reports. */
export const pageRights = async (): Promise<Rights> => rightsOf(await roleOfTheStack('PageRole', MANAGEMENT));

/** Who may do what in the bucket of reports, whatever their own policies say; with the roles of a run by map. */
export async function reportsPolicy(): Promise<Rights> {
  const { resources } = stackOf((await packagedAsMap()).template, MANAGEMENT, { Scale: 'map' });
  return statementsOf(resources['ReportsPolicy']?.Properties['PolicyDocument']);
}

/** The member role of the account that the service runs in. */
export const ownMemberRole = (accountId = MANAGEMENT, parameters?: Parameters) =>
  roleOfTheStack('OwnMemberRole', accountId, parameters);

export const ownMemberRights = async (accountId?: string): Promise<Rights> =>
  rightsOf(await ownMemberRole(accountId));

/** The policy of the key for central secrets, in the account that the service runs in. */
export function centralKeyPolicy(parameters: Parameters = {}): Rights {
  const stack = create(readTemplate(file('central-key')), { ...inAccount(MANAGEMENT), ...parameters });
  return statementsOf(stack.resources['Key']?.Properties['KeyPolicy']);
}

/** Of the people who use the command line there. */
export function operatorRights(parameters: Parameters = {}): Rights {
  const stack = create(readTemplate(file('operator-policy')), {
    ...inAccount(MANAGEMENT),
    OrganizationId: AGREED.OrganizationId,
    TableName: 'access-key-rotation',
    TopicArn: `arn:aws:sns:${REGION}:${MANAGEMENT}:access-key-rotation`,
    KeyArn: `arn:aws:kms:${REGION}:${MANAGEMENT}:key/5678`,
    ReportsBucket: 'access-key-rotation-reports',
    OrganizationsRoleArn: ORGANIZATIONS_ROLE,
    ...parameters,
  });
  return statementsOf(stack.resources['OperatorPolicy']?.Properties['PolicyDocument']);
}

/** The actions a template allows, conditions or not: what tests are to be made of. */
export const actionsNamedIn = (template: Template): readonly string[] => {
  const roles = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::IAM::Role');
  return [...new Set(roles.flatMap(({ Properties }) => allowedIn(Properties['Policies'])))].sort();
};

const allowedIn = (value: Value | undefined): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  if ('Effect' in value)
    return value['Effect'] === 'Allow' ? (list(value['Action']) as readonly string[]) : [];
  return Object.values(value).flatMap(allowedIn);
};

export const allowedBy = (rights: Rights): readonly string[] => [
  ...new Set(actionsOf(rights.filter(({ Effect }) => Effect === 'Allow'))),
];

export const without = (rights: Rights, action: string): Rights =>
  rights
    .map((right) => ({ ...right, Action: list(right.Action).filter((one) => one !== action) }))
    .filter(({ Action }) => Action.length > 0);

/**
 * An inline policy for the emulator, which knows no other names of actions than those of the calls: a
 * transaction is one of its own there. AWS asks for the permissions of its parts, so it is allowed
 * where they all are.
 */
export function policyOf(rights: Rights): { readonly Version: string; readonly Statement: Rights } {
  const actions = actionsOf(rights);
  const allow = (Action: string) => ({ Effect: 'Allow', Action, Resource: '*' });
  const transaction = TRANSACTION_PARTS.every((part) => actions.includes(part)) ? [TRANSACTION] : [];
  return { Version: '2012-10-17', Statement: [...rights, ...transaction.map(allow)] };
}

export const TRANSACTION = 'dynamodb:TransactWriteItems';
/** Of all transactions together: what was done is put into the history, and what it is about changed. */
export const TRANSACTION_PARTS: readonly string[] = [
  'dynamodb:DeleteItem',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
];

/** Allowed, and yet not to be seen among the calls of the emulator; and why. */
export const UNSEEN: Readonly<Record<string, string>> = {
  'cloudtrail:LookupEvents': 'without it the digest has a note, and the run goes on',
  'iam:GenerateCredentialReport': 'without it all users are listed',
  'iam:GetCredentialReport': 'without it all users are listed',
  'kms:Decrypt': 'DynamoDB, SNS, SQS and Secrets Manager use the key in the name of the role',
  'kms:DescribeKey': 'DynamoDB looks at the key in the name of the role',
  'kms:Encrypt': 'DynamoDB, and Secrets Manager for replicas, use the key in the name of the role',
  'kms:GenerateDataKey': 'DynamoDB, SNS, SQS and Secrets Manager use the key in the name of the role',
  'kms:ReEncryptFrom': 'DynamoDB uses the key in the name of the role',
  'kms:ReEncryptTo': 'DynamoDB uses the key in the name of the role',
  'dynamodb:DescribeStream': 'Lambda reads the stream for the journal with the role of the function',
  'dynamodb:GetRecords': 'Lambda reads the stream for the journal with the role of the function',
  'dynamodb:GetShardIterator': 'Lambda reads the stream for the journal with the role of the function',
  'dynamodb:ListStreams': 'Lambda looks for the stream for the journal with the role of the function',
  'logs:CreateLogStream': 'Lambda writes the log of the function with its role',
  'logs:PutLogEvents': 'Lambda writes the log of the function with its role',
  'ec2:AssignPrivateIpAddresses': 'Lambda puts the function into the VPC with its role',
  'ec2:CreateNetworkInterface': 'Lambda puts the function into the VPC with its role',
  'ec2:DeleteNetworkInterface': 'Lambda takes the function out of the VPC with its role',
  'ec2:DescribeNetworkInterfaces': 'Lambda puts the function into the VPC with its role',
  'ec2:DescribeSubnets': 'Lambda puts the function into the VPC with its role',
  'ec2:UnassignPrivateIpAddresses': 'Lambda takes the function out of the VPC with its role',
  'xray:PutTelemetryRecords': 'Lambda sends the traces of the function with its role',
  'xray:PutTraceSegments': 'Lambda sends the traces of the function with its role',
  's3:PutObject': 'without it the report is not kept, and the run goes on',
  'sqs:SendMessage': 'Lambda puts failed runs into the queue with the role of the function',
};

/** Sent, and needing no permission at all; or needing another one; and why. */
export const NEEDS_NO_PERMISSION: Readonly<Record<string, string>> = {
  'sts:GetCallerIdentity': 'everybody may ask who they are, even if a policy denies it',
  [TRANSACTION]: `AWS asks for the permissions of its parts: ${TRANSACTION_PARTS.join(', ')}`,
};
