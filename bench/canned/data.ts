import { randomUUID } from 'node:crypto';
import { REGION, SERVICE_ACCOUNT, type Organization } from './organization.ts';

/*
 * Organizations, DynamoDB, Secrets Manager and EventBridge, which speak JSON. The table is always empty and
 * takes everything: within one run nothing is read back from it but what a test would notice.
 */

type Input = Readonly<Record<string, unknown>>;
export type JsonAnswer = object | { readonly error: string };

/** The most that Organizations gives at once. */
const ACCOUNTS_A_PAGE = 20;

interface Secret {
  readonly ARN: string;
  readonly Name: string;
  Tags: readonly unknown[];
  policy?: string;
  readonly stages: Map<string, string[]>;
  readonly values: Map<string, string>;
}

export function dataAnswers(
  organization: Organization,
): Readonly<Record<string, (input: Input, accountId: string) => JsonAnswer>> {
  const secrets = new Map<string, Map<string, Secret>>();
  const of = (accountId: string) => {
    const own = secrets.get(accountId) ?? new Map<string, Secret>();
    secrets.set(accountId, own);
    return own;
  };
  /** By its name or its ARN. */
  const find = ({ SecretId }: Input, accountId: string): Secret | undefined => {
    const id = String(SecretId);
    return of(accountId).get(id) ?? [...of(accountId).values()].find(({ ARN }) => ARN === id);
  };
  const asked =
    (answer: (secret: Secret, input: Input) => JsonAnswer) =>
    (input: Input, accountId: string): JsonAnswer => {
      const secret = find(input, accountId);
      return secret === undefined ? { error: 'ResourceNotFoundException' } : answer(secret, input);
    };
  const named = ({ ARN, Name }: Secret) => ({ ARN, Name });
  const moveStage = (secret: Secret, stage: string, versionId: string) => {
    for (const [id, stages] of secret.stages) {
      secret.stages.set(
        id,
        stages.filter((one) => one !== stage),
      );
    }
    secret.stages.set(versionId, [...(secret.stages.get(versionId) ?? []), stage]);
  };
  const put = (secret: Secret, input: Input, stages: readonly string[]) => {
    const versionId = String(input['ClientRequestToken']);
    secret.values.set(versionId, String(input['SecretString']));
    for (const stage of stages) moveStage(secret, stage, versionId);
    return { ...named(secret), VersionId: versionId, VersionStages: stages };
  };
  return {
    'organizations:ListAccounts': ({ NextToken }) => {
      const from = Number(NextToken ?? 0);
      const to = from + ACCOUNTS_A_PAGE;
      const accounts = organization.accountIds.slice(from, to).map((id, index) => ({
        Id: id,
        Name: id === SERVICE_ACCOUNT ? 'management' : `account-${from + index}`,
        Email: `${id}@example.com`,
        State: 'ACTIVE',
        Arn: `arn:aws:organizations::${SERVICE_ACCOUNT}:account/o-canned00000/${id}`,
      }));
      return {
        Accounts: accounts,
        ...(to < organization.accountIds.length ? { NextToken: String(to) } : {}),
      };
    },
    'dynamodb:Query': () => ({ Items: [], Count: 0, ScannedCount: 0 }),
    'dynamodb:GetItem': () => ({}),
    'dynamodb:PutItem': () => ({}),
    'dynamodb:UpdateItem': () => ({}),
    'dynamodb:DeleteItem': () => ({}),
    'dynamodb:TransactWriteItems': () => ({}),
    'dynamodb:BatchWriteItem': () => ({ UnprocessedItems: {} }),
    'dynamodb:BatchGetItem': () => ({ Responses: {}, UnprocessedKeys: {} }),
    'secretsmanager:ListSecrets': (_, accountId) => ({
      SecretList: [...of(accountId).values()].map((secret) => ({
        ...named(secret),
        Tags: secret.Tags,
        SecretVersionsToStages: Object.fromEntries(secret.stages),
      })),
    }),
    'secretsmanager:CreateSecret': (input, accountId) => {
      const name = String(input['Name']);
      if (of(accountId).has(name)) return { error: 'ResourceExistsException' };
      const secret: Secret = {
        ARN: `arn:aws:secretsmanager:${REGION}:${accountId}:secret:${name}-AbCdEf`,
        Name: name,
        Tags: (input['Tags'] ?? []) as readonly unknown[],
        stages: new Map(),
        values: new Map(),
      };
      of(accountId).set(name, secret);
      return input['SecretString'] === undefined ? named(secret) : put(secret, input, ['AWSCURRENT']);
    },
    'secretsmanager:DescribeSecret': asked((secret) => ({
      ...named(secret),
      Tags: secret.Tags,
      VersionIdsToStages: Object.fromEntries(secret.stages),
    })),
    'secretsmanager:GetResourcePolicy': asked((secret) => ({
      ...named(secret),
      ...(secret.policy === undefined ? {} : { ResourcePolicy: secret.policy }),
    })),
    'secretsmanager:PutResourcePolicy': asked((secret, { ResourcePolicy }) => {
      secret.policy = String(ResourcePolicy);
      return named(secret);
    }),
    'secretsmanager:PutSecretValue': asked((secret, input) =>
      put(secret, input, (input['VersionStages'] ?? ['AWSCURRENT']) as readonly string[]),
    ),
    'secretsmanager:GetSecretValue': asked((secret, { VersionId, VersionStage = 'AWSCURRENT' }) => {
      const found =
        VersionId === undefined
          ? [...secret.stages].find(([, stages]) => stages.includes(String(VersionStage)))?.[0]
          : (VersionId as string);
      if (found === undefined) return { error: 'ResourceNotFoundException' };
      const VersionStages = secret.stages.get(found);
      return { ...named(secret), VersionId: found, VersionStages, SecretString: secret.values.get(found) };
    }),
    'secretsmanager:UpdateSecretVersionStage': asked((secret, { VersionStage, MoveToVersionId }) => {
      moveStage(secret, String(VersionStage), String(MoveToVersionId));
      return named(secret);
    }),
    'secretsmanager:TagResource': asked((secret, { Tags }) => {
      secret.Tags = [...secret.Tags, ...(Tags as readonly unknown[])];
      return {};
    }),
    'events:PutEvents': ({ Entries }) => ({
      FailedEntryCount: 0,
      Entries: (Entries as readonly unknown[]).map(() => ({ EventId: randomUUID() })),
    }),
  };
}
