import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '../../domain/errors.ts';
import { fileProblem } from './files.ts';

const IS_FOLDER = 'EISDIR: it is a folder, and a file is needed';

/**
 * Before anything is asked. Makes nothing: what is there is looked at, or else the folder that it would be in.
 * @throws InputError when it can't be written
 */
export async function refuseUnwritable(file: string): Promise<void> {
  try {
    const there = await stat(file).catch(() => undefined);
    if (there?.isDirectory() === true) throw new InputError([`${file}: can't be written (${IS_FOLDER})`]);
    // With a slash at its end a path is a folder's, or there is none.
    await access(there === undefined ? `${path.dirname(path.resolve(file))}/` : file, constants.W_OK);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError([`${file}: can't be written (${fileProblem(error)?.why ?? String(error)})`]);
  }
}
