import type { Format } from '../argv/commands.ts';
import type { Options, Request } from '../argv/program.ts';
import type { Io } from '../io/io.ts';
import { hideDeep } from '../masking/hide-deep.ts';
import type { Masker } from '../masking/masker.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import type { NotChecked, RunEntry } from '../model/generated/report-parts.ts';
import { isObject, parseJson } from '../model/json.ts';
import type { Failure } from '../model/port.ts';
import { present } from '../model/present.ts';
import { type LocatedDiagnostic, problem } from '../problems/diagnostic.ts';
import { type AnyDocument, isRunDocument, withRun } from '../report/documents/document.ts';
import { failureDocument } from '../report/documents/failure.ts';
import { withoutCredentials } from '../report/documents/foreign-texts.ts';
import { terminalText } from '../report/text/escape.ts';
import type { Style } from '../report/text/style.ts';
import { renderDocument } from '../report/text/text.ts';
import { confined } from '../settings/checkout.ts';
import { keepingInputs, type Target } from '../settings/kept-inputs.ts';
import { isSamePath } from '../settings/paths.ts';
import { runOf } from '../settings/run-entry.ts';
import type { Output, UsageError } from '../settings/settings.ts';
import { type Trust, trustOf } from '../settings/trust.ts';
import { usualInputs } from '../settings/usual-inputs.ts';
import { crashed, crashOf, type Standing } from './ending.ts';
import { maskedIo } from './masked-io.ts';
import { plainStyle, quieted, renderAs, styleOf } from './rendering.ts';

/** Reading, and writing what must be exact: a text that would bring a known secret into a file is refused. */
export type Files = Pick<
  Io,
  'readTree' | 'git' | 'readFile' | 'readInput' | 'realPath' | 'writeFile' | 'openAppend'
> & {
  /** Git's own files, for what a checkout says about itself; none of their text is for people. */
  readonly readGit: Io['readFile'];
  /** Those of a commit of this checkout, by the same rules: see `Io.filesAt`. */
  readonly filesAt: Io['filesAt'];
  /** For what the local scheduler keeps, which is whatever its clients send. */
  readonly writeServed: Io['writeFile'];
};

/** How a file that was named is there. */
export type FileRead = ReturnType<Files['readFile']>;

/** Renders a document that has been masked. */
type Render<D> = (document: D, format: Format, style: Style) => string;

/**
 * The context of one command, made once: the only way to streams, files, terminal and clock. Everything that is said
 * goes through its masker, whatever the command is.
 */
export type Run = {
  readonly request: Request;
  readonly options: Options;
  readonly env: Io['env'];
  readonly masker: Masker;
  /** Whose files are trusted. */
  readonly trust: Trust;
  /** Where the result goes. */
  readonly outputs: readonly Output[];
  readonly files: Files;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** The tz release of this Node's zone rules, such as `2025c`. Absent = it does not say. */
  readonly tz?: string;
  /** What this runs on, such as `Node 24.1.0, linux x64`. */
  readonly platform: string;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
  /** Ends early when `signal` is aborted. */
  readonly wait: (milliseconds: number) => Promise<void>;
  /** Aborted by the first Ctrl-C while `interruptible` runs. */
  readonly signal: AbortSignal;
  /** Whether somebody is there to answer (`in`), and to see that it goes on (`err`). */
  readonly terminal: { readonly in: boolean; readonly err: boolean };
  /** Columns of standard error. */
  readonly width: number;
  /** Runs something that Ctrl-C ends in order: requests in flight are finished, no more are started. */
  interruptible(work: () => Promise<ExitCode>): Promise<ExitCode>;
  /** Calls back at the first Ctrl-C, for what only waits for it. */
  onInterrupt(callback: () => void): void;
  /** A value without known secrets, for commands that print something else than a document. */
  hidden<T>(value: T): T;
  /** On standard error: notes, progress; nothing with `--quiet`. */
  say(text: string): void;
  /** The same for errors, and for what must be known before an answer. */
  warn(text: string): void;
  /** On standard output, for what is not a document. */
  print(text: string): void;
  /** Which run documents are of, once more is known of it than the command line. */
  identify(entry: RunEntry): void;
  /** Which run it is; undefined for commands whose documents do not say. */
  entry(): RunEntry | undefined;
  /** Brings a document to where it was asked for. What could not be written is said, and changes how the run ends. */
  report(document: AnyDocument, outputs?: readonly Output[]): void;
  /** The same for a document with renderers of its own. */
  write<D>(document: D, render: Render<D>): void;
  /** Counts the writes of a connection as the run's. */
  watch(connection: { readonly counts: () => { readonly writes: number } }): void;
  /**
   * Ends a run that was interrupted, in every form that was asked for, and returns its exit code; undefined where the
   * command ends in order itself.
   */
  stop(): ExitCode | undefined;
  /** Removes what an earlier run saved to `--out`, when this one saves nothing. */
  dropOldPlan(): void;
  /** What the run has come to so far, for its end. */
  standing(): Standing;
  /** A document for people on standard error, unless they have it on standard output. */
  tell(document: AnyDocument, outputs?: readonly Output[]): void;
  /** Says why there is no result, on standard error and in every form that was asked for. */
  fail(
    problems: readonly LocatedDiagnostic[],
    failure?: Failure,
    /** What the run did not get to. */
    notChecked?: readonly NotChecked[],
  ): ExitCode;
  /**
   * The same for what was typed or exported and cannot be used. `said`: standard error has it already; `spared`: a file
   * that is left alone.
   */
  refuse(usage: UsageError, how?: { readonly said?: boolean; readonly spared?: string }): ExitCode;
  /** Says that Downbeat has a bug, in every form that was asked for; the stack with `--debug`. */
  crash(error: unknown, version: string): ExitCode;
  /** One line from whoever sits at the terminal; undefined = there is no answer. */
  ask(question: string): Promise<string | undefined>;
};

/** The commands whose documents say of which run they are. */
const identified: readonly string[] = ['validate', 'plan', 'apply', 'drift'];

/** The context of a command in the real world, or in a test's. */
export function createRun(request: Request, given: Io, masker: Masker, outputs: readonly Output[]): Run {
  const trust = trustOf(request.options, given);
  const within = confined(given, trust, request);
  const world: Io = {
    ...within,
    ...keepingInputs(within, targetsOf(request, outputs), (files) => {
      usualInputs({ files, env: given.env, trust }, request);
    }),
  };
  const io = maskedIo(world, masker);
  const sinks = sinksOf(world, io, masker, request.options);
  const interruption = new AbortController();
  const { signal } = interruption;
  if (given.signal?.aborted) interruption.abort();
  given.signal?.addEventListener('abort', () => interruption.abort(), { once: true });
  let entry = identified.includes(request.command) ? runOf(request, io) : undefined;
  const withEntry = (document: AnyDocument): AnyDocument =>
    entry !== undefined && isRunDocument(document) ? withRun(document, entry) : document;
  let endsItself = 0;
  let isOver = false;
  const report: Run['report'] = (document, to = outputs) => {
    if (!isOver) sinks.bring(withEntry(document), to, renderAs);
  };
  const watched: Parameters<Run['watch']>[0][] = [];
  let wroteFile = false;
  const written = new Set<string>();
  const writeFile: Files['writeFile'] = (...file) => {
    if (isOver) return { kind: 'failed', why: 'the run was interrupted' };
    const trouble = io.writeFile(...file);
    if (trouble === undefined) written.add(file[0]);
    // What is made from nothing or over what was read: manifests and records, not reports.
    wroteFile ||= trouble === undefined && file[2]?.over !== undefined;
    return trouble;
  };
  const old = oldReportsOf(io, outputs, report);
  const isQuiet = request.options.quiet === true;
  // Whoever will be asked sees what it is about.
  const mayAsk = io.terminal.in && request.options.autoApprove !== true;
  const tell: Run['tell'] = (document, to = outputs) => {
    const isWanted = !isQuiet || mayAsk || isTrouble(document);
    if (isWanted && !to.some(isPrintedText)) sinks.tell(withEntry(document));
  };
  return {
    request,
    options: request.options,
    env: io.env,
    masker,
    trust,
    outputs,
    files: {
      ...io,
      writeFile,
      readGit: given.readFile,
      writeServed: world.writeFile,
      filesAt: (commit, texts) => {
        const there = given.filesAt(commit, texts);
        return there && { ...confined({ ...given, ...there }, trust, request), leftOut: there.leftOut };
      },
    },
    now: io.now,
    ...present({ tz: io.tz }),
    platform: io.platform,
    random: io.random,
    wait: (milliseconds) => io.wait(milliseconds, signal),
    signal,
    terminal: io.terminal,
    width: styleOf(io, 'err').width,
    interruptible: async (work) => {
      const takeBack = io.onInterrupt(() => {
        io.err('\nInterrupted: waiting for requests in flight; no new ones are started.\n');
        old.replace();
        interruption.abort();
      });
      endsItself += 1;
      try {
        return await work();
      } finally {
        endsItself -= 1;
        takeBack();
      }
    },
    onInterrupt: (callback) => {
      endsItself += 1;
      io.onInterrupt(callback);
    },
    hidden: (value) => hideDeep(value, masker),
    say: isQuiet ? () => {} : io.err,
    warn: io.err,
    print: io.out,
    identify: (known) => {
      entry = known;
    },
    entry: () => entry,
    report,
    write: (document, render) => {
      if (!isOver) sinks.bring(document, outputs, render);
    },
    tell,
    fail: (problems, failure, notChecked) => {
      const document = failureDocument(problems, failure, notChecked);
      report(document, outputs.filter(isForFailures));
      old.drop();
      sinks.tell(withEntry(document));
      return signal.aborted ? exitCodes.interrupted : exitCodes.error;
    },
    refuse: (usage, { said = false, spared } = {}) => {
      if (!said) io.err(`error: ${usage.message}\nhint: ${usage.hint}\n`);
      const diagnostic = problem('usage', usage, { kind: 'nowhere' });
      const to = outputs.filter((one) => isForFailures(one) && !isFile(one, spared));
      report(failureDocument([{ diagnostic }]), to);
      old.drop();
      return exitCodes.error;
    },
    crash: (error, version) => {
      const debug = request.options.debug === true;
      const isMasked = crashed({ masked: io, plain: world }, error, { version, debug });
      if (isMasked)
        report(failureDocument([{ diagnostic: crashOf(error, version) }]), outputs.filter(isForFailures));
      return exitCodes.error;
    },
    stop: () => {
      if (endsItself > 0) return undefined;
      old.end();
      isOver = true;
      interruption.abort();
      return exitCodes.interrupted;
    },
    ask: (question) => io.ask(question, signal),
    dropOldPlan: () => {
      const { out } = request.options;
      if (out === undefined || written.has(out)) return;
      const dropped = io.removeFile(out, isSavedPlan);
      const name = terminalText(out);
      if (dropped.kind === 'removed') io.err(`note: removed ${name}, which had the plan of an earlier run\n`);
      if (dropped.kind === 'failed') io.err(`warning: an old plan may still be in ${name}: ${dropped.why}\n`);
    },
    watch: (connection) => void watched.push(connection),
    standing: () => ({
      wrote: wroteFile || watched.some(({ counts }) => counts().writes > 0),
      unreported: sinks.unreported(),
    }),
  };
}

/** The ordinary files that are written whatever is in them. */
function targetsOf({ options: { out } }: Request, outputs: readonly Output[]): readonly Target[] {
  const files = outputs.flatMap(({ format, to }): readonly Target[] =>
    to.kind === 'file' ? [{ flag: `--output ${format}=${to.path}`, path: to.path }] : [],
  );
  return out === undefined ? files : [...files, { flag: `--out ${out}`, path: out }];
}

/** True for documents that `--quiet` does not keep back. */
function isTrouble(document: AnyDocument): boolean {
  if ('problems' in document && document.problems.some(({ severity }) => severity === 'error')) return true;
  switch (document.kind) {
    case 'failure':
      return true;
    case 'plan':
      return document.verdict === 'blocked';
    case 'result': {
      const { failed, stale, notRun } = document.counts;
      return failed + stale + notRun > 0;
    }
    default:
      return false;
  }
}

/** What earlier runs left where this one was told to write. */
function oldReportsOf({ err, removeFile }: Io, outputs: readonly Output[], report: Run['report']) {
  const isThere = ({ to }: Output): boolean => {
    let found = false;
    if (to.kind === 'file')
      removeFile(to.path, () => {
        found = true;
        return false;
      });
    return found;
  };
  /** Of formats that have no words for a failure. */
  const drop = (): void => {
    for (const { format, to } of outputs) {
      const isOld = oldReports[format];
      if (to.kind === 'file' && isOld !== undefined) removeFile(to.path, isOld);
    }
  };
  const replace = (some: readonly Output[]): void => {
    report(interruptedDocument(), some.filter(isForFailures));
    drop();
  };
  return {
    drop,
    /** For a run that stops here. */
    end: () => {
      err(`error: ${interrupted.message}\nhint: ${interrupted.hint}\n`);
      replace(outputs);
    },
    /** For an end that comes before the result: a second signal, or one that cannot be caught. */
    replace: () => replace(outputs.filter(isThere)),
  };
}

const interrupted: UsageError = {
  message: 'interrupted before there was a result',
  hint: 'run the command again',
};

function interruptedDocument(): AnyDocument {
  return failureDocument([{ diagnostic: problem('usage', interrupted, { kind: 'nowhere' }) }]);
}

function isSavedPlan(text: string): boolean {
  const parsed = parseJson(text);
  return parsed.ok && isObject(parsed.value) && parsed.value.kind === 'saved-plan';
}

/** On standard output, where people read. */
export function isPrintedText({ format, to }: Output): boolean {
  return format === 'text' && to.kind === 'stdout';
}

/** How a report of an earlier run is known, in formats that have no words for a failure. */
const oldReports: { readonly [F in Format]?: (text: string) => boolean } = {
  svg: (text) => text.startsWith('<?xml') && text.includes('<svg'),
  sarif: (text) => text.includes('sarif'),
  ics: (text) => text.startsWith('BEGIN:VCALENDAR'),
};

/** Text on standard output is the result; why there is none goes to standard error. Pictures and logs of findings have no words for it. */
function isForFailures(output: Output): boolean {
  return !isPrintedText(output) && oldReports[output.format] === undefined;
}

function isFile({ to }: Output, path: string | undefined): boolean {
  return path !== undefined && to.kind === 'file' && isSamePath(to.path, path);
}

/** Masked before they are rendered, value by value: masking them as text could break them. */
function isStructured(format: Format): boolean {
  return format === 'json' || format === 'sarif' || format === 'html';
}

/** `world` is for what is masked before it is rendered. */
function sinksOf(world: Io, io: Io, masker: Masker, options: Request['options']) {
  const { details = false, quiet, output, repair, autoApprove, failOn, showSensitive } = options;
  // Whoever will be asked whether to repair sees what.
  const isQuiet = quiet === true && output === undefined && !(repair && autoApprove !== true);
  const styled = (style: Style): Style => ({ ...style, details });
  const rendered = <D>(document: D, format: Format, style: Style, render: Render<D>): string => {
    const text = render(document, format, style);
    return isStructured(format) ? text : masker.hide(text);
  };
  const masked = <D>(document: D): D =>
    hideDeep(showSensitive ? document : withoutCredentials(document), masker);
  let unreported = false;
  return {
    bring: <D>(document: D, outputs: readonly Output[], render: Render<D>): void => {
      const left = isQuiet ? quieted(document, { warnings: failOn === 'warning' }) : document;
      if (left === undefined) return;
      const safe = masked(left);
      for (const { format, to } of outputs) {
        if (to.kind === 'stdout') {
          world.out(rendered(safe, format, styled(styleOf(io, 'out')), render));
          continue;
        }
        const trouble = world.writeFile(to.path, rendered(safe, format, styled(plainStyle), render));
        if (trouble === undefined) continue;
        io.err(`error: ${to.path} could not be written: ${trouble.why}\n`);
        unreported = true;
      }
    },
    unreported: () => unreported,
    tell: (document: AnyDocument): void =>
      io.err(renderDocument(masked(document), styled(styleOf(io, 'err')))),
  };
}
