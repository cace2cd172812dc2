import { setTimeout as sleep } from 'node:timers/promises';

/** How a shell shows that a process was ended by a signal: 128 and its number. */
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Whoever stops a command waits no longer than a second for it. */
const TIME_TO_GIVE_BACK = 800;

/** What is done when somebody stops the command, before its process ends. */
export type OnStop = (giveBack: () => Promise<unknown>) => void;

/**
 * Ends the process within a second of a signal, after it has given back what it holds. A second signal
 * ends it at once.
 */
export function endOnSignals(own: NodeJS.Process): OnStop {
  const givingBack: (() => Promise<unknown>)[] = [];
  let isEnding = false;
  const end = async (code: number) => {
    if (!isEnding && givingBack.length > 0) {
      isEnding = true;
      own.stderr.write('\nStopping: giving back what is held.\n');
      const all = Promise.allSettled(givingBack.map((giveBack) => giveBack()));
      await Promise.race([all, sleep(TIME_TO_GIVE_BACK)]);
    }
    own.exit(code);
  };
  for (const [signal, code] of Object.entries(EXIT_CODES)) own.on(signal, () => void end(code));
  return (giveBack) => void givingBack.push(giveBack);
}
