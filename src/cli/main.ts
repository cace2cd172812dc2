import { Command, CommanderError } from 'commander';
import pc from 'picocolors';
import { useNetworkOf } from '../compose/network.ts';
import { InputError, OperationError } from '../domain/errors.ts';
import { VERSION } from '../domain/version.ts';
import { clean, whole } from '../report/common/sanitize.ts';
import type { ExitCode, Terminal } from './input/terminal.ts';
import {
  acceptCommand,
  historyCommand,
  replaceCommand,
  restoreCommand,
  statusCommand,
  usageCommand,
} from './options/account.ts';
import type { Register } from './options/command.ts';
import { COMPLETE, completeCommand, completionCommand } from './options/completion.ts';
import { credentialsCommand } from './options/credentials.ts';
import { doctorCommand, subscribeCommand, unsubscribeCommand } from './options/organization.ts';
import { reportCommand } from './options/report.ts';
import { overviewCommand } from './options/overview.ts';
import { applyCommand, planCommand } from './options/run.ts';
import { fileProblem } from './input/files.ts';
import { settingsCommand } from './options/settings.ts';
import { guarded } from './output/escape.ts';

/** In the order in which `--help` shows them: day by day first. */
export const COMMANDS: readonly Register[] = [
  overviewCommand,
  planCommand,
  applyCommand,
  statusCommand,
  usageCommand,
  historyCommand,
  reportCommand,
  replaceCommand,
  restoreCommand,
  acceptCommand,
  subscribeCommand,
  unsubscribeCommand,
  doctorCommand,
  credentialsCommand,
  completionCommand,
];

/** Of help, where the width of the terminal isn't known. */
const HELP_COLUMNS = 80;

/** Runs one command line. Never throws, never exits. */
export async function main(args: readonly string[], unguarded: Terminal): Promise<ExitCode> {
  const terminal = guarded(unguarded);
  let exitCode: ExitCode = 0;
  const program = new Command('access-key-rotation')
    .description('Rotates the IAM access keys of the accounts of an AWS Organization.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
      getOutHelpWidth: () => terminal.stdout.columns ?? HELP_COLUMNS,
      getErrHelpWidth: () => HELP_COLUMNS,
    })
    .showHelpAfterError(seeHelp('access-key-rotation'));
  program.hook('preAction', async (_, command) => {
    // It answers while somebody types, and neither calls AWS nor needs to know how.
    if (command.name() === COMPLETE) return;
    await terminal.configure?.();
    // What a proxy takes is loaded only for what calls AWS.
    await useNetworkOf(terminal.environment);
  });
  const finish = (code: ExitCode) => {
    exitCode = code;
  };
  for (const command of COMMANDS) {
    program.addCommand(command(terminal, finish).copyInheritedSettings(program));
  }
  program.addCommand(settingsCommand(terminal, finish, program));
  program.addCommand(completeCommand(terminal, finish, program), { hidden: true });
  nameOwnHelp(program, 'access-key-rotation');

  try {
    await program.parseAsync(args, { from: 'user' });
    return exitCode;
  } catch (error) {
    return explain(error, args, terminal);
  }
}

const seeHelp = (command: string): string => `(${command} --help shows what there is)`;

/** Who has mistyped an option of one command is shown the way to the help of that one. */
function nameOwnHelp(parent: Command, path: string): void {
  for (const command of parent.commands) {
    const own = `${path} ${command.name()}`;
    command.showHelpAfterError(seeHelp(own));
    nameOwnHelp(command, own);
  }
}

/** What is wrong with an account id that was typed begins with the id. */
function withOption(problem: string, args: readonly string[]): string {
  const id = /^\d{12}(?=: )/.exec(problem)?.[0];
  return id !== undefined && args.includes(id) ? `--account ${problem}` : problem;
}

function explain(error: unknown, args: readonly string[], { stderr }: Terminal): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // Commander has printed why already
  if (error instanceof InputError) {
    const problems = error.problems.map((problem) => `  - ${whole(withOption(problem, args))}`).join('\n');
    stderr.write(`${pc.red('Nothing was done, because of this input:')}\n${problems}\n`);
    return 2;
  }
  if (error instanceof OperationError) {
    const { during, message, nextStep } = error.failure;
    stderr.write(
      `${pc.red(`${whole(during)} failed:`)} ${clean(message)}\n  Next step: ${whole(nextStep)}\n`,
    );
    return 1;
  }
  const ofFile = fileProblem(error);
  if (ofFile?.path !== undefined) {
    stderr.write(
      `${pc.red('Nothing was done, because of this:')}\n  - ${whole(ofFile.path)}: can't be read or written (${ofFile.why})\n`,
    );
    return 2;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  stderr.write(`${pc.red('This is a defect of access-key-rotation, please report it:')}\n${text}\n`);
  return 1;
}
