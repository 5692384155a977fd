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

const faultKinds: readonly string[] = [
  ...['429', '500', '502', '503', '504', 'reset-before', 'reset-after', 'slow', 'cut-off', 'html'],
  ...['expired-token', 'lost-tags-write', 'second-writer', 'restart', 'failed-run'],
];
const serverTypes: readonly string[] = ['oss-1', 'oss-2', 'orkes-old', 'orkes-new', 'documented'];

/** The options of `server-type` differ between a client (`auto`) and a server (one of them): two entries, one name. */
export type FlagName =
  | 'config'
  | 'env'
  | 'var'
  | 'allow-unknown-secrets'
  | 'server'
  | 'server-type'
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
  | 'out'
  | 'expect-digest'
  | 'auto-approve'
  | 'fail-fast'
  | 'strict'
  | 'online'
  | 'prune'
  | 'adopt'
  | 'take-over'
  | 'target'
  | 'exclude'
  | 'selector'
  | 'max-deletes'
  | 'max-updates'
  | 'max-fires-per-day'
  | 'max-fires-per-minute'
  | 'from'
  | 'to'
  | 'zone'
  | 'limit'
  | 'unmanaged'
  | 'pull-from'
  | 'workflow'
  | 'check'
  | 'port'
  | 'serve-server-type'
  | 'latency'
  | 'fault'
  | 'seed'
  | 'key'
  | 'data'
  | 'reason'
  | 'all'
  | 'each'
  | 'record'
  | 'failed'
  | 'since'
  | 'history-limit'
  | 'query'
  | 'sort'
  | 'ci';

export const flags: { readonly [N in FlagName]: Flag } = {
  config: {
    name: 'config',
    value: 'FILE',
    describe: 'the configuration',
    fallback: 'downbeat.yaml, if there is one',
  },
  env: { name: 'env', value: 'NAME', describe: 'the environment of the configuration to take' },
  var: {
    name: 'var',
    value: 'NAME=VALUE',
    describe: 'a variable for the manifests, over that of the environment; repeatable',
    repeatable: true,
  },
  'allow-unknown-secrets': {
    name: 'allow-unknown-secrets',
    describe: 'plan although secrets are not defined here; such a plan cannot be applied',
  },
  server: {
    name: 'server',
    value: 'URL',
    describe: 'the Conductor server, with or without /api',
    fallback: 'CONDUCTOR_SERVER_URL',
  },
  'server-type': {
    name: 'server-type',
    value: 'NAME',
    describe: 'what kind of server it is',
    choices: ['auto', ...serverTypes],
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
    describe:
      'text or json, of plan, apply, drift and validate also markdown and github (annotations), of validate also sarif, of load also svg; to stdout or a file; repeatable',
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
  out: {
    name: 'out',
    value: 'FILE',
    describe: 'save the plan, for `downbeat apply FILE`; secrets are in it as references alone',
  },
  'expect-digest': {
    name: 'expect-digest',
    value: 'DIGEST',
    describe: 'apply without asking, if the plan is the one with this digest; otherwise exit 4',
  },
  'auto-approve': { name: 'auto-approve', describe: 'do not ask before writing' },
  'fail-fast': { name: 'fail-fast', describe: 'stop at the first failure' },
  online: {
    name: 'online',
    describe: 'also ask the server whether the workflows, their versions and their inputs are there',
  },
  strict: { name: 'strict', describe: 'unmanaged schedules and pauses count as drift' },
  prune: { name: 'prune', describe: "delete the owner's schedules that no manifest names any more" },
  adopt: {
    name: 'adopt',
    value: 'NAME',
    describe: 'make a schedule without marker ours although it differs; `all` for every one; repeatable',
    repeatable: true,
  },
  'take-over': {
    name: 'take-over',
    value: 'OWNER',
    describe: "make another owner's schedules ours where a manifest names them; repeatable",
    repeatable: true,
  },
  target: { name: 'target', value: 'NAME', describe: 'only this schedule; repeatable', repeatable: true },
  exclude: { name: 'exclude', value: 'NAME', describe: 'not this schedule; repeatable', repeatable: true },
  selector: {
    name: 'selector',
    value: 'KEY=VALUE',
    describe: 'only schedules with this tag, on either side; repeatable, all must match',
    repeatable: true,
  },
  'max-deletes': {
    name: 'max-deletes',
    value: 'N',
    describe: 'the most schedules that a plan may delete',
    atLeast: 0,
    fallback: "30 % of the owner's, up to 3 always, never all",
  },
  'max-updates': {
    name: 'max-updates',
    value: 'N',
    describe: 'the most schedules that a plan may change',
    atLeast: 0,
    fallback: 'no limit',
  },
  from: {
    name: 'from',
    value: 'MOMENT',
    describe: 'ISO 8601 with an offset, or a date for 00:00 UTC',
    fallback: 'now',
  },
  to: {
    name: 'to',
    value: 'MOMENT',
    describe: 'where the interval ends, itself not included',
    fallback: 'a day later',
  },
  zone: { name: 'zone', value: 'ZONE', describe: 'the time zone, as in Europe/Berlin', fallback: 'UTC' },
  limit: { name: 'limit', value: 'N', describe: 'show so many at most', atLeast: 0, fallback: '10' },
  'max-fires-per-day': {
    name: 'max-fires-per-day',
    value: 'N',
    describe: 'the most fires of all schedules that a UTC day of the next 28 may have',
    atLeast: 0,
    fallback: 'no limit',
  },
  'max-fires-per-minute': {
    name: 'max-fires-per-minute',
    value: 'N',
    describe: 'the same for a minute',
    atLeast: 0,
    fallback: 'no limit',
  },
  unmanaged: { name: 'unmanaged', describe: 'write a manifest for each schedule that has none' },
  'pull-from': {
    name: 'from',
    value: 'FILE',
    describe:
      'take the schedules from a file instead of a server: a body, or an answer of get, list or search',
  },
  workflow: { name: 'workflow', value: 'NAME', describe: "only this workflow's schedules" },
  check: {
    name: 'check',
    describe: 'show what would be written, write nothing; exit 2 if there is something',
  },
  port: {
    name: 'port',
    value: 'PORT',
    describe: 'port on 127.0.0.1; 0 picks a free one',
    atLeast: 0,
    fallback: '8080',
  },
  'serve-server-type': {
    name: 'server-type',
    value: 'NAME',
    describe: 'the kind of server to be',
    choices: serverTypes,
    fallback: 'oss-2',
  },
  latency: {
    name: 'latency',
    value: 'MS',
    describe: 'milliseconds to wait before each answer',
    atLeast: 0,
    fallback: '0',
  },
  fault: {
    name: 'fault',
    value: 'KIND[=RATE]',
    describe: `let this share of the requests (of failed-run: of the fires) go wrong, as in 503=0.1 or 503=10% (alone: 5%); kinds: ${faultKinds.join(', ')}; repeatable`,
    repeatable: true,
  },
  seed: {
    name: 'seed',
    value: 'N',
    describe: 'the same faults for the same requests',
    atLeast: 0,
    fallback: 'another each time, printed',
  },
  key: {
    name: 'key',
    value: 'KEY:SECRET',
    describe: 'who may get a token; without it no request needs one; repeatable',
    repeatable: true,
  },
  data: { name: 'data', value: 'FILE', describe: 'keep everything in this file; made when it is not there' },
  reason: { name: 'reason', value: 'TEXT', describe: 'why, for whoever reads it on the server' },
  all: { name: 'all', describe: "the whole scheduler, by the server's own switch" },
  each: {
    name: 'each',
    describe: 'with --all and --record: every running schedule by itself, not the server as a whole',
  },
  record: { name: 'record', value: 'FILE', describe: 'remembers which schedules were running' },
  failed: { name: 'failed', describe: 'only runs that could not be started' },
  since: {
    name: 'since',
    value: 'WHEN',
    describe: 'only runs from then on: 30m, 12h, 7d ago, or a moment such as 2027-01-01T00:00:00Z',
  },
  'history-limit': { name: 'limit', value: 'N', describe: 'how many at most', atLeast: 1, fallback: '20' },
  query: {
    name: 'query',
    value: 'QUERY',
    describe: "a search in the server's own words, in place of NAME, --failed and --since",
  },
  sort: {
    name: 'sort',
    value: 'FIELD[:asc|desc]',
    describe: 'by scheduledTime, executionTime, scheduleName, workflowName or state',
    fallback: 'scheduledTime:desc',
  },
  ci: {
    name: 'ci',
    value: 'KIND',
    describe: 'the pipeline to write',
    choices: ['github', 'gitlab', 'none'],
    fallback: 'by the Git remote',
  },
};

export interface CommandSpec {
  readonly name: string;
  readonly summary: string;
  /** The positional argument, if the command takes one. */
  readonly argument?: {
    readonly name: string;
    readonly describe: string;
    /** What completes it; absent = directories. */
    readonly completes?: 'schedules' | readonly string[];
  };
  readonly flags: readonly FlagName[];
  readonly examples: readonly { readonly line: string; readonly does: string }[];
}

const configuration: readonly FlagName[] = ['config', 'env', 'var'];
const connection: readonly FlagName[] = [
  'server',
  'server-type',
  'header',
  'timeout',
  'max-retries',
  'parallelism',
  'debug',
] as const;
const limits: readonly FlagName[] = [
  'max-deletes',
  'max-updates',
  'max-fires-per-day',
  'max-fires-per-minute',
];
const scope: readonly FlagName[] = [
  'prune',
  'adopt',
  'take-over',
  'target',
  'exclude',
  'selector',
  ...limits,
];
const shown: readonly FlagName[] = ['output', 'show-sensitive'];
const directory = {
  name: '[DIR]',
  describe: 'the directory of manifests (default: the configured one, else schedules)',
};

const schedules = {
  name: '[NAME...]',
  describe: 'names of schedules',
  completes: 'schedules',
} as const;
const schemaNames: readonly string[] = [
  ...['schedule', 'config', 'plan', 'result', 'drift', 'pull', 'validation', 'settings', 'agenda', 'load'],
  ...['saved-plan', 'status', 'history', 'switch', 'command', 'record'],
];
const shells: readonly string[] = ['bash', 'zsh', 'fish'];

export const commands: readonly CommandSpec[] = [
  {
    name: 'init',
    summary: 'begin a repository: configuration, first manifest, pipeline',
    flags: ['ci'],
    examples: [{ line: 'downbeat init', does: 'what is there already is kept' }],
  },
  {
    name: 'validate',
    summary: 'check the manifests, offline unless --online',
    argument: directory,
    flags: [...configuration, 'output', 'fail-on', 'allow-empty', 'online', ...connection],
    examples: [
      { line: 'downbeat validate schedules', does: 'every problem at once, with file, line and column' },
      {
        line: 'downbeat validate --online --env staging',
        does: 'and whether the workflows are on that server',
      },
    ],
  },
  {
    name: 'plan',
    summary: 'show what apply would do; writes nothing',
    argument: directory,
    flags: [
      ...configuration,
      ...connection,
      ...scope,
      ...shown,
      'allow-empty',
      'allow-unknown-secrets',
      'detailed-exitcode',
      'out',
    ],
    examples: [
      {
        line: 'downbeat plan schedules --server http://localhost:8080',
        does: 'compare a directory with a server',
      },
      {
        line: 'downbeat plan --detailed-exitcode --output json=changes.json --out plan.json',
        does: 'exit 2, what there is to read for the pipeline, and the plan to apply later',
      },
    ],
  },
  {
    name: 'apply',
    summary: 'make the server equal to the manifests, or carry out a saved plan',
    argument: {
      name: '[PATH]',
      describe: `${directory.describe}, or a plan that \`downbeat plan --out\` saved`,
    },
    flags: [
      ...configuration,
      ...connection,
      ...scope,
      ...shown,
      'allow-empty',
      'auto-approve',
      'expect-digest',
      'fail-fast',
    ],
    examples: [
      { line: 'downbeat apply schedules', does: 'show the plan, ask, apply' },
      { line: 'downbeat apply schedules --auto-approve', does: 'in a pipeline, where nobody can answer' },
      { line: 'downbeat apply plan.json', does: 'a plan that was reviewed, and nothing else' },
    ],
  },
  {
    name: 'drift',
    summary: 'ask whether the server still is as the manifests say',
    argument: directory,
    flags: [...configuration, ...connection, ...scope, ...shown, 'allow-empty', 'strict', 'online'],
    examples: [{ line: 'downbeat drift schedules', does: 'exit 2 when somebody changed a schedule by hand' }],
  },
  {
    name: 'pull',
    summary: "bring the server's side into the manifests",
    argument: directory,
    flags: [
      ...configuration,
      ...connection,
      'unmanaged',
      'pull-from',
      'workflow',
      'target',
      'exclude',
      'selector',
      'take-over',
      'check',
      ...shown,
    ],
    examples: [
      { line: 'downbeat pull --check', does: 'what differs on the server, as changes of the files' },
      { line: 'downbeat pull --unmanaged', does: 'also a manifest for each schedule that has none' },
      {
        line: 'downbeat pull --from body.json',
        does: 'a body that you POST today as a manifest; needs no server',
      },
    ],
  },
  {
    name: 'render',
    summary: 'print the manifests with everything filled in',
    argument: directory,
    flags: [...configuration, 'allow-empty'],
    examples: [
      { line: 'downbeat render --env staging', does: 'what the schedules of that environment will be' },
    ],
  },
  {
    name: 'config',
    summary: 'print the settings, each with where it comes from',
    argument: directory,
    flags: [...configuration, 'server', 'server-type', 'prune', ...limits, 'output'],
    examples: [{ line: 'downbeat config --env staging', does: 'which server it would be, and why' }],
  },
  {
    name: 'next',
    summary: 'print when a schedule or a cron fires next, offline',
    argument: { name: '<NAME|CRON>', describe: 'a name from the manifests, or a cron expression in quotes' },
    flags: [...configuration, ...connection, 'zone', 'from', 'limit', 'output'],
    examples: [
      { line: 'downbeat next daily-order-processing', does: 'in its zone and in UTC' },
      {
        line: 'downbeat next "0 0 9 * * MON-FRI" --zone Europe/Berlin --output json',
        does: 'a cron that is in no manifest yet',
      },
      {
        line: 'downbeat next nightly --server http://localhost:8080',
        does: "the server's own preview instead: in UTC, five at most",
      },
    ],
  },
  {
    name: 'agenda',
    summary: 'print every fire of an interval, offline',
    argument: directory,
    flags: [...configuration, 'from', 'to', 'zone', 'output', 'allow-empty'],
    examples: [
      {
        line: 'downbeat agenda --from 2026-12-01T22:00:00Z --to 2026-12-02T02:00:00Z',
        does: 'what a maintenance window will miss',
      },
    ],
  },
  {
    name: 'load',
    summary: 'print how many fires each minute of a day has, offline',
    argument: directory,
    flags: [...configuration, ...connection, 'from', 'output', 'allow-empty'],
    examples: [
      { line: 'downbeat load', does: 'who makes midnight so busy' },
      {
        line: 'downbeat load --server http://localhost:8080 --output svg=load.svg',
        does: 'before and after, as a picture',
      },
    ],
  },
  {
    name: 'status',
    summary: 'show how every schedule is: next fire, last run, drift',
    argument: schedules,
    flags: [...configuration, ...connection, 'output'],
    examples: [
      { line: 'downbeat status', does: 'a line for each schedule' },
      { line: 'downbeat status nightly --output json', does: 'one of them, for a script' },
    ],
  },
  {
    name: 'history',
    summary: 'show past runs',
    argument: { name: '[NAME]', describe: 'the schedule (default: all)', completes: 'schedules' },
    flags: [...configuration, ...connection, 'failed', 'since', 'history-limit', 'query', 'sort', 'output'],
    examples: [
      { line: 'downbeat history nightly --limit 5', does: 'did it run?' },
      { line: 'downbeat history --failed --since 12h', does: 'what could not be started tonight, and why' },
    ],
  },
  {
    name: 'pause',
    summary: 'stop schedules at once',
    argument: schedules,
    flags: [...configuration, ...connection, 'reason', 'all', 'each', 'record', 'auto-approve', 'output'],
    examples: [
      { line: 'downbeat pause nightly --reason "INC-4711: ledger is down"', does: 'stop one, and say why' },
      {
        line: 'downbeat pause --all --each --record stopped.json',
        does: 'stop everything that runs, and remember what did',
      },
    ],
  },
  {
    name: 'resume',
    summary: 'let schedules run again at once',
    argument: schedules,
    flags: [...configuration, ...connection, 'all', 'record', 'auto-approve', 'output'],
    examples: [
      { line: 'downbeat resume nightly', does: 'from its next fire on; missed ones are not made up' },
      { line: 'downbeat resume --record stopped.json', does: 'bring back exactly what was stopped' },
    ],
  },
  {
    name: 'requeue',
    summary: 'send execution records that were left half-way to the archive again',
    flags: [...configuration, ...connection, 'auto-approve', 'output'],
    examples: [{ line: 'downbeat requeue', does: 'asks first; starts no workflow' }],
  },
  {
    name: 'schema',
    summary: 'print a JSON Schema',
    argument: {
      name: '[SCHEMA]',
      describe: `one of ${schemaNames.join(', ')} (default: schedule)`,
      completes: schemaNames,
    },
    flags: [],
    examples: [
      { line: 'downbeat schema > schedule.schema.json', does: 'for an editor, without our checkout' },
    ],
  },
  {
    name: 'completion',
    summary: 'print the completion script of a shell',
    argument: { name: '[SHELL]', describe: `one of ${shells.join(', ')}`, completes: shells },
    flags: [],
    examples: [
      { line: 'source <(downbeat completion bash)', does: 'in ~/.bashrc; zsh takes the same' },
      { line: 'downbeat completion fish | source', does: 'in config.fish' },
    ],
  },
  {
    name: 'serve',
    summary: 'run a local Conductor scheduler',
    flags: ['port', 'serve-server-type', 'data', 'latency', 'fault', 'seed', 'key'],
    examples: [
      { line: 'downbeat serve --port 8080', does: 'something to plan and apply against' },
      {
        line: 'downbeat serve --fault 503=10% --fault reset-after --fault restart=1% --seed 7',
        does: 'a server that fails now and then, each time in the same way',
      },
    ],
  },
];
