import { Command } from 'commander';
import { replaceOnDemand } from '../../domain/rotation/on-demand.ts';
import { doByHand, type ByHandOptions } from './on-demand.ts';
import { checkedReason, runForOne, withAccount } from './one-account.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';

interface ReplaceOptions extends ByHandOptions {
  readonly user: string;
  readonly key?: string;
  readonly reason: string;
  readonly leaveActive?: true;
}

/** `access-key-rotation replace`: one user's key, now. */
export const replaceCommand = (terminal: Terminal, finish: (code: ExitCode) => void): Command =>
  withAccount(new Command('replace'))
    .description(
      'emergency: replace the key of one user now, and switch the old one off once the new one is delivered and tested; whatever the mode, the limits and exemptions say',
    )
    .requiredOption('--user <name>', 'the IAM user')
    .option('--key <id>', 'which of its keys; needed where two are active')
    .requiredOption('--reason <text>', 'why, for the history and the digest')
    .option('--leave-active', 'a planned replacement: the old key stays on and goes its ordinary way')
    .option('--yes', "don't ask")
    .addHelpText(
      'after',
      '\nExample:\n  access-key-rotation replace --account 111122223333 --user svc-ledger --reason "key found in a public repository"',
    )
    .action(async ({ user, key, reason, leaveActive, ...options }: ReplaceOptions) => {
      const why = checkedReason(reason);
      const run = await runForOne({ ...options, user }, terminal);
      const asked = {
        ...(key === undefined ? {} : { accessKeyId: key }),
        reason: why,
        leaveActive: leaveActive === true,
      };
      finish(
        await doByHand(
          { userName: user },
          (found, policy) => replaceOnDemand(found, asked, policy, run.now),
          run,
          options,
          terminal,
        ),
      );
    });
