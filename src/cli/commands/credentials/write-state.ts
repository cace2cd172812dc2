import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { describe, isShared, O_NOFOLLOW, problemOfFolder } from './state-problems.ts';

/**
 * Replaces the file by a rename, so that a process that reads it meanwhile never gets half of it.
 * @returns what went wrong
 */
export function writeState(file: string, text: string): string | undefined {
  const folder = path.dirname(file);
  const beside = `${file}.${process.pid}.${randomBytes(6).toString('hex')}`;
  let isOurs = false;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const problem = problemOfFolder(folder);
    if (problem !== undefined) return problem;
    if (isShared(lstatSync(folder))) chmodSync(folder, 0o700);
    const { O_WRONLY, O_CREAT, O_EXCL } = constants;
    const descriptor = openSync(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    isOurs = true;
    try {
      writeSync(descriptor, text);
    } finally {
      closeSync(descriptor);
    }
    renameSync(beside, file);
    return undefined;
  } catch (error) {
    if (isOurs) rmSync(beside, { force: true });
    return describe(file, error);
  }
}
