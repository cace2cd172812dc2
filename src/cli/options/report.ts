import { Command, Option } from 'commander';
import type { ReportOptions } from '../commands/report.ts';
import type { Register } from './command.ts';

/** `access-key-rotation report`: a run, for people who were not there. */
export const reportCommand: Register = (terminal, finish) =>
  new Command('report')
    .description(
      'write a page about the last run: what is over the limit, what needs a person, what comes and what was done; one HTML file that needs no network',
    )
    .requiredOption('--html <file>', 'the file to write; what it holds is replaced')
    .option('--run <id>', 'about this run; by default about the last one over the whole organization')
    .addOption(
      new Option('--live', 'about now: enters every account, as plan does, and changes nothing').conflicts(
        'run',
      ),
    )
    .addHelpText('after', '\nExample:\n  access-key-rotation report --html access-keys.html')
    .action(async (options: ReportOptions) => {
      const { writeReport } = await import('../commands/report.ts');
      finish(await writeReport(options, terminal));
    });
