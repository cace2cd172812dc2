import { Command, Option } from 'commander';
import type { DoctorOptions } from '../commands/doctor.ts';
import type { SubscribeOptions } from '../commands/subscribe.ts';
import type { UnsubscribeOptions } from '../commands/unsubscribe.ts';
import { asQuiet, withQuiet, type Register } from './command.ts';

/** `access-key-rotation subscribe`: who gets the digests of which accounts, by e-mail. */
export const subscribeCommand: Register = (terminal, finish) =>
  new Command('subscribe')
    .description(
      'subscribe an e-mail address, or the contacts that AWS has of accounts, to digests; shows what is pending',
    )
    .option('--email <address>', 'who is to get them')
    .addOption(
      new Option('--contacts <which>', 'of each account its own contact').choices([
        'organization',
        'security',
      ]),
    )
    .option('--account <id...>', 'the digests of these accounts')
    .option('--all', 'of all accounts; with --email also of those to come, and the summary')
    .option(
      '--owner <name>',
      'the messages for one owner (see perOwner), where digests of --account or of all go',
    )
    .option('--summary', "only the organization's summary")
    .option('--yes', "don't ask")
    .option('--json', 'print what was done as JSON on stdout, and nothing else')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  access-key-rotation subscribe --email payments@example.com --owner team-payments\n' +
        '  access-key-rotation subscribe --email team@example.com --account 111122223333 444455556666\n' +
        '  access-key-rotation subscribe --contacts security --all',
    )
    .action(async (options: SubscribeOptions) => {
      const { subscribe } = await import('../commands/subscribe.ts');
      finish(await subscribe(options, terminal));
    });

/** `access-key-rotation unsubscribe`: takes an address out of what it gets by mail. */
export const unsubscribeCommand: Register = (terminal, finish) =>
  new Command('unsubscribe')
    .description('take an e-mail address out of what it gets; says which accounts nobody would read of then')
    .requiredOption('--email <address>', 'who is to get less; without more all that it gets ends')
    .option('--account <id...>', 'only the digests of these accounts')
    .option('--owner <name>', 'only the messages for this owner')
    .option('--summary', "only the organization's summary")
    .option('--yes', "don't ask")
    .option('--json', 'print what was done as JSON on stdout, and nothing else')
    .addHelpText(
      'after',
      '\nExample:\n  access-key-rotation unsubscribe --email team@example.com --account 111122223333',
    )
    .action(async (options: UnsubscribeOptions) => {
      const { unsubscribe } = await import('../commands/unsubscribe.ts');
      finish(await unsubscribe(options, terminal));
    });

/** `access-key-rotation doctor`: is everything there that a run needs? Changes nothing. */
export const doctorCommand: Register = (terminal, finish) =>
  withQuiet(new Command('doctor'))
    .description('examine the deployment and every account, and say what to fix and how; changes nothing')
    .option('--account <id...>', 'only these accounts')
    .option('--json', 'print the checks as JSON on stdout, and nothing else')
    .addHelpText('after', '\nExample:\n  access-key-rotation doctor --account 111122223333')
    .action(async (options: DoctorOptions & { readonly quiet?: true }) => {
      const { examineAndShow } = await import('../commands/doctor.ts');
      finish(await examineAndShow(options, asQuiet(terminal, options)));
    });
