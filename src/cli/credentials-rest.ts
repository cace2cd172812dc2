import { printCredentials } from './commands/credentials.ts';
import type { ExitCode, Terminal } from './input/terminal.ts';
import { credentialsCommand } from './options/credentials.ts';

/* What `credentials` as a file of its own seldom needs: asking AWS, and explaining. */

export { printCredentials };

/** Help, or what is wrong with what was typed. */
export async function explainLine(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const command = credentialsCommand(terminal, (code) => {
    exitCode = code;
  });
  try {
    await command.exitOverride().parseAsync(args, { from: 'user' });
  } catch (error) {
    // Commander has said why already.
    exitCode = (error as { readonly exitCode?: number }).exitCode === 0 ? 0 : 2;
  }
  return exitCode;
}
