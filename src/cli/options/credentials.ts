import { Command } from 'commander';
import type { CredentialsOptions } from '../commands/credentials.ts';
import { EXAMPLE_ARN } from './examples.ts';
import type { Register } from './command.ts';

const EXAMPLES = `
Example, in ~/.aws/config:
  [profile ledger]
  credential_process = access-key-rotation credentials --user svc-ledger --from ledger-first --region eu-central-1

With its secret in the account of the service; the digest says which:
  [profile ledger]
  credential_process = access-key-rotation credentials --user svc-ledger --from ledger-first --secret ${EXAMPLE_ARN}`;

/**
 * `access-key-rotation credentials`: what `credential_process` calls on the machine of a workload.
 * Reads the user's current key with the key it has, and remembers it for the next time.
 */
export const credentialsCommand: Register = (terminal, finish) =>
  new Command('credentials')
    .description('print the current key of an IAM user, as credential_process reads it')
    .requiredOption('--user <name>', 'the IAM user')
    .requiredOption('--from <profile>', 'the profile that holds the first key of the user')
    .option('--region <region>', 'where the secret is (instead of AWS_REGION)')
    .option('--secret <arn>', 'its secret, where that is in another account (secretDelivery: central)')
    .option('--account <id>', 'refuse the key of another account')
    .option('--refresh', 'ask AWS now, and not once an hour')
    .addHelpText('after', EXAMPLES)
    .action(async (options: CredentialsOptions) => {
      const { printCredentials } = await import('../commands/credentials.ts');
      finish(await printCredentials(options, terminal));
    });
