/** A path as a file writes it, seen from where that file's own path is seen from. */
export function relativeTo(file: string, path: string): string {
  const slash = Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\'));
  return isAbsolute(path) ? path : tidy(`${file.slice(0, slash + 1)}${path}`);
}

/** The part of a path that is below a directory. */
export function pathBelow(directory: string, path: string): string {
  const above = tidy(directory);
  return above === '.' ? tidy(path) : tidy(path).slice(above === '/' ? 1 : above.length + 1);
}

/** True for two spellings of one path; links are not followed. */
export function isSamePath(a: string, b: string): boolean {
  return tidy(a) === tidy(b);
}

function isAbsolute(path: string): boolean {
  return /^(?:[/\\]|[A-Za-z]:)/.test(path);
}

function tidy(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..' || (parts.length === 0 && !path.startsWith('/')) || parts.at(-1) === '..')
      parts.push(part);
    else parts.pop();
  }
  return path.startsWith('/') ? `/${parts.join('/')}` : parts.join('/') || '.';
}
