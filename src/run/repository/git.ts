import type { Io } from '../../io/io.ts';
import { present } from '../../model/present.ts';

/** What a checkout says about itself in its files; nothing is run for it. */
export interface Checkout {
  /** Of the remote `origin`, else of the only one. */
  readonly remote?: Remote;
  /** The branch that pull requests are merged into, as far as a clone knows. */
  readonly mainBranch: string;
}

/** A remote's address without user, password and everything else that is not needed. */
export interface Remote {
  readonly host: string;
  /** `group/project`, of any depth, without `.git`. */
  readonly path: string;
}

export type FoundCheckout =
  | { readonly kind: 'found'; readonly checkout: Checkout }
  /** This directory is inside of a checkout and not at its top. */
  | { readonly kind: 'below' }
  | { readonly kind: 'none' };

/** No checkout is deeper than this below the root of the disk. */
const deepest = 40;

/** Looks at the working directory, also when it is a worktree or a submodule, whose `.git` is a file. */
export function findCheckout(io: Pick<Io, 'readFile'>): FoundCheckout {
  const directory = gitDirectory('.git', io);
  if (directory !== undefined) return { kind: 'found', checkout: readCheckout(directory, io) };
  for (let up = '..', depth = 0; depth < deepest; up = `../${up}`, depth += 1)
    if (gitDirectory(`${up}/.git`, io) !== undefined) return { kind: 'below' };
  return { kind: 'none' };
}

function gitDirectory(path: string, { readFile }: Pick<Io, 'readFile'>): string | undefined {
  if (readFile(`${path}/HEAD`).kind === 'read') return path;
  const link = readFile(path);
  const target = link.kind === 'read' ? /^gitdir: (.+?)\s*$/m.exec(link.text)?.[1] : undefined;
  if (target === undefined) return undefined;
  return target.startsWith('/') || /^[A-Za-z]:/.test(target)
    ? target
    : `${path.slice(0, -'.git'.length)}${target}`;
}

function readCheckout(directory: string, { readFile }: Pick<Io, 'readFile'>): Checkout {
  const text = (path: string): string => {
    const read = readFile(path);
    return read.kind === 'read' ? read.text : '';
  };
  // A worktree has a HEAD of its own and shares everything else.
  const shared = text(`${directory}/commondir`).trim();
  const common =
    shared === '' ? directory : /^(?:\/|[A-Za-z]:)/.test(shared) ? shared : `${directory}/${shared}`;
  const remote = remoteOf(text(`${common}/config`));
  const branchOf = (head: string, prefix: string): string | undefined =>
    head.startsWith(`ref: ${prefix}`) ? head.slice(`ref: ${prefix}`.length).trim() : undefined;
  const remoteHead = branchOf(text(`${common}/refs/remotes/origin/HEAD`), 'refs/remotes/origin/');
  const here = branchOf(text(`${directory}/HEAD`), 'refs/heads/');
  const usual = ['main', 'master', 'trunk'].find((name) => name === here);
  return {
    ...present({ remote }),
    mainBranch: [remoteHead, usual].find((name) => name !== undefined && /^[\w./-]+$/.test(name)) ?? 'main',
  };
}

/** The remote in the text of Git's configuration. */
export function remoteOf(config: string): Remote | undefined {
  const urls = new Map<string, string>();
  let name: string | undefined;
  for (const line of config.split(/\r?\n/)) {
    const section = /^\s*\[\s*([^\]"\s]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]/.exec(line);
    if (section !== null) name = section[1]?.toLowerCase() === 'remote' ? section[2] : undefined;
    const url = /^\s*url\s*=\s*"?([^"#;]*?)"?\s*(?:[#;].*)?$/i.exec(line)?.[1];
    if (name !== undefined && url && !urls.has(name)) urls.set(name, url);
  }
  const url = urls.get('origin') ?? (urls.size === 1 ? [...urls.values()][0] : undefined);
  return url === undefined ? undefined : addressOf(url);
}

/** `https://user@host/group/project.git`, `ssh://git@host:22/…` or `git@host:group/project.git`; no path on a disk. */
function addressOf(url: string): Remote | undefined {
  const parts =
    /^(?:https?|ssh|git):\/\/(?:[^/@]*@)?(?<host>[^/:]+)(?::\d+)?\/(?<path>.+)$/.exec(url)?.groups ??
    /^(?:[^/@:]+@)?(?<host>[^/:]{2,}):(?<path>[^/].*)$/.exec(url)?.groups;
  const path = parts?.path?.replace(/\/+$/, '').replace(/\.git$/, '');
  return parts?.host === undefined || !path ? undefined : { host: parts.host.toLowerCase(), path };
}
