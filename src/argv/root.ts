import { commands } from './commands.ts';

declare const __DOWNBEAT_VERSION__: string | undefined;

/** The package's version; the build puts it here. */
export const version: string =
  typeof __DOWNBEAT_VERSION__ === 'string' ? __DOWNBEAT_VERSION__ : '0.0.0-source';

export const versionText: string = `${version}\n`;

const versionWords: readonly string[] = ['--version', '-V', 'version'];

/** What `--version` or `--help` without a command prints; `undefined` for every other command line. */
export function rootAnswer(argv: readonly string[]): string | undefined {
  const [only = ''] = argv.length === 1 ? argv : [];
  if (versionWords.includes(only)) return versionText;
  return ['--help', '-h', 'help'].includes(only) ? rootHelp() : undefined;
}

/**
 * What `downbeat --help` prints, made from the table of commands only, so that it needs no parser: loading one takes
 * longer than everything else here.
 */
export function rootHelp(): string {
  const rows = [
    ...commands.map(
      ({ name, argument, summary }) => [`${name}${argument ? ` ${argument.name}` : ''}`, summary] as const,
    ),
    ['help [COMMAND]', 'print the help of a command'] as const,
  ];
  const width = Math.max(...rows.map(([usage]) => usage.length));
  const table = rows.map(([usage, summary]) => `  ${usage.padEnd(width)}  ${summary}`).join('\n');
  return `Usage: downbeat COMMAND [options]

GitOps for the workflow schedules of Conductor.

Commands:
${table}

Options:
  -q, --quiet    print only errors and what was asked for
  --no-color     print without colors
  -V, --version  print the version
  -h, --help     print this help, or the help of a command

Example:
  downbeat plan schedules --server http://localhost:8080
`;
}
