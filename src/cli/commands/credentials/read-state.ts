import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  describe,
  isMissing,
  isShared,
  O_NOFOLLOW,
  O_NONBLOCK,
  problemOf,
  problemOfFolder,
} from './state-problems.ts';

/*
 * A file that holds a key, in a folder of its own: for the eyes of the user of this machine, and believed only
 * if nobody else could have written it. Nothing here throws: what goes wrong is said, and the workload goes on.
 */

/** What was read, if there was anything to be believed, and what a person should see to. */
export interface Read {
  readonly text?: string;
  readonly problem?: string;
}

/** Far more than a key needs. */
const MOST_BYTES = 64 * 1024;

/** @param most bytes; more is not read */
export function readState(file: string, most = MOST_BYTES): Read {
  try {
    const folder = problemOfFolder(path.dirname(file));
    if (folder !== undefined) return { problem: folder };
    // A pipe that was planted would be waited for.
    const descriptor = openSync(file, constants.O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const stats = fstatSync(descriptor);
      const problem = problemOf(file, stats, stats.isFile(), 'file');
      if (problem !== undefined) return { problem };
      if (stats.size > most) return { problem: `${file} is too large to be what it should be` };
      const text = readFileSync(descriptor, 'utf8');
      return isShared(stats)
        ? { text, problem: `${file} could be read by others of this machine` }
        : { text };
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    return isMissing(error) ? {} : { problem: describe(file, error) };
  }
}
