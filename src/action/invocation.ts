import type { Io } from '../io/io.ts';
import type { ExitCode } from '../model/exit.ts';
import { parseJson } from '../model/json.ts';
import type { AnyDocument } from '../report/documents/document.ts';

/** The program: arguments in, exit code out. */
export type Main = (argv: readonly string[], io: Io) => Promise<ExitCode>;

/** What one command came to. */
export interface Ran {
  readonly code: ExitCode;
  /** Absent when the command line was wrong. */
  readonly document?: AnyDocument;
  /** Empty when it was printed at once. */
  readonly text: string;
  readonly markdown: string;
  /** Lines for the runner's log. */
  readonly annotations: string;
  /** What was said on stderr; it has been printed. */
  readonly said: string;
}

/** Not a path on any machine. */
const folder = '\0action/';

/** Runs a command and keeps its reports. Its text is for the log: printed at once, or kept until it is known what with. */
export async function runCommand(
  main: Main,
  io: Io,
  argv: readonly string[],
  log: 'printed' | 'kept',
): Promise<Ran> {
  const reports = new Map<string, string>();
  const said: string[] = [];
  const kept: Io = {
    ...io,
    err: (text) => {
      said.push(text);
      io.err(text);
    },
    writeFile: (...file) => {
      const [path, text] = file;
      if (!path.startsWith(folder)) return io.writeFile(...file);
      reports.set(path.slice(folder.length), text);
      return undefined;
    },
  };
  const [command = '', ...rest] = argv;
  const text = log === 'printed' ? 'text' : `text=${folder}text`;
  const outputs = ['json', 'markdown', 'github'].map((format) => `${format}=${folder}${format}`);
  const code = await main([command, ...[text, ...outputs].map((one) => `--output=${one}`), ...rest], kept);
  const parsed = parseJson(reports.get('json') ?? '');
  return {
    code,
    ...(parsed.ok ? { document: parsed.value as unknown as AnyDocument } : {}),
    text: reports.get('text') ?? '',
    markdown: reports.get('markdown') ?? '',
    annotations: reports.get('github') ?? '',
    said: said.join(''),
  };
}
