import ora from 'ora';
import { clean } from '../../report/common/sanitize.ts';
import type { Progress } from '../../run/context/run-context.ts';
import type { Terminal } from '../input/terminal.ts';

/** A line on stderr while a run works; nothing where stderr is not a terminal. */
export function showProgress({ stderr }: Terminal, doing: string): Progress & { readonly end: () => void } {
  const spinner = ora({ stream: stderr, isEnabled: stderr.isTTY === true, isSilent: stderr.isTTY !== true });
  let done = 0;
  let all = 0;
  spinner.start('Listing the accounts of the organization');
  return {
    accountsFound: (count) => {
      all = count;
      spinner.text = `${doing}: ${all} accounts`;
    },
    accountDone: ({ account }) => {
      done += 1;
      spinner.text = `${doing}: ${done} of ${all} accounts done (${clean(account.name)})`;
    },
    end: () => void spinner.stop(),
  };
}
