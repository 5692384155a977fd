/**
 * The one table of flags and commands. Help texts are made from it and the README's tables are checked against it.
 */
export interface Flag {
  readonly name: string;
  /** Absent = a switch. */
  readonly value?: string;
  readonly describe: string;
  readonly choices?: readonly string[];
  readonly repeatable?: true;
  /** Whole numbers from this on. */
  readonly atLeast?: number;
  /** Shown in the help; applied where the option is used. */
  readonly fallback?: string;
}

const behaviours: readonly string[] = ['oss-1', 'oss-2', 'orkes-old', 'orkes-new', 'documented'];

/** The options of `behaviour` differ between a client (`auto`) and a server (one of them): two entries, one name. */
export type FlagName =
  | 'server'
  | 'behaviour'
  | 'header'
  | 'timeout'
  | 'max-retries'
  | 'parallelism'
  | 'debug'
  | 'output'
  | 'show-sensitive'
  | 'allow-empty'
  | 'fail-on'
  | 'detailed-exitcode'
  | 'auto-approve'
  | 'fail-fast'
  | 'strict'
  | 'port'
  | 'serve-behaviour'
  | 'latency';

export const flags: { readonly [N in FlagName]: Flag } = {
  server: {
    name: 'server',
    value: 'URL',
    describe: 'the Conductor server, with or without /api',
    fallback: 'CONDUCTOR_SERVER_URL',
  },
  behaviour: {
    name: 'behaviour',
    value: 'NAME',
    describe: 'what kind of server it is',
    choices: ['auto', ...behaviours],
    fallback: 'auto',
  },
  header: {
    name: 'header',
    value: 'NAME:VALUE',
    describe: 'a further header for every request',
    repeatable: true,
  },
  timeout: {
    name: 'timeout',
    value: 'SECONDS',
    describe: 'how long one request may take',
    atLeast: 1,
    fallback: '30',
  },
  'max-retries': {
    name: 'max-retries',
    value: 'N',
    describe: 'how often a request is repeated',
    atLeast: 0,
    fallback: '4',
  },
  parallelism: {
    name: 'parallelism',
    value: 'N',
    describe: 'requests in flight at most',
    atLeast: 1,
    fallback: '16',
  },
  debug: { name: 'debug', describe: 'print method, path, status and time of each request' },
  output: {
    name: 'output',
    value: 'FORMAT[=FILE]',
    describe: 'text or json, to stdout or a file; repeatable',
    repeatable: true,
    fallback: 'text',
  },
  'show-sensitive': { name: 'show-sensitive', describe: 'do not mask values that look like secrets' },
  'allow-empty': { name: 'allow-empty', describe: 'accept a directory without a single manifest' },
  'fail-on': {
    name: 'fail-on',
    value: 'SEVERITY',
    describe: 'what makes the exit code 1',
    choices: ['error', 'warning'],
    fallback: 'error',
  },
  'detailed-exitcode': { name: 'detailed-exitcode', describe: 'exit 2 when there are changes' },
  'auto-approve': { name: 'auto-approve', describe: 'do not ask before writing' },
  'fail-fast': { name: 'fail-fast', describe: 'stop at the first failure' },
  strict: { name: 'strict', describe: 'unmanaged schedules and pauses count as drift' },
  port: {
    name: 'port',
    value: 'PORT',
    describe: 'port on 127.0.0.1; 0 picks a free one',
    atLeast: 0,
    fallback: '8080',
  },
  'serve-behaviour': {
    name: 'behaviour',
    value: 'NAME',
    describe: 'the kind of server to be',
    choices: behaviours,
    fallback: 'oss-2',
  },
  latency: {
    name: 'latency',
    value: 'MS',
    describe: 'milliseconds to wait before each answer',
    atLeast: 0,
    fallback: '0',
  },
};

export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  /** The positional argument, if the command takes one. */
  readonly argument?: { readonly name: string; readonly describe: string };
  readonly flags: readonly FlagName[];
  readonly examples: readonly { readonly line: string; readonly does: string }[];
}

const connection: readonly FlagName[] = [
  'server',
  'behaviour',
  'header',
  'timeout',
  'max-retries',
  'parallelism',
  'debug',
] as const;
const shown: readonly FlagName[] = ['output', 'show-sensitive'];
const directory = { name: '[DIR]', describe: 'the directory of manifests (default: schedules)' };

export const commands: readonly CommandSpec[] = [
  {
    name: 'validate',
    summary: 'check the manifests, offline',
    argument: directory,
    flags: ['output', 'fail-on', 'allow-empty'],
    examples: [
      { line: 'downbeat validate schedules', does: 'every problem at once, with file, line and column' },
    ],
  },
  {
    name: 'plan',
    summary: 'show what apply would do; writes nothing',
    argument: directory,
    flags: [...connection, ...shown, 'allow-empty', 'detailed-exitcode'],
    examples: [
      {
        line: 'downbeat plan schedules --server http://localhost:8080',
        does: 'compare a directory with a server',
      },
      {
        line: 'downbeat plan --detailed-exitcode --output json=plan.json',
        does: 'exit 2 and a file for the pipeline',
      },
    ],
  },
  {
    name: 'apply',
    summary: 'make the server equal to the manifests',
    argument: directory,
    flags: [...connection, ...shown, 'allow-empty', 'auto-approve', 'fail-fast'],
    examples: [
      { line: 'downbeat apply schedules', does: 'show the plan, ask, apply' },
      { line: 'downbeat apply schedules --auto-approve', does: 'in a pipeline, where nobody can answer' },
    ],
  },
  {
    name: 'drift',
    summary: 'ask whether the server still is as the manifests say',
    argument: directory,
    flags: [...connection, ...shown, 'allow-empty', 'strict'],
    examples: [{ line: 'downbeat drift schedules', does: 'exit 2 when somebody changed a schedule by hand' }],
  },
  {
    name: 'serve',
    summary: 'run a local Conductor scheduler, in memory',
    flags: ['port', 'serve-behaviour', 'latency'],
    examples: [{ line: 'downbeat serve --port 8080', does: 'something to plan and apply against' }],
  },
];
