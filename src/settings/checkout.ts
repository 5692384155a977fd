import type { Request } from '../argv/program.ts';
import type { Io } from '../io/io.ts';
import type { Trust } from './trust.ts';

type Disk = Pick<Io, 'env' | 'realPath' | 'linkAt'>;

/** No checkout is deeper than this below the root of the disk. */
const deepest = 40;

/**
 * The real path of the Git checkout that a directory is in; where it is in none, of that directory. It is not looked
 * for above the directory that the pipeline checked out into: a runner's home may be a checkout too.
 */
export function checkoutOf(directory: string, { env, realPath }: Omit<Disk, 'linkAt'>): string | undefined {
  const ceiling = realPath(env.GITHUB_WORKSPACE || env.CI_PROJECT_DIR || '\0');
  for (let up = directory, depth = 0; depth < deepest; up = `${up}/..`, depth += 1) {
    const top = realPath(up);
    if (top === undefined) break;
    if (realPath(`${up}/.git`) !== undefined) return top;
    if (top === ceiling || /^(?:\/|[A-Za-z]:\\)$/.test(top)) break;
  }
  return realPath(directory);
}

/** Relative to the checkout with links resolved, so that every spelling of a path is one; outside, as it was written. */
export function placeOf(path: string, disk: Omit<Disk, 'linkAt'>): string {
  const top = checkoutOf('.', disk);
  const real = disk.realPath(path);
  if (top === undefined || real === undefined || !isBelow(real, top)) return path;
  return real.slice(top.length).replace(/\\/g, '/').replace(/^\//, '') || '.';
}

/**
 * The world with reading confined to the checkout and, where they are trusted, to paths that people typed. Git's own files
 * are not part of it: they may hold the token that checked it out. Writing to a path in the checkout stays in it where
 * a stranger may have put a link there.
 */
export function confined(world: Io, trust: Trust, request: Request): Io {
  const { realPath } = world;
  let known: readonly string[] | undefined;
  const roots = (): readonly string[] => {
    known ??= rootsOf(trust, request, world);
    return known;
  };
  const isAllowed = (path: string): boolean => {
    // What a person typed may not be there yet.
    if (trust.leavesCheckout && typedBy(request).includes(path)) return true;
    const real = nearestReal(path, world);
    return (
      real !== undefined && roots().some((root) => isBelow(real, root) && !isGits(real.slice(root.length)))
    );
  };
  const why = 'it is outside the checkout';
  /** Written as a path in the checkout, and no path in it. */
  const leadsOut = (path: string): boolean => {
    const [top = ''] = roots();
    const named = absolute(path, realPath('.') ?? '');
    return !trust.leavesCheckout && isBelow(named, top) && !isAllowed(path);
  };
  return {
    ...world,
    readFile: (path) => (isAllowed(path) ? world.readFile(path) : { kind: 'unreadable', why }),
    readTree: (directory, ...rest) =>
      isAllowed(directory)
        ? world.readTree(directory, ...rest)
        : { kind: 'read', files: [], unreadable: [{ path: directory, why }], unread: [], hidden: [] },
    writeFile: (path, ...rest) => (leadsOut(path) ? { kind: 'failed', why } : world.writeFile(path, ...rest)),
    removeFile: (path, ...rest) =>
      leadsOut(path) ? { kind: 'failed', why } : world.removeFile(path, ...rest),
    openAppend: (path) => (leadsOut(path) ? { kind: 'failed', why } : world.openAppend(path)),
  };
}

/** The checkout first. */
function rootsOf(trust: Trust, request: Request, disk: Disk): readonly string[] {
  const top = checkoutOf('.', disk);
  const { config } = request.options;
  const named = typedBy(request).map((path) => disk.realPath(path));
  // Paths in a configuration are relative to it, so it brings its own checkout along.
  if (config !== undefined) named.push(checkoutOf(directoryOf(config), disk));
  return [top, ...(trust.leavesCheckout ? named : [])].filter((path) => path !== undefined);
}

/** The paths that were typed to be read. */
function typedBy({ argument, options: { config, record, from, data } }: Request): readonly string[] {
  return [argument, config, record, from, data].filter((path) => path !== undefined);
}

function directoryOf(path: string): string {
  return /^(.*)[/\\][^/\\]*$/.exec(path)?.[1] || (/^[/\\]/.test(path) ? '/' : '.');
}

/** Of what is not there, its nearest folder that is, where links have led to that do not lead on. */
function nearestReal(path: string, { realPath, linkAt }: Disk): string | undefined {
  for (let at = path, depth = 0; depth < deepest; depth += 1) {
    const real = realPath(at);
    if (real !== undefined) return real;
    if (/(?:^|[/\\])\.\.$/.test(at)) return undefined;
    const above = directoryOf(at);
    const target = linkAt(at);
    const next = target === undefined ? above : isAbsolute(target) ? target : `${above}/${target}`;
    if (next === at) return undefined;
    at = next;
  }
  return undefined;
}

function isGits(path: string): boolean {
  return /(?:^|[/\\])\.git(?:[/\\]|$)/.test(path);
}

function isBelow(path: string, root: string): boolean {
  const rest = path.slice(root.length);
  return path.startsWith(root) && (rest === '' || /[/\\]$/.test(root) || /^[/\\]/.test(rest));
}

function isAbsolute(path: string): boolean {
  return /^(?:[/\\]|[A-Za-z]:)/.test(path);
}

/** Without following links. */
function absolute(path: string, cwd: string): string {
  const parts: string[] = [];
  for (const part of (isAbsolute(path) ? path : `${cwd}/${path}`).split(/[/\\]/)) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return `/${parts.join('/')}`;
}
