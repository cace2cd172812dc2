import { isKind } from '../../domain/errors.ts';
import { jitter } from '../../domain/jitter.ts';
import { SECOND, type Duration } from '../../domain/time.ts';

/* For the calls that are made without a client of the SDK, which would do this itself. */

const FIRST_WAIT = SECOND / 4;

export interface Tries {
  /** How often a call is made at most. */
  readonly tries: number;
  /** Between two of them. */
  readonly sleep: (duration: Duration) => Promise<void>;
}

/**
 * Makes a call again, later and later, where it was throttled or got lost.
 * @param name of what is called, so that calls of several don't come at the same moment
 * @param once throws OperationErrors
 */
export async function tryAgain<Answer>(
  name: string,
  once: () => Promise<Answer>,
  { tries, sleep }: Tries,
): Promise<Answer> {
  for (let tried = 1; ; tried++) {
    try {
      return await once();
    } catch (error) {
      if (!isKind(error, 'throttled', 'transient') || tried >= tries) throw error;
      await sleep(jitter(FIRST_WAIT * 2 ** (tried - 1), `${name} ${tried}`));
    }
  }
}
