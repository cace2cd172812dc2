import {
  GetResourcePolicyCommand,
  PutResourcePolicyCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { SecretLocation } from '../../run/ports/accounts.ts';
import type { SecretOwner } from '../../run/ports/secrets.ts';
import { ask, badAnswer, required } from '../client/errors.ts';

/* Who may read a secret. Our statements are known by their Sids; whatever else the policy says stays. */

const Statement = z.looseObject({ Sid: z.string().optional() });
type Statement = z.infer<typeof Statement>;
const Policy = z.looseObject({
  Statement: z.union([z.array(Statement), Statement.transform((one) => [one])]),
});
type Policy = z.infer<typeof Policy>;

const OF_USER = 'TheUserReadsItsOwnKey';
const OF_READERS = 'TheReadersOfTheSettings';
const OF_NOBODY_ELSE = 'NobodyElseReadsIt';
const OURS: ReadonlySet<unknown> = new Set([OF_USER, OF_READERS, OF_NOBODY_ELSE]);

const READ = ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'];

/**
 * What we say of a secret. In another account than the secret's, a reader needs the permission from its
 * own account as well, for the secret and for the key it is encrypted with.
 *
 * The deny is about values alone, so that whoever manages secrets still can; it names the user by its
 * unique id, which a new user of the same name does not have. For a session, `aws:PrincipalArn` is
 * the ARN of its role.
 */
export function statementsFor(
  { arn, userId }: SecretOwner,
  { readers, access }: Pick<SecretLocation, 'readers' | 'access'>,
): readonly Statement[] {
  const allow = (Sid: string, principals: string | readonly string[]): Statement => ({
    Sid,
    Effect: 'Allow',
    Principal: { AWS: principals },
    Action: READ,
    Resource: '*',
  });
  const deny: Statement = {
    Sid: OF_NOBODY_ELSE,
    Effect: 'Deny',
    Principal: '*',
    Action: ['secretsmanager:GetSecretValue', 'secretsmanager:BatchGetSecretValue'],
    Resource: '*',
    Condition: {
      StringNotEquals: { 'aws:userid': userId },
      ...(readers.length === 0 ? {} : { ArnNotEquals: { 'aws:PrincipalArn': readers } }),
    },
  };
  return [
    allow(OF_USER, arn),
    ...(readers.length === 0 ? [] : [allow(OF_READERS, readers)]),
    ...(access === 'restricted' ? [deny] : []),
  ];
}

export interface PolicyPutRight {
  /** The statements that are not ours, as they are. */
  readonly foreign: readonly Statement[];
  /** The same for people: their Sids, or which of them it is. */
  readonly names: readonly string[];
}

/**
 * Makes a secret's policy say what it has to.
 * @param always also where it reads as if it did: a user deleted and made anew has the same ARN, but not
 *   the same right
 */
export async function putPolicyRight(
  client: SecretsManagerClient,
  name: string,
  wanted: readonly Statement[],
  always: boolean,
): Promise<PolicyPutRight> {
  const policy = await policyOf(client, name);
  const foreign = policy.Statement.filter(({ Sid }) => !OURS.has(Sid));
  const names = policy.Statement.flatMap(({ Sid }, index) =>
    OURS.has(Sid) ? [] : [Sid ?? `statement ${index + 1}, which has no Sid`],
  );
  const ours = policy.Statement.filter(({ Sid }) => OURS.has(Sid));
  if (always || !isDeepStrictEqual(ours, wanted)) {
    await put(client, name, { ...policy, Statement: [...wanted, ...foreign] });
  }
  return { foreign, names };
}

/** Gives a secret that was made a moment ago, and so has none, its policy. */
export const putFirstPolicy = (
  client: SecretsManagerClient,
  name: string,
  wanted: readonly Statement[],
): Promise<void> => put(client, name, { ...EMPTY, Statement: [...wanted] });

const EMPTY: Policy = { Version: '2012-10-17', Statement: [] };

async function policyOf(client: SecretsManagerClient, name: string): Promise<Policy> {
  const action = 'secretsmanager:GetResourcePolicy';
  const { ARN, ResourcePolicy } = await ask(action, () =>
    client.send(new GetResourcePolicyCommand({ SecretId: name })),
  );
  // Whatever else the policy says would be lost if an answer that is none were taken for "no policy".
  required(action, ARN, 'the ARN of the secret');
  if (!ResourcePolicy) return EMPTY;
  try {
    return Policy.parse(JSON.parse(ResourcePolicy));
  } catch {
    throw badAnswer(action, 'a policy in the form of IAM');
  }
}

async function put(client: SecretsManagerClient, name: string, policy: Policy): Promise<void> {
  const input = { SecretId: name, ResourcePolicy: JSON.stringify(policy), BlockPublicPolicy: true };
  const action = 'secretsmanager:PutResourcePolicy';
  const { ARN } = await ask(action, () => client.send(new PutResourcePolicyCommand(input)), {
    // MalformedPolicyDocument and PublicPolicy among others.
    unknown: `Check that everybody exists whom secretReaders and the policy of the secret name, and that the policy makes nothing public: aws secretsmanager get-resource-policy --secret-id ${name}`,
  });
  required(action, ARN, 'the ARN of the secret');
}
