/** Why a file could not be read or written, in words where there are better ones than the code of the system. */
export function reasonOf(error: unknown): string {
  if (error instanceof TypeError) return 'not UTF-8 text';
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined ? String(error) : (words[code] ?? code);
}

const words: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'no space left in the quota',
  EROFS: 'the file system is read-only',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is not a directory',
  ELOOP: 'its links lead round in a circle',
  EPIPE: 'its reader is gone',
  EBADF: 'it is not open for writing',
};
