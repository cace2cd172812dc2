import { constants, lstatSync, type Stats } from 'node:fs';

const PRIVATE = 0o077;
const WRITABLE_BY_OTHERS = 0o022;

/** Links are not followed: somebody else may have planted one. (Windows has no such flag, nor such owners.) */
export const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants as Partial<typeof constants>;

/** What is wrong with the folder, if it is there. */
export function problemOfFolder(folder: string): string | undefined {
  const stats = lstatSync(folder, { throwIfNoEntry: false });
  return stats && problemOf(folder, stats, stats.isDirectory(), 'directory');
}

/** Why something may not be ours alone. */
export function problemOf(
  name: string,
  stats: Stats,
  isWhatItShouldBe: boolean,
  kind: string,
): string | undefined {
  if (!isWhatItShouldBe) return `${name} is no ${kind}`;
  const uid = process.getuid?.();
  if (uid === undefined) return undefined;
  if (stats.uid !== uid) return `${name} belongs to another user of this machine`;
  if ((stats.mode & WRITABLE_BY_OTHERS) !== 0) return `${name} can be written by others of this machine`;
  return undefined;
}

export const isShared = ({ mode }: Stats): boolean => process.getuid !== undefined && (mode & PRIVATE) !== 0;

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? '';
export const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT';

const MEANINGS: Readonly<Record<string, string>> = {
  ELOOP: 'is a link',
  EISDIR: 'is a directory',
  ENOTEMPTY: 'is a directory',
  ENOTDIR: 'is below something that is no directory',
  EEXIST: 'is below something that is no directory',
  ENXIO: 'is no file',
  EROFS: 'is on a read-only file system',
  ENOSPC: 'has no space left on its disk',
  EDQUOT: 'has no space left in its quota',
  EACCES: 'may not be read or written here',
  EPERM: 'may not be read or written here',
};

/** An error of the file system as a sentence. */
export const describe = (file: string, error: unknown): string => {
  const code = codeOf(error);
  return `${file} ${MEANINGS[code] ?? `can't be used (${code === '' ? String(error) : code})`}`;
};
