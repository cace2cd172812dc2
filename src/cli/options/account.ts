import { Command, Option } from 'commander';
import type { AcceptOptions } from '../commands/accept.ts';
import type { HistoryOptions } from '../commands/history.ts';
import type { OneAccountOptions } from '../commands/one-account.ts';
import type { ReplaceOptions } from '../commands/replace.ts';
import type { RestoreOptions } from '../commands/restore.ts';
import type { UsageOptions } from '../commands/usage.ts';
import { asQuiet, withQuiet, type Register } from './command.ts';

const withAccount = (command: Command): Command =>
  command
    .requiredOption('--account <id>', 'the account')
    .option('--json', 'print JSON on stdout, and nothing else');

/** `access-key-rotation status`: every key of an account, and what happens to it next. */
export const statusCommand: Register = (terminal, finish) =>
  withAccount(new Command('status'))
    .description(
      'show keys, ages, last use, what the ledger knows, and what happens next and when; changes nothing',
    )
    .option('--user <name>', 'only this IAM user')
    .addHelpText('after', '\nExample:\n  access-key-rotation status --account 111122223333 --user svc-ledger')
    .action(async (options: OneAccountOptions) => {
      const { showStatus } = await import('../commands/status.ts');
      finish(await showStatus(options, terminal));
    });

/** `access-key-rotation usage`: who uses a key. */
export const usageCommand: Register = (terminal, finish) =>
  withAccount(new Command('usage'))
    .description(
      "show who uses a user's keys: programs, addresses and calls, from CloudTrail's event history; changes nothing",
    )
    .requiredOption('--user <name>', 'the IAM user')
    .option('--key <id>', 'only this key of it')
    .option(
      '--region <name...>',
      'only these regions; else that of the last use, of global services, and ours',
    )
    .addHelpText('after', '\nExample:\n  access-key-rotation usage --account 111122223333 --user svc-ledger')
    .action(async (options: UsageOptions) => {
      const { showUsage } = await import('../commands/usage.ts');
      finish(await showUsage(options, terminal));
    });

/** `access-key-rotation history`: what was done, by whom and why. */
export const historyCommand: Register = (terminal, finish) =>
  withAccount(new Command('history'))
    .description(
      'show what was done, when, by which run, for which reason; kept for 13 months unless ROTATION_HISTORY_DAYS says otherwise',
    )
    .option('--user <name>', 'only this IAM user')
    .option('--run <id>', 'only this run')
    .addHelpText(
      'after',
      '\nExample:\n  access-key-rotation history --account 111122223333 --user svc-ledger',
    )
    .action(async (options: HistoryOptions) => {
      const { showHistory } = await import('../commands/history.ts');
      finish(await showHistory(options, terminal));
    });

/** `access-key-rotation replace`: one user's key, now. */
export const replaceCommand: Register = (terminal, finish) =>
  withQuiet(withAccount(new Command('replace')))
    .description(
      'emergency: replace the key of one user now, and switch the old one off once the new one is delivered and tested; whatever the mode, the limits and exemptions say',
    )
    .requiredOption('--user <name>', 'the IAM user')
    .option('--key <id>', 'which of its keys; needed where two are active')
    .requiredOption('--reason <text>', 'why, for the history and the digest')
    .option('--leave-active', 'a planned replacement: the old key stays on and goes its ordinary way')
    .option('--yes', "don't ask")
    .addHelpText(
      'after',
      '\nExample:\n  access-key-rotation replace --account 111122223333 --user svc-ledger --reason "key found in a public repository"',
    )
    .action(async (options: ReplaceOptions & { readonly quiet?: true }) => {
      const { replace } = await import('../commands/replace.ts');
      finish(await replace(options, asQuiet(terminal, options)));
    });

/** `access-key-rotation restore`: undo a deactivation. */
export const restoreCommand: Register = (terminal, finish) =>
  withQuiet(withAccount(new Command('restore')))
    .description('switch a key on again that was deactivated; its graces start anew')
    .requiredOption('--key <id>', 'the access key')
    .requiredOption('--reason <text>', 'why, for the history and the digest')
    .option('--yes', "don't ask")
    .addHelpText(
      'after',
      '\nExample:\n  access-key-rotation restore --account 111122223333 --key AKIAIOSFODNN7EXAMPLE --reason "the nightly job still needs it"',
    )
    .action(async (options: RestoreOptions & { readonly quiet?: true }) => {
      const { restore } = await import('../commands/restore.ts');
      finish(await restore(options, asQuiet(terminal, options)));
    });

/** `access-key-rotation accept`: lets one run pass a limit. */
export const acceptCommand: Register = (terminal, finish) =>
  withQuiet(withAccount(new Command('accept')))
    .description(
      'let the next run pass a limit that stopped it, once, in one account, for the keys it would be now',
    )
    .addOption(
      new Option('--limit <limit>', 'which limit')
        .choices(['deactivations', 'deletions'])
        .makeOptionMandatory(),
    )
    .requiredOption('--reason <text>', 'why that many are right, for the history')
    .option('--yes', "don't ask")
    .addHelpText(
      'after',
      '\nExample:\n  access-key-rotation accept --account 111122223333 --limit deactivations --reason "the whole team moved to roles"',
    )
    .action(async (options: AcceptOptions & { readonly quiet?: true }) => {
      const { accept } = await import('../commands/accept.ts');
      finish(await accept(options, asQuiet(terminal, options)));
    });
