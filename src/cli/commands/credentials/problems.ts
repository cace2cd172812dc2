import { ACCOUNT_ID, REGION, USER_NAME } from '../../../config/patterns.ts';
import { InputError } from '../../../domain/errors.ts';
import { isSecretId, regionOfSecret } from '../../../domain/secrets/secret-name.ts';
import { EXAMPLE_ARN } from '../../options/examples.ts';
import type { CredentialsOptions } from './recall-key.ts';

/** @throws InputError with all that is wrong with what was typed, at once */
export function refuseBad({ user, from, secret, region, account }: CredentialsOptions): void {
  const problems: string[] = [];
  if (!USER_NAME.test(user)) {
    problems.push(`--user: must be the name of an IAM user, without its path, not ${JSON.stringify(user)}`);
  }
  if (from.trim() === '') problems.push('--from: must be the name of a profile, not empty');
  if (secret !== undefined && !isSecretId(secret)) {
    problems.push(
      `--secret: must be the ARN of a secret, as ${EXAMPLE_ARN}, or its name in the user's own account, not ${JSON.stringify(secret)}`,
    );
  }
  const where = regionOfSecret(secret ?? '');
  if (region !== undefined && !REGION.test(region)) {
    problems.push(`--region: must be a region like eu-central-1, not ${JSON.stringify(region)}`);
  } else if (region !== undefined && where !== undefined && region !== where) {
    problems.push(`--region: must be ${where}, where the secret is, or be left out, not ${region}`);
  }
  if (account !== undefined && !ACCOUNT_ID.test(account)) {
    problems.push(`--account: must be an account id of twelve digits, not ${JSON.stringify(account)}`);
  }
  if (problems.length > 0) throw new InputError(problems);
}
