/** A file of manifests as it was read. */
export interface ReadFile {
  /** As people would type it: relative to the working directory where the directory was, with `/`. */
  readonly path: string;
  readonly text: string;
}

export type TreeRead =
  | {
      readonly kind: 'read';
      /** Sorted by path. */
      readonly files: readonly ReadFile[];
      /** Files and folders that are there and could not be read: their manifests are unknown, not absent. */
      readonly unreadable: readonly { readonly path: string; readonly why: string }[];
    }
  | { readonly kind: 'missing' }
  | { readonly kind: 'not-a-directory' };

export type FileRead =
  | { readonly kind: 'read'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'directory' }
  | { readonly kind: 'unreadable'; readonly why: string };

export type FileCreated =
  | { readonly kind: 'created' }
  | { readonly kind: 'kept' }
  | { readonly kind: 'failed'; readonly why: string };

/** Everything outside the program that a command may touch. The real one is `node.ts`; tests bring their own. */
export interface Io {
  readonly env: Readonly<Record<string, string | undefined>>;
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
  /**
   * The files below a directory whose names end in one of the given endings. Dot folders, `node_modules` and links
   * that lead out of the directory are skipped, and so are the files and directories of `except`, wherever they are.
   */
  readonly readTree: (directory: string, endings: readonly string[], except?: readonly string[]) => TreeRead;
  /** One file, as UTF-8 text. */
  readonly readFile: (path: string) => FileRead;
  /**
   * Writes a whole file or none of it. Returns why it could not, else undefined. A `private` one only its owner may read.
   */
  readonly writeFile: (path: string, text: string, access?: 'private') => string | undefined;
  /** The same, and when it returns the file is on the disk: it survives a power cut. */
  readonly writeDurably: (path: string, text: string) => string | undefined;
  /**
   * Opens a file to append to, made when it is not there. What was appended survives the end of the process at any
   * moment, but for a piece of the last text. Throws when the disk takes no more.
   */
  readonly openAppend: (
    path: string,
  ) =>
    | { readonly kind: 'open'; readonly append: (text: string) => void; readonly close: () => void }
    | { readonly kind: 'failed'; readonly why: string };
  /** Writes a file, with the folders above it, only where none is yet. */
  readonly createFile: (path: string, text: string) => FileCreated;
  /** Adds to the end of a file. Returns why it could not, else undefined. */
  readonly appendFile: (path: string, text: string) => string | undefined;
  /**
   * The same, but only over what was read before: undefined = there must be no such file, and its directory is made.
   * A file that others have changed in the meantime is left alone, which is said like any other failure. A link stays
   * one, and a file keeps its permissions.
   */
  readonly replaceFile: (path: string, before: string | undefined, text: string) => string | undefined;
  /** One line typed by the user; undefined at the end of input. */
  readonly ask: (question: string) => Promise<string | undefined>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  readonly wait: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /**
   * Calls back at the first SIGINT or SIGTERM; a second one ends the process at once. Returns how to take it back.
   */
  readonly onInterrupt: (callback: () => void) => () => void;
}
