import { Command, Option } from 'commander';
import type { ReportOptions } from '../commands/report.ts';
import type { Register } from './command.ts';

/** `access-key-rotation report`: a run, for people who were not there, and for programs. */
export const reportCommand: Register = (terminal, finish) =>
  new Command('report')
    .description(
      'write down the last run: as a page for people, as evidence for an audit, as findings for a SIEM; enters no account',
    )
    .option(
      '--html <file>',
      'a page: what is over the limit, needs a person, comes, was done; one file that needs no network. What it holds is replaced',
    )
    .option(
      '--evidence <folder>',
      'what controls of CIS, PCI DSS and others ask for, key by key, with checksums',
    )
    .option('--ocsf <file>', 'what needs attention as OCSF Detection Findings, one JSON object a line')
    .option('--run <id>', 'about this run; by default about the last one over the whole organization')
    .option(
      '--since <date>',
      'with --evidence: what was done from this day on, like 2026-03-01; by default in the 90 days before the run',
    )
    .addOption(
      new Option(
        '--live',
        'with --html: about now; enters every account, as plan does, and changes nothing',
      ).conflicts(['run', 'evidence', 'ocsf']),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  access-key-rotation report --html access-keys.html\n  access-key-rotation report --evidence evidence-2026-q4 --since 2026-10-01',
    )
    .action(async (options: ReportOptions) => {
      const { writeReport } = await import('../commands/report.ts');
      finish(await writeReport(options, terminal));
    });
