import { Command } from 'commander';
import type { ApplyOptions } from '../commands/apply.ts';
import type { ScopeOptions } from '../commands/run-and-show.ts';
import type { Register } from './command.ts';

/** The options that every command over the organization takes. */
const withScope = (command: Command, example: string): Command =>
  command
    .option('--account <id...>', 'only these accounts')
    .option('--user <name...>', 'only these IAM users')
    .option('--json', 'print the run report as JSON on stdout, and nothing else')
    .addHelpText('after', `\nExample:\n  access-key-rotation ${example}`);

/** `access-key-rotation plan`: what a run would do. Changes and publishes nothing. */
export const planCommand: Register = (terminal, finish) =>
  withScope(
    new Command('plan').description(
      'show what a run would do now, and what falls due; changes nothing (audit)',
    ),
    'plan --account 111122223333',
  ).action(async (options: ScopeOptions) => {
    const { plan } = await import('../commands/plan.ts');
    finish(await plan(options, terminal));
  });

const THESE = 'replace-only, no-delete or enforce';

/** `access-key-rotation apply`: what the scheduled run does, now and from here. */
export const applyCommand: Register = (terminal, finish) =>
  withScope(
    new Command('apply')
      .description(
        'rotate now: show what would be done, ask, carry out what the mode allows, and publish the digests',
      )
      .option(
        '--mode <mode>',
        `the most that is changed (${THESE}), where the settings (ROTATION_MODE and the table) allow as much`,
      )
      .option('--yes', "don't ask"),
    'apply --mode replace-only --account 111122223333 --user alice',
  ).action(async (options: ApplyOptions) => {
    const { apply } = await import('../commands/apply.ts');
    finish(await apply(options, terminal));
  });
