import { Command } from 'commander';
import { restoreOnDemand } from '../../domain/rotation/on-demand.ts';
import { doByHand, type ByHandOptions } from './on-demand.ts';
import { checkedReason, runForOne, withAccount } from './one-account.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';

interface RestoreOptions extends ByHandOptions {
  readonly key: string;
  readonly reason: string;
}

/** `access-key-rotation restore`: undo a deactivation. */
export const restoreCommand = (terminal: Terminal, finish: (code: ExitCode) => void): Command =>
  withAccount(new Command('restore'))
    .description('switch a key on again that was deactivated; its graces start anew')
    .requiredOption('--key <id>', 'the access key')
    .requiredOption('--reason <text>', 'why, for the history and the digest')
    .option('--yes', "don't ask")
    .addHelpText(
      'after',
      '\nExample:\n  access-key-rotation restore --account 111122223333 --key AKIAIOSFODNN7EXAMPLE --reason "the nightly job still needs it"',
    )
    .action(async ({ key, reason, ...options }: RestoreOptions) => {
      const why = checkedReason(reason);
      const run = await runForOne(options, terminal);
      finish(
        await doByHand(
          { accessKeyId: key },
          (found, policy) => restoreOnDemand(found, key, why, policy, run.now),
          run,
          options,
          terminal,
        ),
      );
    });
