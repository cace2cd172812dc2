import { PutUserPolicyCommand } from '@aws-sdk/client-iam';
import { CreateKeyCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-secrets-manager';
import type { Emulator } from '../support/emulator/emulator.ts';
import { adminOf, FIRST_MEMBER, NOW, refusalOf, userWith, type Clients } from './clients.ts';

/** Where ann lives. */
export const APP = FIRST_MEMBER;
/** Where the secret is that she wants to read. */
export const VAULT = '111111111102';
export const REGION = 'eu-central-1';
export const NAME = `rotation/${APP}/ann`;
export const ANNS_KEY = 'AKIAEXAMPLE000000001';
export const ANN = `arn:aws:iam::${APP}:user/team/ann`;
export const READ = 'secretsmanager:GetSecretValue';
export const DESCRIBE = 'secretsmanager:DescribeSecret';
export const DENIED = 'AccessDeniedException';

export type Statement = Readonly<Record<string, unknown>>;
export const allow = (Action: string | string[], rest: Statement = {}): Statement => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
  ...rest,
});
export const deny = (Action: string, rest: Statement = {}) => allow(Action, { ...rest, Effect: 'Deny' });
export const by = (principal: string): Statement => ({
  Principal: principal === '*' ? '*' : { AWS: principal },
});
export const document = (Statement: readonly Statement[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement });

/** What the parties say. */
export interface Words {
  readonly secret: readonly Statement[];
  readonly user: readonly Statement[];
  readonly key: readonly Statement[];
}
/** With these ann may read the secret. */
export const WORDS: Words = {
  secret: [allow([READ, DESCRIBE], by(ANN))],
  user: [allow([READ, DESCRIBE, 'kms:Decrypt'])],
  key: [allow('kms:Decrypt', by(ANN))],
};

export const newKey = async ({ kms }: Clients) =>
  (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? '';
export const setKeyPolicy = ({ kms }: Clients, KeyId: string, statements: readonly Statement[]) =>
  kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy: document(statements) }));
export const read = ({ secrets }: Clients, SecretId: string) =>
  refusalOf(secrets.send(new GetSecretValueCommand({ SecretId })));
export const describeIt = ({ secrets }: Clients, SecretId: string) =>
  refusalOf(secrets.send(new DescribeSecretCommand({ SecretId })));

/** Two accounts of an organization: ann's, and the service's with the secret. */
export async function openVault(emulator: Emulator) {
  const users = [{ userName: 'ann', path: '/team/', keys: [{ id: ANNS_KEY, createdAt: NOW }] }];
  const { credentials } = await emulator.seed({
    accounts: [
      { name: 'app', users },
      { name: 'vault', users: [] },
    ],
    service: { account: 'vault' },
  });
  const vault = await adminOf(emulator, VAULT);

  const newSecret = async (KmsKeyId?: string) => {
    const { ARN = '' } = await vault.secrets.send(
      new CreateSecretCommand({
        Name: NAME,
        SecretString: 'hush',
        ...(KmsKeyId === undefined ? {} : { KmsKeyId }),
      }),
    );
    return ARN;
  };
  const say = async (names: { secret: string; key: string }, words: Partial<Words> = {}) => {
    const { secret, user, key } = { ...WORDS, ...words };
    await setKeyPolicy(vault, names.key, key);
    if (secret.length > 0) {
      const input = { SecretId: names.secret, ResourcePolicy: document(secret) };
      await vault.secrets.send(new PutResourcePolicyCommand(input));
    }
    if (user.length > 0) {
      const { iam } = await adminOf(emulator, APP);
      const input = { UserName: 'ann', PolicyName: 'read', PolicyDocument: document(user) };
      await iam.send(new PutUserPolicyCommand(input));
    }
  };
  return {
    credentials,
    vault,
    ann: await userWith(emulator, ANNS_KEY),
    newSecret,
    say,
    /** A secret, its key, and words that let ann read it. */
    allowed: async () => {
      const key = await newKey(vault);
      const names = { key, secret: await newSecret(key) };
      await say(names);
      return names;
    },
  };
}
