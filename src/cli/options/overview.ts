import { Command, Option } from 'commander';
import type { OverviewOptions } from '../commands/overview.ts';
import type { Register } from './command.ts';

/** `access-key-rotation overview`: the organization at one look. */
export const overviewCommand: Register = (terminal, finish) =>
  new Command('overview')
    .description(
      'show the organization at one look, as the last run has left it: ages, what is over the limit, what comes; enters no account',
    )
    .addOption(
      new Option('--json', 'print it as JSON on stdout, and nothing else').conflicts(['csv', 'markdown']),
    )
    .addOption(new Option('--csv', 'print all lists in full, for a spreadsheet').conflicts('markdown'))
    .option('--markdown', 'print it as Markdown')
    .addOption(
      new Option('--live', 'look anew, as plan does, instead of at what the last run has left').conflicts(
        'run',
      ),
    )
    .option('--run <id>', 'as this run has left it')
    .addHelpText('after', '\nExample:\n  access-key-rotation overview --csv > keys.csv')
    .action(async (options: OverviewOptions) => {
      const { showOverview } = await import('../commands/overview.ts');
      finish(await showOverview(options, terminal));
    });
