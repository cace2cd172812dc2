import type { Around, CallName } from './intercept.ts';

/** Where in a run something happens: at the nth call, before or after it had its effect. */
export interface Moment {
  readonly call: number;
  readonly side: 'before' | 'after';
}

export interface Mortal {
  readonly around: Around;
  /** The call it died at; undefined while it lives. */
  readonly diedAt: CallName | undefined;
  /** Ends it now. Throws, so that whoever asked for it doesn't go on either. */
  die(at: CallName): never;
}

/**
 * A process that is killed at a moment: from then on none of its calls has an effect. Whatever the code
 * does about the error doesn't matter: there was nobody left to do it.
 */
export function mortal(moment?: Moment): Mortal {
  let calls = 0;
  let diedAt: CallName | undefined;
  const die = (at: CallName): never => {
    diedAt ??= at;
    throw new Error(`the process died at ${diedAt}`);
  };
  return {
    die,
    get diedAt() {
      return diedAt;
    },
    around: async ({ name }, proceed) => {
      if (diedAt !== undefined) return die(diedAt);
      calls++;
      if (calls !== moment?.call) return await proceed();
      if (moment.side === 'after') await proceed();
      return die(name);
    },
  };
}

/** Something that happens once, at a moment; the call goes on when it is over. */
export function onceAt(moment: Moment, happens: (name: CallName) => Promise<void>): Around {
  let calls = 0;
  return async ({ name }, proceed) => {
    calls++;
    if (calls !== moment.call) return await proceed();
    if (moment.side === 'before') await happens(name);
    const answer = await proceed();
    if (moment.side === 'after') await happens(name);
    return answer;
  };
}
