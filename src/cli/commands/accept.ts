import { Command, Option } from 'commander';
import type { Exceeded, LimitKind } from '../../domain/rotation/limits.ts';
import { clean } from '../../report/common/sanitize.ts';
import { accountInWords } from '../../report/common/wording.ts';
import { acceptLimit, whatIsStopped } from '../../run/on-demand/accept-limit.ts';
import { agreed } from '../input/confirm.ts';
import type { ExitCode, Terminal } from '../input/terminal.ts';
import { checkedReason, runForOne, withAccount, type OneAccountOptions } from './one-account.ts';

interface AcceptOptions extends OneAccountOptions {
  readonly limit: LimitKind;
  readonly reason: string;
  readonly yes?: true;
}

/** `access-key-rotation accept`: lets one run pass a limit. */
export const acceptCommand = (terminal: Terminal, finish: (code: ExitCode) => void): Command =>
  withAccount(new Command('accept'))
    .description(
      'let the next run pass a limit that stopped it, once, in one account, for the keys it would be now',
    )
    .addOption(
      new Option('--limit <limit>', 'which limit')
        .choices(['deactivations', 'deletions'])
        .makeOptionMandatory(),
    )
    .requiredOption('--reason <text>', 'why that many are right, for the history')
    .option('--yes', "don't ask")
    .addHelpText(
      'after',
      '\nExample:\n  access-key-rotation accept --account 111122223333 --limit deactivations --reason "the whole team moved to roles"',
    )
    .action(async (options: AcceptOptions) => {
      finish(await accept(options, terminal));
    });

async function accept({ limit, yes, ...options }: AcceptOptions, terminal: Terminal): Promise<ExitCode> {
  const reason = checkedReason(options.reason);
  const run = await runForOne(options, terminal);
  const { account, mode, exceeded } = await whatIsStopped(options.account, limit, run);
  const show = (text: string, accepted: boolean) => {
    const count = exceeded?.decisions.size ?? 0;
    const json = { schemaVersion: 1, accountId: account.id, limit, accepted, count };
    terminal.stdout.write(options.json ? `${JSON.stringify(json, null, 2)}\n` : `${text}\n`);
  };
  if (exceeded === undefined) {
    show(
      `Nothing to accept: the limit on ${limit} stops nothing in ${accountInWords(account)} now (mode ${mode}).`,
      false,
    );
    return 0;
  }
  if (!(await agreed(terminal, whatItMeans(exceeded, accountInWords(account)), yes === true))) return 1;
  await acceptLimit(account.id, exceeded, reason, run);
  show(
    `Accepted: the next run may do up to ${exceeded.decisions.size} ${limit}, once, within 15 days.`,
    true,
  );
  return 0;
}

function whatItMeans({ kind, limit, decisions }: Exceeded, account: string): string {
  const keys = [...decisions].map(
    ({ userName, key, message }) => `  - ${clean(userName)}: ${key.id}. ${clean(message)}\n`,
  );
  return `In ${account} the next run may do these ${decisions.size} ${kind} (the limit is ${limit}):\n${keys.join('')}`;
}
