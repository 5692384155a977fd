import type { ExitCode } from '../model/exit.ts';
import type { FlagKey } from './flags.ts';

/** The one table of commands: what each takes, prints, exits with and reads. */

export const formats = [
  'text',
  'json',
  'markdown',
  'github',
  'sarif',
  'svg',
  'html',
  'ics',
  'openmetrics',
] as const;
export type Format = (typeof formats)[number];

export const commandNames = [
  'init',
  'validate',
  'plan',
  'apply',
  'drift',
  'pull',
  'render',
  'config',
  'next',
  'agenda',
  'load',
  'policies',
  'status',
  'show',
  'audit',
  'history',
  'pause',
  'resume',
  'requeue',
  'explain',
  'scaffold',
  'schema',
  'completion',
  'serve',
  'version',
] as const;
export type CommandName = (typeof commandNames)[number];

/** The environment variables that commands read, but for those that `${env.}` and `${secret.}` name. */
export const variables = {
  CONDUCTOR_SERVER_URL: 'Server, if neither --server nor --env sets one',
  CONDUCTOR_AUTH_KEY: 'Key, with CONDUCTOR_AUTH_SECRET',
  CONDUCTOR_AUTH_SECRET: 'Secret of that key',
  CONDUCTOR_AUTH_TOKEN: 'Token, instead of key and secret',
  DOWNBEAT_HEADERS: 'Extra headers for every request, one per line',
  HTTPS_PROXY: 'Proxy; HTTP_PROXY for http:// and NO_PROXY for exceptions',
  NODE_EXTRA_CA_CERTS: 'File with the certificates of private CAs',
  NO_COLOR: 'Print without colors',
} as const;
export type VariableName = keyof typeof variables;

export type CommandSpec = {
  readonly name: CommandName;
  /** Begins with a verb. */
  readonly summary: string;
  /** The positional argument, if the command takes one. */
  readonly argument?: {
    readonly name: string;
    readonly describe: string;
    /** What completes it; absent = directories. */
    readonly completes?: 'schedules' | readonly string[];
  };
  readonly flags: readonly FlagKey[];
  /** What `--output` takes. */
  readonly formats?: readonly Format[];
  /** Beside 0 and 1, with when. */
  readonly exits?: { readonly [C in ExitCode]?: string };
  readonly reads: readonly VariableName[];
  /** Command lines, with what each does. */
  readonly examples: { readonly [line: string]: string };
};

const configuration: readonly FlagKey[] = ['config', 'env', 'owner', 'var', 'untrusted'];
const connection: readonly FlagKey[] = [
  'server',
  'server-type',
  'header',
  'timeout',
  'max-retries',
  'parallelism',
  'debug',
];
const limits: readonly FlagKey[] = [
  'max-deletes',
  'max-updates',
  'max-creates',
  'max-pauses',
  'max-fires-per-day',
  'max-fires-per-minute',
];
const onCall: readonly FlagKey[] = ['of-tag', 'workflow'];
const troubled = 'Something is overdue, missed, failed or not on the server, with --exit-code';
const selection: readonly FlagKey[] = ['target', 'exclude', 'selector'];
const scope: readonly FlagKey[] = [
  'prune',
  'no-prune',
  'allow-uncommitted',
  'adopt',
  'take-over',
  ...selection,
  ...limits,
];
const planning: readonly FlagKey[] = [
  ...[...configuration, ...connection, ...scope],
  ...(['output', 'details', 'name', 'show-sensitive', 'allow-empty'] as const),
];

const serverVariables: readonly VariableName[] = [
  'CONDUCTOR_SERVER_URL',
  'CONDUCTOR_AUTH_KEY',
  'CONDUCTOR_AUTH_SECRET',
  'CONDUCTOR_AUTH_TOKEN',
  'DOWNBEAT_HEADERS',
  'HTTPS_PROXY',
  'NODE_EXTRA_CA_CERTS',
];
const online: readonly VariableName[] = [...serverVariables, 'NO_COLOR'];

const report: readonly Format[] = ['text', 'json'];
const runReport: readonly Format[] = ['text', 'json', 'markdown', 'github'];

const refused = 'Refused by a limit or an owner, in whole or in part';
const partly = 'Partly done: some changes failed or were stale';
const interrupted = 'Interrupted';

const directory = {
  name: '[DIR]',
  describe: 'Directory of manifests (default: from the configuration, else schedules)',
};
const schedules = {
  name: '[NAME...]',
  describe: 'Names of schedules, or patterns such as billing_*',
  completes: 'schedules',
} as const;
const schemaNames: readonly string[] = [
  ...[
    'schedule',
    'config',
    'plan',
    'base-plan',
    'result',
    'drift',
    'pull',
    'validation',
    'settings',
    'next',
    'agenda',
    'load',
  ],
  ...[
    'policies',
    'policy-report',
    'defaults',
    'saved-plan',
    'status',
    'show',
    'audit',
    'history',
    'switch',
    'command',
  ],
  'record',
];
export const shells = ['bash', 'zsh', 'fish', 'powershell'] as const;
export type Shell = (typeof shells)[number];

const specs: { readonly [N in CommandName]: Omit<CommandSpec, 'name'> } = {
  init: {
    summary: 'start a repository: configuration, first manifest, pipeline',
    flags: ['ci', 'action', 'init-owner', 'server-type', 'environment', 'auto-approve'],
    reads: [],
    examples: {
      'downbeat init': 'ask what it needs to know, and keep the files that exist',
      'downbeat init --yes --ci gitlab --environment staging --environment production':
        'ask nothing: what no flag says has its default',
    },
  },
  validate: {
    summary: 'check the manifests, offline unless --online',
    argument: directory,
    flags: [...configuration, 'output', 'name', 'fail-on', 'online', 'allow-empty', ...connection],
    formats: [...runReport, 'sarif'],
    reads: online,
    examples: {
      'downbeat validate schedules': 'list every problem at once, with file, line and column',
      'downbeat validate --online --env staging': 'also check that the workflows are on that server',
    },
  },
  plan: {
    summary: 'show what apply would do, without writing',
    argument: directory,
    flags: [...planning, 'base', 'allow-unknown-secrets', 'detailed-exitcode', 'out'],
    formats: [...runReport, 'html'],
    exits: { 2: 'Changes, with --detailed-exitcode', 3: refused, 130: interrupted },
    reads: online,
    examples: {
      'downbeat plan schedules --server http://localhost:8080': 'compare a directory with a server',
      'downbeat plan --detailed-exitcode -o json=changes.json --out plan.json':
        'exit 2 on changes, report them as JSON, and save the plan to apply later',
      'downbeat plan --base main...': 'show what this branch changes, without a server',
    },
  },
  apply: {
    summary: 'make the server equal to the manifests, or apply a saved plan',
    argument: {
      name: '[PATH]',
      describe: `${directory.describe}, or a plan that \`downbeat plan --out\` saved`,
    },
    flags: [...planning, 'auto-approve', 'expect-digest', 'fail-fast', 'fire-wait'],
    formats: runReport,
    exits: {
      3: refused,
      4: 'Stale plan or another digest; nothing was written',
      5: partly,
      130: interrupted,
    },
    reads: online,
    examples: {
      'downbeat apply schedules': 'show the plan, ask, apply',
      'downbeat apply schedules --yes': 'apply in a pipeline, without asking',
      'downbeat apply plan.json': 'apply exactly the plan that was reviewed',
    },
  },
  drift: {
    summary: 'check whether the server still matches the manifests',
    argument: directory,
    flags: [...planning, 'strict', 'policies', 'online'],
    formats: [...runReport, 'html'],
    exits: { 2: 'Drift, also where a schedule belongs to another owner', 130: interrupted },
    reads: online,
    examples: {
      'downbeat drift schedules': 'exit 2 when somebody changed a schedule on the server',
    },
  },
  pull: {
    summary: "bring the server's side into the manifests",
    argument: directory,
    flags: [
      ...configuration,
      ...connection,
      'unmanaged',
      'pull-from',
      'workflow',
      ...selection,
      'take-over',
      'check',
      'output',
      'show-sensitive',
    ],
    formats: report,
    exits: { 2: 'There is something to write, with --check', 130: interrupted },
    reads: online,
    examples: {
      'downbeat pull --check': 'show the differences on the server as changes to the files',
      'downbeat pull --unmanaged': 'also write a manifest for each schedule that has none',
      'downbeat pull --from body.json': 'turn a request body into a manifest, without a server',
    },
  },
  render: {
    summary: 'print the manifests with variables, overlays and defaults applied',
    argument: directory,
    flags: [...configuration, 'explain', 'allow-empty', 'compiled'],
    reads: [],
    examples: {
      'downbeat render --env staging': 'print the schedules of that environment',
      'downbeat render --env staging --explain': 'also say which file each value comes from',
      'downbeat render --compiled': 'print the crons that calendars are compiled to',
    },
  },
  config: {
    summary: 'print the settings and where each comes from',
    argument: directory,
    flags: [...configuration, 'server', 'server-type', 'prune', 'no-prune', ...limits, 'output'],
    formats: report,
    reads: ['CONDUCTOR_SERVER_URL', 'NO_COLOR'],
    examples: {
      'downbeat config --env staging': 'show which server it uses, and why',
    },
  },
  next: {
    summary: 'print when a schedule or a cron fires next, offline',
    argument: { name: '<NAME|CRON>', describe: 'Name from the manifests, or a cron expression in quotes' },
    flags: [...configuration, ...connection, 'zone', 'from', 'limit', 'output'],
    formats: report,
    reads: online,
    examples: {
      'downbeat next daily-order-processing': 'print its fires in its zone and in UTC',
      'downbeat next "0 0 9 * * MON-FRI" --zone Europe/Berlin -o json':
        'try a cron that is not in a manifest',
      'downbeat next nightly --server http://localhost:8080':
        "ask for the server's own preview instead: in UTC, five at most",
    },
  },
  agenda: {
    summary: 'print every fire of an interval, offline unless --server',
    argument: directory,
    flags: [...configuration, ...connection, 'from', 'to', 'zone', 'output', 'allow-empty'],
    formats: [...report, 'html', 'ics'],
    reads: online,
    examples: {
      'downbeat agenda --from 2026-12-01T22:00:00Z --to 2026-12-02T02:00:00Z':
        'list the fires in a maintenance window',
      'downbeat agenda --to 2026-12-31 -o ics=agenda.ics': 'put the fires into a calendar',
      'downbeat agenda --server http://localhost:8080':
        'list what the server has instead, without manifests and with its pauses',
    },
  },
  load: {
    summary: 'print how many fires each minute of a day has, offline',
    argument: directory,
    flags: [...configuration, ...connection, 'from', 'output', 'allow-empty'],
    formats: [...report, 'svg', 'html'],
    reads: online,
    examples: {
      'downbeat load': 'find out what makes midnight busy',
      'downbeat load --server http://localhost:8080 -o svg=load.svg': 'draw the load before and after',
    },
  },
  policies: {
    summary: 'show which policies apply to which schedules, offline',
    argument: {
      name: '[NAME]',
      describe: 'Policy, or a schedule (default: every policy)',
      completes: 'schedules',
    },
    flags: [...configuration, 'output', 'fail-on', 'allow-empty'],
    formats: ['text', 'json', 'github', 'sarif'],
    reads: ['NO_COLOR'],
    examples: {
      'downbeat policies': 'count the schedules that keep and break each policy',
      'downbeat policies not-too-often': 'list the schedules that it applies to',
      'downbeat policies nightly': 'list the policies that apply to one schedule',
    },
  },
  status: {
    summary: 'show the state of every schedule: next fire, last run, drift',
    argument: schedules,
    flags: [...configuration, ...connection, ...onCall, 'exit-code', 'output'],
    formats: report,
    exits: { 2: troubled, 130: interrupted },
    reads: online,
    examples: {
      'downbeat status': 'print a line for each schedule',
      "downbeat status 'billing_*' -o json": 'read some of them in a script',
    },
  },
  show: {
    summary: 'show everything about one schedule on one page',
    argument: { name: '<NAME>', describe: 'Name of the schedule', completes: 'schedules' },
    flags: [...configuration, ...connection, 'show-sensitive', 'output'],
    formats: report,
    reads: online,
    examples: {
      'downbeat show nightly': 'see when it fires, whether it ran, and who owns it',
    },
  },
  audit: {
    summary: 'compare the expected fires with the past runs',
    argument: schedules,
    flags: [
      ...configuration,
      ...connection,
      ...onCall,
      'audit-since',
      'until',
      'manifests',
      'outcomes',
      'repair',
      'auto-approve',
      'exit-code',
      'output',
    ],
    formats: ['text', 'json', 'markdown', 'html', 'openmetrics'],
    exits: { 2: troubled, 5: partly, 130: interrupted },
    reads: online,
    examples: {
      'downbeat audit nightly --since 12h': 'find out whether it ran, and why not',
      'downbeat audit -o openmetrics=/var/lib/node_exporter/downbeat.prom':
        'write metrics of what was missed in the last 24 hours',
    },
  },
  history: {
    summary: 'show past runs',
    argument: schedules,
    flags: [
      ...configuration,
      ...connection,
      ...onCall,
      'failed',
      'since',
      'until',
      'text',
      'history-limit',
      'query',
      'sort',
      'history-exit-code',
      'output',
    ],
    formats: report,
    exits: { 2: 'A run could not be started, with --exit-code', 130: interrupted },
    reads: online,
    examples: {
      'downbeat history nightly --limit 5': 'see whether it ran',
      'downbeat history --failed --since 12h': 'list what could not be started, and why',
    },
  },
  pause: {
    summary: 'pause schedules immediately',
    argument: schedules,
    flags: [
      ...configuration,
      ...connection,
      ...onCall,
      'reason',
      'all',
      'each',
      'include-ignored',
      'record',
      'auto-approve',
      'output',
    ],
    formats: report,
    exits: { 5: partly, 130: interrupted },
    reads: online,
    examples: {
      'downbeat pause nightly --reason "INC-4711: ledger is down"': 'pause one, with the reason',
      "downbeat pause 'billing_*' --reason INC-4711": 'pause all of them, after asking',
      'downbeat pause --all --each --record stopped.json': 'pause everything that runs, and record what did',
    },
  },
  resume: {
    summary: 'resume schedules immediately',
    argument: schedules,
    flags: [
      ...configuration,
      ...connection,
      ...onCall,
      'resume-all',
      'resume-record',
      'auto-approve',
      'output',
    ],
    formats: report,
    exits: { 5: partly, 130: interrupted },
    reads: online,
    examples: {
      'downbeat resume nightly': 'resume it from its next fire; missed fires do not run',
      'downbeat resume --record stopped.json': 'resume exactly what was paused',
    },
  },
  requeue: {
    summary: 'requeue execution records that were only partly archived',
    flags: [...configuration, ...connection, 'auto-approve', 'output'],
    formats: report,
    exits: { 130: interrupted },
    reads: online,
    examples: {
      'downbeat requeue': 'ask first; starts no workflow',
    },
  },
  explain: {
    summary: 'explain a field, a code or a policy',
    argument: {
      name: '[FIELD|CODE|POLICY]',
      describe:
        'Field such as lifecycle.protect or config.limits, code, or policy (default: list the fields)',
      completes: [],
    },
    flags: [...configuration],
    reads: [],
    examples: {
      'downbeat explain startWorkflowRequest.priority': 'show its type, default and example',
      'downbeat explain clock-change': 'show what a code means and what to do',
    },
  },
  scaffold: {
    summary: 'print a manifest or a configuration with every field, commented',
    argument: {
      name: '[KIND]',
      describe: 'One of schedule, config (default: schedule)',
      completes: ['schedule', 'config'],
    },
    flags: [],
    reads: [],
    examples: {
      'downbeat scaffold > schedules/nightly.yaml': 'begin a manifest',
      'downbeat scaffold config': 'look up what downbeat.yaml can set',
    },
  },
  schema: {
    summary: 'print a JSON Schema',
    argument: {
      name: '[SCHEMA]',
      describe: `One of ${schemaNames.join(', ')} (default: schedule)`,
      completes: schemaNames,
    },
    flags: [],
    reads: [],
    examples: {
      'downbeat schema > schedule.schema.json': 'give it to an editor, without a checkout',
    },
  },
  completion: {
    summary: 'print a completion script for a shell',
    argument: { name: '[SHELL]', describe: `One of ${shells.join(', ')}`, completes: shells },
    flags: [],
    reads: [],
    examples: {
      'source <(downbeat completion bash)': 'in ~/.bashrc; the same for zsh',
      'downbeat completion fish | source': 'in config.fish',
      'downbeat completion powershell | Out-String | Invoke-Expression': 'in $PROFILE',
    },
  },
  serve: {
    summary: 'run a local Conductor scheduler',
    flags: [
      'port',
      'host',
      'allow-host',
      'serve-server-type',
      'server-version',
      'backend',
      'data',
      'latency',
      'fault',
      'seed',
      'key',
      'assume',
      'complete-after',
    ],
    reads: [],
    examples: {
      'downbeat serve --port 8080': 'get a server to plan and apply against',
      'downbeat serve --backend postgres --fault dead-timer':
        'get late fires, and now and then a save that leaves a schedule without a timer',
      'downbeat serve --fault 503=10% --fault reset-after --fault restart=1% --seed 7':
        'get a server that fails sometimes, in the same way each time',
    },
  },
  version: {
    summary: 'print the version, with --debug also what it runs on',
    flags: [...configuration, ...connection],
    reads: serverVariables,
    examples: {
      'downbeat version --debug': 'get what a bug report needs, without names and secrets',
    },
  },
};

/** All of them, in the order of the help. */
export const commands: readonly CommandSpec[] = commandNames.map((name) => ({ name, ...specs[name] }));

export function commandOf(name: string): CommandSpec | undefined {
  return commands.find((command) => command.name === name);
}
