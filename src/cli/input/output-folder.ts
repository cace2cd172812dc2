import { mkdtemp, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { InputError } from '../../domain/errors.ts';
import { fileProblem } from './files.ts';
import { refuseUnwritable } from './output-file.ts';

/**
 * Before anything is asked: the folder must not be there yet, or be empty. Makes nothing.
 * @throws InputError when it holds something, is a file, or can't be made
 */
export async function refuseFullFolder(folder: string): Promise<void> {
  const there = await entriesOf(folder);
  if (there !== undefined && there.length > 0) {
    throw new InputError([
      `${folder}: must be a folder that is empty or not there yet; it holds ${there.length === 1 ? 'something' : `${there.length} things`} already`,
    ]);
  }
  // It is put in its place from beside it, so that is where one must be able to write.
  await refuseUnwritable(path.join(path.dirname(path.resolve(folder)), `.${path.basename(folder)}`));
}

async function entriesOf(folder: string): Promise<readonly string[] | undefined> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw refused(folder, error);
  }
}

/** They name people and keys, so nobody but their owner reads them until he says otherwise. */
const OWNER_ONLY = 0o600;

/**
 * All files or none: they are written beside the folder, which then takes its place.
 * @throws InputError when it can't be written
 */
export async function writeFolder(
  folder: string,
  files: readonly { readonly name: string; readonly text: string }[],
): Promise<void> {
  const place = path.resolve(folder);
  let beside: string | undefined;
  try {
    // Made with mode 0700.
    beside = await mkdtemp(`${place}.unfinished-`);
    for (const { name, text } of files) {
      await writeFile(path.join(beside, name), text, { mode: OWNER_ONLY, flush: true });
    }
    // An empty one makes way; one that has been filled meanwhile does not.
    await rmdir(place).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    });
    await rename(beside, place);
  } catch (error) {
    if (beside !== undefined) await rm(beside, { recursive: true, force: true });
    throw refused(folder, error);
  }
}

const refused = (folder: string, error: unknown): InputError =>
  new InputError([`${folder}: can't be written (${fileProblem(error)?.why ?? String(error)})`]);
