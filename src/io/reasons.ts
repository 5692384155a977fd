/** Why a readable file is refused: it is not text. */
export const notUtf8 = 'not UTF-8 text';

/** Why a file could not be read or written, in words where there are better ones than the code of the system. */
export function reasonOf(error: unknown): string {
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
  EILSEQ: 'it is a link whose target is not UTF-8',
  ENODATA: 'this clone does not have it: it is a partial one',
  ENOTSUP: 'a filter of Git makes what a checkout has of it',
};

/** As Node throws it. */
export function trouble(code: string, path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${path}`), { code });
}
