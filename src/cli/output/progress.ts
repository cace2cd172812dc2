import ora from 'ora';
import { clean } from '../../report/common/sanitize.ts';
import { counted } from '../../report/common/wording.ts';
import type { Progress } from '../../run/context/run-context.ts';
import type { Terminal } from '../input/terminal.ts';

/** A line on stderr while somebody else works; nothing where stderr is not a terminal. Returns how to end it. */
export function showWaiting({ stderr }: Terminal, doing: string): () => void {
  const spinner = spinnerOn(stderr).start(doing);
  return () => void spinner.stop();
}

const spinnerOn = (stderr: Terminal['stderr']) =>
  ora({ stream: stderr, isEnabled: stderr.isTTY === true, isSilent: stderr.isTTY !== true });

/** A line on stderr while a run works; nothing where stderr is not a terminal. */
export function showProgress({ stderr }: Terminal, doing: string): Progress & { readonly end: () => void } {
  const spinner = spinnerOn(stderr);
  let done = 0;
  let all = 0;
  // Drawn at once, not with the next frame: an account that is done just before the end is seen too.
  const show = (text: string) => {
    spinner.text = text;
    spinner.render();
  };
  spinner.start('Listing the accounts of the organization');
  return {
    accountsFound: (count) => {
      all = count;
      show(`${doing}: ${counted(all, 'account')}`);
    },
    accountDone: ({ account }) => {
      done += 1;
      show(`${doing}: ${done} of ${counted(all, 'account')} done (${clean(account.name)})`);
    },
    end: () => void spinner.stop(),
  };
}
