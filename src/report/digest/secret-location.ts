import { parseArn } from '../../domain/arn.ts';
import type { Replacement } from '../../domain/report/outcome.ts';
import type { AccessKey } from '../../domain/rotation/key.ts';
import { isOurs } from '../../domain/rotation/predicates.ts';
import { centralSecretNameOf, secretNameOf } from '../../domain/secrets/secret-name.ts';
import { clean, nameInCommand } from '../common/sanitize.ts';
import { readSecret } from '../common/shell.ts';
import { command, type Command } from '../message/block.ts';
import type { DigestContext } from './context.ts';

/** Where a new key is, and the command that reads it. */
export function describeSecretLocation(
  what: string,
  { secretName, secretArn }: Pick<Replacement, 'secretName' | 'secretArn'>,
  userName: string,
  context: DigestContext,
): readonly (string | Command)[] {
  const { accountId, region } = context;
  if (secretArn !== undefined) return inAnotherAccount(what, nameInCommand(secretArn), userName, context);
  return [
    `${what} is in Secrets Manager, account ${clean(accountId, 20)}, region ${clean(region)}, secret ${nameInCommand(secretName)}:`,
    command(readSecret(clean(region), nameInCommand(secretName))),
  ];
}

/** There a policy of the secret is not enough: the reader's own account must allow the same. */
function inAnotherAccount(
  what: string,
  secretArn: string,
  userName: string,
  { accountId, region, secretDelivery, secretKmsKeyId }: DigestContext,
): readonly (string | Command)[] {
  const { region: secretRegion = region, accountId: secretAccount = '' } = parseArn(secretArn) ?? {};
  const user = clean(userName);
  const allowed = `Only ${user} can read it, once its own policies in account ${clean(accountId, 20)} allow secretsmanager:GetSecretValue on that secret and kms:Decrypt on`;
  return [
    `${what} is in Secrets Manager, account ${clean(secretAccount, 20)}, region ${clean(secretRegion)}, secret:`,
    command(secretArn),
    // Where secrets go elsewhere by now, the key of the settings is not that of this secret.
    ...(secretKmsKeyId === undefined || secretDelivery !== 'central'
      ? [`${allowed} its key.`]
      : [`${allowed}:`, command(nameInCommand(secretKmsKeyId))]),
    `Then, as ${user}:`,
    command(readSecret(clean(secretRegion), secretArn)),
  ];
}

/**
 * The same for a replacement of an earlier run: the digest of that run may never have arrived. A
 * key that a person has made is where that person has put it.
 */
export function describeReplacementLocation(
  userName: string,
  replacement: AccessKey | undefined,
  context: DigestContext,
): readonly (string | Command)[] {
  const { accountId, secretDelivery } = context;
  if (replacement === undefined || !isOurs(replacement)) return [];
  const newKey = `The new key ${clean(replacement.id)}`;
  const { secretName } = replacement.memory;
  if (secretName !== undefined) return describeSecretLocation(newKey, placeOf(secretName), userName, context);
  // Delivered by a version that didn't record where.
  // In another account nobody finds a secret by its name, and its ARN isn't known here.
  if (secretDelivery === 'central') {
    return [
      `${newKey} is in Secrets Manager of the account that access-key-rotation runs in, secret ${nameInCommand(centralSecretNameOf(accountId, userName))}; the digest of its delivery named its ARN and how to read it.`,
    ];
  }
  return describeSecretLocation(newKey, { secretName: secretNameOf(userName) }, userName, context);
}

/** The secret of a replacement, and the region it is in, to be named in a command. */
export function secretOf(
  userName: string,
  replacement: AccessKey,
  { accountId, region, secretDelivery }: DigestContext,
): { readonly region: string; readonly secretId: string } {
  const otherwise =
    secretDelivery === 'central' ? centralSecretNameOf(accountId, userName) : secretNameOf(userName);
  const { secretName = otherwise } = replacement.memory;
  return {
    region: clean(parseArn(secretName)?.region ?? region),
    secretId: nameInCommand(secretName),
  };
}

const placeOf = (secretName: string): Pick<Replacement, 'secretName' | 'secretArn'> =>
  secretName.startsWith('arn:') ? { secretName, secretArn: secretName } : { secretName };
