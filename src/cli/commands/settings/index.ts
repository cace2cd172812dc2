import { Command } from 'commander';
import { exportCommand, importCommand } from './import-export.ts';
import { listCommand } from './list.ts';
import { setCommand, unsetCommand } from './set.ts';
import { showCommand } from './show.ts';
import type { ExitCode, Terminal } from '../../input/terminal.ts';

const COMMANDS = [showCommand, listCommand, setCommand, unsetCommand, importCommand, exportCommand];

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
