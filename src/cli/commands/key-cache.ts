import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import type { HeldKey } from '../../compose/consumer.ts';

/*
 * The key a workload holds, beside the AWS config files and like them for the eyes of one account of
 * the machine only.
 */

const Remembered = z.object({ accessKeyId: z.string(), secretAccessKey: z.string() });

/** A profile's name may hold anything; without its dashes, the first two end it. */
const fileOf = (home: string, userName: string, profile: string): string => {
  const safe = encodeURIComponent(profile).replaceAll('-', '%2D');
  return path.join(home, '.aws', 'access-key-rotation', `${safe}--${userName}.json`);
};

/** Absent or damaged is the same: the key of the profile is taken instead. */
export async function rememberedKey(
  home: string,
  userName: string,
  profile: string,
): Promise<HeldKey | undefined> {
  try {
    const text = await readFile(fileOf(home, userName, profile), 'utf8');
    return Remembered.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Written beside and moved into place, so that a program that asks meanwhile reads a whole file. */
export async function rememberKey(
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
