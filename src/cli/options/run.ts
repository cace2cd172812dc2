import { Command, Option } from 'commander';
import type { ApplyOptions } from '../commands/apply.ts';
import type { PlanOptions } from '../commands/plan.ts';
import { CHANGES } from '../../domain/rotation/limits.ts';
import { KINDS } from '../output/report/kind-names.ts';
import { asQuiet, withQuiet, type Register } from './command.ts';

/** The options that every command over the organization takes. */
const withScope = (command: Command): Command =>
  withQuiet(
    command
      .option('--account <id...>', 'only these accounts')
      .option('--ou <id...>', 'only accounts below these organizational units (or the root)')
      .option(
        '--user <name...>',
        'only these IAM users: NAME in every account, ACCOUNT/NAME in that one (111122223333/alice)',
      )
      .option('--json', 'print the run report as JSON on stdout, and nothing else'),
  );

/** What every command with `withQuiet` may be given. */
interface Quiet {
  readonly quiet?: true;
}

/** `access-key-rotation plan`: what a run would do. Changes and publishes nothing. */
export const planCommand: Register = (terminal, finish) =>
  withScope(
    new Command('plan').description(
      'show what a run would do now, and what falls due; changes nothing (audit)',
    ),
  )
    .option('--owner <name...>', 'show only the keys of these owners')
    .addOption(new Option('--only <what...>', 'show only this').choices(KINDS))
    .option('--detailed-exitcode', 'end with 3 when changes are pending in what is shown, and all is well')
    .option(
      '--with <name=value...>',
      'try settings: show what would be decided differently if they were set for the whole organization (as "settings set NAME VALUE --organization" does, so what is set for units, accounts and users still goes before them); nothing is set',
    )
    .addHelpText(
      'after',
      `
Ends with 0 when all is well, 1 when something failed or could not be reached, and 2 when the input is wrong;
with --detailed-exitcode 0 means that nothing is to be changed, and 3 that changes are pending.

Examples:
  access-key-rotation plan --ou ou-ab12-34cd56ef --only needs-person failed
  access-key-rotation plan --owner team-payments
  access-key-rotation plan --with rotateAfter=45 deactivateAfter=65`,
    )
    .action(async (options: PlanOptions & Quiet) => {
      const { plan } = await import('../commands/plan.ts');
      finish(await plan(options, asQuiet(terminal, options)));
    });

const THESE = 'replace-only, no-delete or enforce';

/** `access-key-rotation apply`: what the scheduled run does, now and from here. */
export const applyCommand: Register = (terminal, finish) =>
  withScope(
    new Command('apply').description(
      'rotate now: show what would be done, ask, carry out what the mode allows, and publish the digests',
    ),
  )
    .option(
      '--mode <mode>',
      `the most that is changed (${THESE}), where the settings (ROTATION_MODE and the table) allow as much`,
    )
    .option('--owner <name...>', 'only the users whose keys have these owners, as a plan finds them')
    .addOption(
      // What else there is to show is refused with its reason, by the command.
      new Option('--only <what...>', 'carry out only these kinds of change')
        .choices(CHANGES)
        .argParser((what: string, before: readonly string[] | undefined) => [...(before ?? []), what]),
    )
    .option('--yes', "don't ask")
    .addHelpText(
      'after',
      `
What is done is narrowed by all of these, and shown before you are asked. With --owner the users are found first, by a
plan, and then named one by one. What an interrupted run has left in these accounts is finished in any case.

Examples:
  access-key-rotation apply --mode replace-only --account 111122223333 --user alice
  access-key-rotation apply --owner team-payments --only replace`,
    )
    .action(async (options: ApplyOptions & Quiet) => {
      const { apply } = await import('../commands/apply.ts');
      finish(await apply(options, asQuiet(terminal, options)));
    });
