import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { HeldKey } from '../../compose/consumer.ts';

/*
 * The current key of a workload, in a file beside the AWS config files. As they are, it is readable only
 * for the user of the machine that owns it.
 */

const CachedKey = z.object({ accessKeyId: z.string(), secretAccessKey: z.string() });

/** A profile's name may hold anything, so it is encoded; its dashes too, so that `--` separates safely. */
const fileOf = (home: string, userName: string, profile: string): string => {
  const safe = encodeURIComponent(profile).replaceAll('-', '%2D');
  return path.join(home, '.aws', 'access-key-rotation', `${safe}--${userName}.json`);
};

/** @returns undefined when the file is missing or damaged; then the key of the profile is used */
export async function readCachedKey(
  home: string,
  userName: string,
  profile: string,
): Promise<HeldKey | undefined> {
  try {
    const text = await readFile(fileOf(home, userName, profile), 'utf8');
    return CachedKey.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Replaces the file by a rename, so that a process that reads it meanwhile never gets half of it. */
export async function writeCachedKey(
  home: string,
  userName: string,
  profile: string,
  key: HeldKey,
): Promise<void> {
  const file = fileOf(home, userName, profile);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const beside = `${file}.${process.pid}`;
  await writeFile(beside, JSON.stringify(key), { mode: 0o600 });
  await rename(beside, file);
}
