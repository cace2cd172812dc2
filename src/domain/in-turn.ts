import { fraction } from './jitter.ts';

/**
 * Whether something is in turn in a run, where each is in turn once in so many runs.
 * @param name always the same for the same thing
 * @param run grows by one from run to run
 */
export const isInTurn = (name: string, run: number, runs: number): boolean =>
  Math.floor(fraction(name) * runs) === ((run % runs) + runs) % runs;
