import { definedOnly } from '../../domain/defined-only.ts';

/** What the codes of the file system mean, and what to do about them. */
const MEANING: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EACCES: 'you may not read or write it',
  EPERM: 'you may not read or write it',
  EROFS: 'its file system is read-only',
  EISDIR: 'it is a folder, and a file is needed',
  ENOTDIR: 'a part of its path is a file, and no folder',
  ENOSPC: 'its file system is full',
  EDQUOT: 'there is no space left for you on its file system',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'its links lead in a circle',
  EMFILE: 'too many files are open',
};

/** Why a file can't be read or written, in words; undefined for anything else that went wrong. */
export function fileProblem(error: unknown): { readonly path?: string; readonly why: string } | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return undefined;
  const meaning = MEANING[code];
  return meaning === undefined ? undefined : { ...definedOnly({ path }), why: `${code}: ${meaning}` };
}
