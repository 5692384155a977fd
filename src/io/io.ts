/** A file of manifests as it was read. */
export interface ReadFile {
  /** As people would type it: relative to the working directory where the directory was, with `/`. */
  readonly path: string;
  readonly text: string;
}

/**
 * Why something was not read.
 * - `leads-out`, `leads-nowhere`: a link, to outside of the directory or to nothing
 * - `git-files`: a link into Git's own files
 * - `empty-submodule`: a submodule of the checkout that was not checked out
 * - `special`: the name of a manifest on something that is not a file
 */
export type UnreadFault = 'leads-out' | 'leads-nowhere' | 'git-files' | 'empty-submodule' | 'special';

export type Unread = { readonly path: string; readonly fault: UnreadFault };

export type Hidden = { readonly path: string; readonly manifests: number };

/** What Git printed; `failed` = it is not there, did not end, or printed what is not UTF-8. */
export type GitAnswer =
  | { readonly kind: 'ended'; readonly status: number; readonly text: string }
  | { readonly kind: 'failed' };

export type TreeRead =
  | {
      readonly kind: 'read';
      /** Sorted by path. */
      readonly files: readonly ReadFile[];
      /** Files and folders that are there and could not be read: their manifests are unknown, not absent. */
      readonly unreadable: readonly { readonly path: string; readonly why: string }[];
      /** What is there, may hold manifests, and was not read for what it is. */
      readonly unread: readonly Unread[];
      /** Dot files and folders with manifests in them. */
      readonly hidden: readonly Hidden[];
    }
  | { readonly kind: 'missing' }
  | { readonly kind: 'not-a-directory' };

export type FileRead =
  | { readonly kind: 'read'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'directory' }
  | { readonly kind: 'unreadable'; readonly why: string };

/** How a file is to be written. */
export type WriteHow = {
  /** What may be there: anything (the default), nothing, or exactly the text that was read before. */
  readonly over?: 'anything' | 'nothing' | { readonly text: string };
  /** Only its owner may read it, whatever the mode of a file that is there. */
  readonly private?: true;
  /** On the disk when it is done: it survives a power cut. */
  readonly durable?: true;
  /** With the folders above it. */
  readonly folders?: true;
};

/** Why a file was not written. `exists`, `changed`, `gone`: what is there is not what may be there. */
export type WriteTrouble = {
  readonly kind: 'exists' | 'changed' | 'gone' | 'failed';
  readonly why: string;
};

/** Why a stream does not take what is written. `closed`: its reader went away. */
export type Loss = { readonly kind: 'closed' | 'failed'; readonly why: string };

/** The streams that took less than was written. */
export type Losses = { readonly out?: Loss; readonly err?: Loss };

/**
 * What a commit has at a path, and what could not be read.
 * - `partial-clone`: the clone left its content out, and nothing is fetched
 * - `filter`: what a checkout has is made from it by a program that Git is told to run
 */
export type LeftOut = { readonly path: string } & (
  | { readonly why: 'partial-clone' }
  | { readonly why: 'filter'; readonly filter: string }
);

/** Files to read, of whatever is at paths: of a commit, by the rules of the disk. */
export type CommitFiles = Pick<Io, 'readTree' | 'readFile' | 'realPath' | 'linkAt'> & {
  /** What of all that was asked for so far is not known. */
  readonly leftOut: () => readonly LeftOut[];
};

/** Everything outside the program that a command may touch. The real one is `node.ts`; tests bring their own. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when whoever called wants no more of it. Absent = a process, which a signal ends. */
  readonly signal?: AbortSignal;
  /** What was asked for. */
  readonly out: (text: string) => void;
  /** Everything else: progress, warnings, errors. */
  readonly err: (text: string) => void;
  readonly terminal: {
    readonly out: boolean;
    readonly err: boolean;
    readonly in: boolean;
    /** Width of the terminal in columns; 80 when there is none. */
    readonly columns: number;
  };
  /** The files below a directory whose names end in one of the given endings; `except` are left out. See `read-tree.ts`. */
  readonly readTree: (
    directory: string,
    endings: readonly string[],
    except?: readonly string[],
    /** What a file in a dot folder has in it that counts as hidden. Default: what manifests have. */
    mark?: string,
  ) => TreeRead;
  /** The absolute path without links and dots; undefined when there is nothing, or it may not be looked for. */
  readonly realPath: (path: string) => string | undefined;
  /** What a link says that it leads to, whether that is there or not; undefined for what is not a link. */
  readonly linkAt: (path: string) => string | undefined;
  /** Asks Git about a directory; it reads the repository and writes nothing. */
  readonly git: (directory: string, args: readonly string[]) => GitAnswer;
  /**
   * The files of a commit (its whole hash) at the paths that they have in the checkout of the working directory; nothing
   * is checked out or fetched. `texts`: what is at hand of files that it may have as well, which spares asking Git for
   * them. Undefined = there is no checkout here, or it does not have the commit whole.
   */
  readonly filesAt: (commit: string, texts?: () => Iterable<string>) => CommitFiles | undefined;
  /** One file, as UTF-8 text. */
  readonly readFile: (path: string) => FileRead;
  /** All of standard input, as UTF-8 text. */
  readonly readInput: () => FileRead;
  /**
   * Writes what the path leads to: through links, into devices and pipes. An ordinary file appears whole or not at all,
   * and one that is there keeps its mode.
   */
  readonly writeFile: (path: string, text: string, how?: WriteHow) => WriteTrouble | undefined;
  /** Removes an ordinary file whose text is as `isOld` says; anything else stays. */
  readonly removeFile: (
    path: string,
    isOld: (text: string) => boolean,
  ) => { readonly kind: 'removed' | 'kept' } | { readonly kind: 'failed'; readonly why: string };
  /**
   * Opens a file to append to, made when it is not there. What was appended survives the end of the process at any
   * time, but for a piece of the last text. Throws when the disk takes no more.
   */
  readonly openAppend: (
    path: string,
  ) =>
    | { readonly kind: 'open'; readonly append: (text: string) => void; readonly close: () => void }
    | { readonly kind: 'failed'; readonly why: string };
  /** Adds to the end of a file. Returns why it could not, else undefined. */
  readonly appendFile: (path: string, text: string) => string | undefined;
  /** Waits until standard output and standard error have taken everything. Returns what they did not take. */
  readonly drained: () => Promise<Losses>;
  /** One line typed by the user; undefined at the end of input, at Ctrl-C and when `signal` is aborted. */
  readonly ask: (question: string, signal?: AbortSignal) => Promise<string | undefined>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** The tz release that the zone rules of this Node come from, such as `2025c`. Undefined = it does not say. */
  readonly tz: string | undefined;
  /** What this runs on, for bug reports: `Node 24.1.0, linux x64`. */
  readonly platform: string;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  /** 0 = until the requests that were begun are sent. */
  readonly wait: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /**
   * Calls back at the first SIGINT, SIGTERM or SIGHUP; a second one ends the process at once. Returns how to take it
   * back.
   */
  readonly onInterrupt: (callback: () => void) => () => void;
}
