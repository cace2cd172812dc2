import { Command, Option } from 'commander';
import type { ExportOptions } from '../commands/settings/import-export.ts';
import type { SetOptions } from '../commands/settings/set.ts';
import type { ShowOptions } from '../commands/settings/show.ts';
import type { TargetOptions } from '../commands/settings/target.ts';
import type { WriteOptions } from '../commands/settings/write.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';
import type { Register } from './command.ts';

const withTarget = (command: Command): Command =>
  command
    .option('--organization', 'for the whole organization')
    .option('--ou <id>', 'for an organizational unit (or the root) and all below it')
    .option('--account <id>', 'for an account')
    .option('--user <name>', 'for this IAM user of the account');

/** `access-key-rotation settings show`: the values for an account or a user, and where each is set. */
const showCommand: Register = (terminal, finish) =>
  new Command('show')
    .description('show what holds for an account or a user, and where each value is set; changes nothing')
    .requiredOption('--account <id>', 'the account')
    .option('--user <name>', 'an IAM user of it')
    .option('--json', 'print JSON on stdout, and nothing else')
    .addHelpText(
      'after',
      '\nExample:\n  access-key-rotation settings show --account 111122223333 --user svc-ledger',
    )
    .action(async (options: ShowOptions) => {
      const { showSettings } = await import('../commands/settings/show.ts');
      finish(await showSettings(options, terminal));
    });

/** `access-key-rotation settings list`: all rows of the table, invalid ones too. */
const listCommand: Register = (terminal, finish) =>
  new Command('list')
    .description('show everything that is set in the table, and what is wrong with it; changes nothing')
    .option('--json', 'print JSON on stdout, and nothing else')
    .addHelpText('after', '\nExample:\n  access-key-rotation settings list')
    .action(async (options: { readonly json?: true }) => {
      const { listRows } = await import('../commands/settings/list.ts');
      finish(await listRows(options, terminal));
    });

/** `access-key-rotation settings set`: one setting, for one target. */
const setCommand: Register = (terminal, finish) =>
  withTarget(new Command('set'))
    .description('set one setting for the organization, a unit, an account or a user')
    .argument('<name>', 'the setting, like rotateAfter')
    .argument('[values...]', 'its value; for lists, all of them')
    .option('--final', 'what is narrower may not set it to anything else')
    .option('--owner <text>', 'of an exemption: who answers for it')
    .option('--reason <text>', 'of an exemption: why')
    .option('--until <date>', 'of an exemption: when it ends, at most a year from now')
    .option('--yes', "don't ask")
    .option('--json', 'print what was changed as JSON on stdout, and nothing else')
    .addHelpText(
      'after',
      `
Examples:
  access-key-rotation settings set rotateAfter 45 --account 111122223333
  access-key-rotation settings set includeUsers name:svc-ledger --account 111122223333
  access-key-rotation settings set exemption --account 111122223333 --user svc-ledger --owner "Team Ledger" --reason "moves to roles in May" --until 2027-05-31`,
    )
    .action(async (name: string, words: readonly string[], options: SetOptions) => {
      const { setOne } = await import('../commands/settings/set.ts');
      finish(await setOne(name, words, options, terminal));
    });

/** `access-key-rotation settings unset`: the value of the next wider level applies again. */
const unsetCommand: Register = (terminal, finish) =>
  withTarget(new Command('unset'))
    .description('take one setting away again, so that what is wider holds')
    .argument('<name>', 'the setting, like rotateAfter')
    .option('--yes', "don't ask")
    .option('--json', 'print what was changed as JSON on stdout, and nothing else')
    .addHelpText(
      'after',
      '\nExample:\n  access-key-rotation settings unset rotateAfter --account 111122223333',
    )
    .action(async (name: string, options: TargetOptions & WriteOptions) => {
      const { unsetOne } = await import('../commands/settings/set.ts');
      finish(await unsetOne(name, options, terminal));
    });

/** `access-key-rotation settings import`: makes the table hold exactly what the file says. */
const importCommand: Register = (terminal, finish) =>
  new Command('import')
    .description('make the table say what a file says (YAML or JSON): what is not in the file goes')
    .argument('<file>', 'as settings export writes it')
    .option('--yes', "don't ask")
    .option('--json', 'print what was changed as JSON on stdout, and nothing else')
    .addHelpText('after', '\nExample:\n  access-key-rotation settings import settings.yaml')
    .action(async (file: string, options: WriteOptions) => {
      const { importFile } = await import('../commands/settings/import-export.ts');
      finish(await importFile(file, options, terminal));
    });

/** `access-key-rotation settings reset`: takes away everything that is set in the table. */
const resetCommand: Register = (terminal, finish) =>
  new Command('reset')
    .description('remove everything that is set in the table: what the deployment says holds then')
    .option('--yes', "don't ask")
    .option('--json', 'print what was changed as JSON on stdout, and nothing else')
    .addHelpText('after', '\nExample:\n  access-key-rotation settings reset')
    .action(async (options: WriteOptions) => {
      const { resetAll } = await import('../commands/settings/reset.ts');
      finish(await resetAll(options, terminal));
    });

/** `access-key-rotation settings export`: writes the file that `settings import` reads. */
const exportCommand: Register = (terminal, finish) =>
  new Command('export')
    .description('write what the table says, for people to edit and for import to read')
    .argument('[file]', 'stdout when there is none')
    .addOption(new Option('--format <format>', "by the file's name, or else yaml").choices(['yaml', 'json']))
    .option('--json', 'the same as --format json')
    .addHelpText('after', '\nExample:\n  access-key-rotation settings export settings.yaml')
    .action(async (file: string | undefined, options: ExportOptions) => {
      const { exportFile } = await import('../commands/settings/import-export.ts');
      finish(await exportFile(file, options, terminal));
    });

const COMMANDS = [
  showCommand,
  listCommand,
  setCommand,
  unsetCommand,
  importCommand,
  resetCommand,
  exportCommand,
];

/** `access-key-rotation settings`: what is set for whom, beside the deployment's own settings. */
export function settingsCommand(
  terminal: Terminal,
  finish: (code: ExitCode) => void,
  program: Command,
): Command {
  const settings = new Command('settings')
    .description('look at and change what is set for the organization, its units, accounts and users')
    .copyInheritedSettings(program);
  for (const command of COMMANDS) {
    settings.addCommand(command(terminal, finish).copyInheritedSettings(settings));
  }
  return settings.addHelpText(
    'after',
    '\nExample:\n  access-key-rotation settings show --account 111122223333 --user svc-ledger',
  );
}
