import ora from 'ora';
import { systemClock } from '../../compose/environment.ts';
import { SECOND } from '../../domain/time.ts';
import { clean } from '../../report/common/sanitize.ts';
import type { Progress } from '../../run/context/run-context.ts';
import type { Terminal } from '../input/terminal.ts';
import { describePace, paceMeter } from './pace.ts';

/** Where nobody watches a line change, in the log of a build: how often one says that the command is alive. */
const SIGN_OF_LIFE = 30 * SECOND;

/** A line on stderr while somebody else works. Returns how to end it. */
export function showWaiting(terminal: Terminal, doing: string): () => void {
  return lineOn(terminal, doing).end;
}

/** A line on stderr while a run works: how far it is, how fast it goes, and how long it may take yet. */
export function showProgress(terminal: Terminal, doing: string): Progress & { readonly end: () => void } {
  const meter = paceMeter((terminal.aws?.clock ?? systemClock).now);
  const { show, end } = lineOn(terminal, 'Listing the accounts of the organization');
  const text =
    (name = '') =>
    () =>
      `${doing}: ${describePace(meter.read())}${name}`;
  return {
    accountsFound: (count) => {
      meter.accountsFound(count);
      show(text(), true);
    },
    accountDone: ({ account }) => {
      meter.accountDone(account.id);
      show(text(` (${clean(account.name)})`), true);
    },
    usersFound: (accountId, count) => {
      meter.usersFound(accountId, count);
    },
    userDone: (accountId) => {
      meter.userDone(accountId);
      show(text(), false);
    },
    end,
  };
}

interface Line {
  /** @param atOnce not with the next frame: an account that is done just before the end is seen too */
  readonly show: (text: () => string, atOnce: boolean) => void;
  readonly end: () => void;
}

function lineOn({ stderr, isQuiet }: Terminal, first: string): Line {
  if (isQuiet === true) return { show: () => undefined, end: () => undefined };
  if (stderr.isTTY !== true) return signsOfLife(stderr, first);
  const spinner = ora({ stream: stderr, isEnabled: true }).start(first);
  return {
    show: (text, atOnce) => {
      spinner.text = text();
      if (atOnce) spinner.render();
    },
    end: () => void spinner.stop(),
  };
}

/** What is quick says nothing: the first line comes after half a minute. */
function signsOfLife(stderr: Terminal['stderr'], first: string): Line {
  let current = () => first;
  const timer = setInterval(() => void stderr.write(`${current()}\n`), SIGN_OF_LIFE);
  timer.unref();
  return {
    show: (text) => {
      current = text;
    },
    end: () => {
      clearInterval(timer);
    },
  };
}
