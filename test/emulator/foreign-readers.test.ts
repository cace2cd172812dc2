import { DescribeOrganizationCommand } from '@aws-sdk/client-organizations';
import { expect } from 'chai';
import { emulatorForThisFile } from '../support/emulator-hooks.ts';
import { adminOf, MANAGEMENT } from './clients.ts';
import {
  allow,
  ANN,
  APP,
  by,
  DENIED,
  deny,
  DESCRIBE,
  describeIt,
  newKey,
  openVault,
  READ,
  read,
  REGION,
  VAULT,
  WORDS,
  type Statement,
  type Words,
} from './vault.ts';

const ROOT = `arn:aws:iam::${APP}:root`;
const on = (operator: string, conditions: Statement): Statement => ({
  Condition: { [operator]: conditions },
});

interface Names {
  readonly organization: string;
  readonly secret: string;
  readonly key: string;
}
/** What is said otherwise than in WORDS. */
type Change = (names: Names) => Partial<Words>;
const keyIf = (operator: string, conditions: Statement): Partial<Words> => ({
  key: [allow('kms:Decrypt', { ...by('*'), ...on(operator, conditions) })],
});

const LINES: readonly (readonly [string, Change, readonly [read: boolean, describe: boolean]])[] = [
  ['everybody allows it', () => ({}), [true, true]],
  ['the secret has no policy', () => ({ secret: [] }), [false, false]],
  ["the secret's policy names the account", () => ({ secret: [allow(READ, by(ROOT))] }), [false, false]],
  ["the secret's policy names everybody", () => ({ secret: [allow(READ, by('*'))] }), [false, false]],
  ["the secret's policy allows reading only", () => ({ secret: [allow(READ, by(ANN))] }), [true, false]],
  [
    "the secret's policy denies reading",
    () => ({ secret: [...WORDS.secret, deny(READ, by('*'))] }),
    [false, true],
  ],
  ['the user has no policy', () => ({ user: [] }), [false, false]],
  ['the user may not read', () => ({ user: [allow([DESCRIBE, 'kms:Decrypt'])] }), [false, true]],
  [
    'the user may read that secret, and use that key',
    ({ secret, key }) => ({
      user: [allow([READ], { Resource: secret }), allow('kms:Decrypt', { Resource: key })],
    }),
    [true, false],
  ],
  [
    'the user may read another secret',
    ({ secret }) => ({ user: [allow([READ], { Resource: secret.replace('ann', 'bob') }), allow('kms:*')] }),
    [false, false],
  ],
  ['the user is denied to read', () => ({ user: [...WORDS.user, deny(READ)] }), [false, true]],
  ['the user may not decrypt', () => ({ user: [allow([READ, DESCRIBE])] }), [false, true]],
  [
    'the user may decrypt with another key',
    ({ key }) => ({ user: [allow([READ, DESCRIBE]), allow('kms:Decrypt', { Resource: `${key}0` })] }),
    [false, true],
  ],
  [
    'the user may decrypt on a condition that holds',
    () => ({
      user: [
        allow([READ, DESCRIBE]),
        allow('kms:Decrypt', on('StringLike', { 'kms:ViaService': 'secretsmanager.*.amazonaws.com' })),
      ],
    }),
    [true, true],
  ],
  [
    'the key is for others',
    () => ({ key: [allow('kms:*', by(`arn:aws:iam::${VAULT}:root`))] }),
    [false, true],
  ],
  ['the key is for something else', () => ({ key: [allow('kms:Encrypt', by(ANN))] }), [false, true]],
  ["the key is for the user's account", () => ({ key: [allow('kms:*', by(ROOT))] }), [true, true]],
  ['the key is for everybody', () => ({ key: [allow('kms:Decrypt', by('*'))] }), [true, true]],
  [
    'the key is for everybody but the user',
    () => ({ key: [...WORDS.key, deny('kms:Decrypt', by(ANN))] }),
    [false, true],
  ],
  [
    'the key is for the organization',
    ({ organization }) => keyIf('StringEquals', { 'aws:PrincipalOrgID': organization }),
    [true, true],
  ],
  [
    'the key is for another organization',
    () => keyIf('StringEquals', { 'aws:PrincipalOrgID': 'o-other' }),
    [false, true],
  ],
  [
    'the key is for Secrets Manager',
    () => keyIf('StringEquals', { 'kms:ViaService': `secretsmanager.${REGION}.amazonaws.com` }),
    [true, true],
  ],
  [
    'the key is for another service',
    () => keyIf('StringEquals', { 'kms:ViaService': `dynamodb.${REGION}.amazonaws.com` }),
    [false, true],
  ],
  [
    'the key is for that secret',
    ({ secret }) => keyIf('StringEquals', { 'kms:EncryptionContext:SecretARN': secret }),
    [true, true],
  ],
  [
    "the key is for secrets of the reader's account",
    () =>
      keyIf('StringLike', {
        'kms:EncryptionContext:SecretARN': `arn:aws:secretsmanager:*:${VAULT}:secret:rotation/\${aws:PrincipalAccount}/*`,
      }),
    [true, true],
  ],
  [
    'the key is for secrets that have the account elsewhere in their names',
    () =>
      keyIf('StringLike', {
        'kms:EncryptionContext:SecretARN': `arn:aws:secretsmanager:*:${VAULT}:secret:\${aws:PrincipalAccount}/*`,
      }),
    [false, true],
  ],
  [
    'the key is for secrets named by what nobody knows',
    () => keyIf('StringLike', { 'kms:EncryptionContext:SecretARN': '*${aws:Unheard}*' }),
    [false, true],
  ],
];

describe('emulator: a secret of another account', () => {
  const emulator = emulatorForThisFile();

  for (const [title, change, expected] of LINES) {
    const [mayRead, mayDescribe] = expected;
    it(`is ${mayRead ? 'read' : mayDescribe ? 'described' : 'hidden'} where ${title}`, async () => {
      const { vault, ann, newSecret, say } = await openVault(emulator());
      const key = await newKey(vault);
      const secret = await newSecret(key);
      const { organizations } = await adminOf(emulator(), MANAGEMENT);
      const { Organization } = await organizations.send(new DescribeOrganizationCommand({}));
      await say({ secret, key }, change({ organization: Organization?.Id ?? '', secret, key }));
      const answers = [await read(ann, secret), await describeIt(ann, secret)];
      expect(answers).to.deep.equal(expected.map((may) => (may ? 'accepted' : DENIED)));
    });
  }
});
