import { backEnds, servedTypes } from '../model/port.ts';

/**
 * The one table of flags. Parsing, help, completion, the reference, the inputs of the Action and the type of the
 * parsed options are all made from it; `commands.ts` says which command has which.
 */
export type Flag = {
  /** Where two commands mean different things by one name, the key differs and this is the name. */
  readonly named?: string;
  readonly short?: string;
  /** A second long spelling. */
  readonly alias?: string;
  /** What the value is; absent = a switch. */
  readonly value?: string;
  /** Begins with a verb. */
  readonly describe: string;
  readonly choices?: readonly string[];
  readonly repeatable?: true;
  /** Whole numbers between these, both included: no number that is accepted is too large for what reads it. */
  readonly whole?: readonly [from: number, to: number];
  /** The value when the flag is left out; whoever reads the option takes it from here. */
  readonly fallback?: string | number;
  /** The default in words, where it is not a fixed value. */
  readonly fallbackWords?: string;
  readonly completes?: 'schedules' | 'files';
  /** Has its place under a heading of its own in the help. */
  readonly rare?: true;
};

export const flags = {
  untrusted: {
    describe: 'Do not trust the files: read no configuration and no environment variables, delete nothing',
    rare: true,
  },
  config: {
    value: 'FILE',
    describe: 'Read the configuration from this file',
    fallbackWords: 'the nearest downbeat.yaml, here or above in the Git checkout',
    completes: 'files',
  },
  env: { value: 'NAME', describe: 'Use this environment from the configuration' },
  owner: {
    value: 'NAME',
    describe: 'Act for this owner: mark its schedules, and delete only those',
    fallbackWords: '`owner` in the configuration',
    rare: true,
  },
  'init-owner': {
    named: 'owner',
    value: 'NAME',
    describe: 'Write this owner into the configuration: only schedules with its marker are ever deleted',
    fallbackWords: 'from the Git remote',
  },
  var: {
    value: 'NAME=VALUE',
    describe: "Set a variable for the manifests, overriding the environment's",
    repeatable: true,
  },
  'allow-unknown-secrets': {
    describe: 'Plan even if secrets are not defined here; such a plan cannot be applied',
    rare: true,
  },
  server: {
    value: 'URL',
    describe: 'Use this Conductor server, with or without /api',
    fallbackWords: 'CONDUCTOR_SERVER_URL',
  },
  'server-type': {
    value: 'TYPE',
    describe: 'Treat the server as this type',
    choices: ['auto', ...servedTypes] as readonly ['auto', ...typeof servedTypes],
    fallback: 'auto',
    rare: true,
  },
  header: {
    value: 'NAME:VALUE',
    describe: 'Send an extra header with every request',
    repeatable: true,
    rare: true,
  },
  timeout: {
    value: 'SECONDS',
    describe: 'Limit how long one request may take',
    whole: [1, 86_400],
    fallback: 30,
    rare: true,
  },
  'max-retries': {
    value: 'N',
    describe: 'Limit how often a request is retried',
    whole: [0, 1000],
    fallback: 4,
    rare: true,
  },
  parallelism: {
    value: 'N',
    describe: 'Limit how many requests are in flight at once',
    whole: [1, 1000],
    fallback: 16,
    rare: true,
  },
  debug: { describe: 'Print method, path, status and time of each request', rare: true },
  name: {
    value: 'NAME',
    describe: 'Use this name for the target in comments and issues',
    fallbackWords: 'a hash of everything that affects the outcome',
    rare: true,
  },
  output: {
    short: 'o',
    value: 'FORMAT[=FILE]',
    describe: 'Print in this format, or write it to a file',
    repeatable: true,
    fallback: 'text',
  },
  compiled: { describe: 'Print the crons that calendars are compiled to, instead of the calendars' },
  details: {
    describe:
      'Print a plan or drift in full: more than 50 changes, warnings that are alike or in the base too',
  },
  'show-sensitive': { describe: 'Show values that look like secrets', rare: true },
  'allow-uncommitted': {
    describe: 'Delete schedules even if the checked out commit still has their manifests',
    rare: true,
  },
  'allow-empty': { describe: 'Accept a directory without any manifest', rare: true },
  'fail-on': {
    value: 'SEVERITY',
    describe: 'Exit 1 for problems of at least this severity',
    choices: ['error', 'warning'],
    fallback: 'error',
  },
  base: {
    value: 'REF',
    describe:
      'Compare with the manifests of this commit, without a server or secrets; `REF...` is the merge base of REF and the checked-out commit',
  },
  'detailed-exitcode': { describe: 'Exit 2 when there are changes' },
  out: {
    value: 'FILE',
    describe: 'Save the plan for `downbeat apply FILE`; it holds secrets only as references',
    completes: 'files',
  },
  'expect-digest': {
    value: 'DIGEST',
    describe: 'Apply without asking, if the plan has this digest; exit 4 otherwise',
  },
  'auto-approve': { short: 'y', alias: 'yes', describe: 'Write without asking' },
  'fail-fast': { describe: 'Stop at the first failure', rare: true },
  'fire-wait': {
    value: 'SECONDS',
    describe: 'Limit how long a write waits for a fire that is due and would be lost; 0 = do not wait',
    whole: [0, 86_400],
    fallbackWords: '150, or 10 if fires start on time',
    rare: true,
  },
  online: { describe: 'Check on the server that workflows, versions and inputs exist' },
  explain: { describe: 'Add comments that say where each value comes from' },
  policies: { describe: 'Also check schedules without a manifest against the policies' },
  strict: { describe: 'Count unmanaged schedules and pauses as drift' },
  prune: { describe: "Delete the owner's schedules that are in no manifest" },
  'no-prune': { describe: 'Delete nothing in this run, whatever the configuration says' },
  adopt: {
    value: 'NAME',
    describe: 'Adopt this schedule without a marker even if it differs; `all` for every such schedule',
    repeatable: true,
    completes: 'schedules',
  },
  'take-over': {
    value: 'OWNER',
    describe: "Take over another owner's schedules where a manifest names them",
    repeatable: true,
    rare: true,
  },
  target: {
    value: 'NAME',
    describe: 'Select only this schedule',
    repeatable: true,
    completes: 'schedules',
  },
  exclude: { value: 'NAME', describe: 'Leave out this schedule', repeatable: true, completes: 'schedules' },
  'of-tag': {
    named: 'selector',
    value: 'KEY=VALUE',
    describe: 'Select only schedules with this tag, on the server or in the manifests; all must match',
    repeatable: true,
  },
  selector: {
    value: 'KEY=VALUE',
    describe: 'Select only schedules with this tag, on either side; all must match',
    repeatable: true,
  },
  'max-deletes': {
    value: 'N',
    describe: 'Refuse a plan with more deletes',
    whole: [0, 1_000_000_000],
    fallbackWords: "30% of the owner's, or 3 if that is more; never all",
    rare: true,
  },
  'max-updates': {
    value: 'N',
    describe: 'Refuse a plan with more updates; renames that change something count',
    whole: [0, 1_000_000_000],
    fallbackWords: 'no limit',
    rare: true,
  },
  'max-creates': {
    value: 'N',
    describe: 'Refuse a plan with more creates',
    whole: [0, 1_000_000_000],
    fallbackWords: 'no limit',
    rare: true,
  },
  'max-pauses': {
    value: 'N',
    describe: 'Refuse a plan that pauses more schedules',
    whole: [0, 1_000_000_000],
    fallbackWords: 'no limit',
    rare: true,
  },
  from: {
    value: 'TIME',
    describe: 'Start at this time: ISO 8601 with an offset, or a date for 00:00 UTC',
    fallbackWords: 'now',
  },
  to: {
    value: 'TIME',
    describe: 'End before this time, at most 3660 days later',
    fallbackWords: 'a day later',
  },
  zone: { value: 'ZONE', describe: 'Use this time zone, as in Europe/Berlin', fallback: 'UTC' },
  limit: {
    value: 'N',
    describe: 'Limit how many fires are shown, at most 100000',
    whole: [1, 100_000],
    fallback: 10,
  },
  'max-fires-per-day': {
    value: 'N',
    describe: 'Refuse a plan with more fires of all schedules on one UTC day of the next 28',
    whole: [0, 1_000_000_000],
    fallbackWords: 'no limit',
    rare: true,
  },
  'max-fires-per-minute': {
    value: 'N',
    describe: 'Refuse a plan with more fires of all schedules in one minute of the next 28 days',
    whole: [0, 1_000_000_000],
    fallbackWords: 'no limit',
    rare: true,
  },
  unmanaged: { describe: 'Write a manifest for each schedule that has none' },
  'pull-from': {
    named: 'from',
    value: 'FILE',
    describe:
      'Read the schedules from a file, not a server (- = stdin): a body, or an answer of get, list or search',
    completes: 'files',
  },
  workflow: { value: 'NAME', describe: "Select only this workflow's schedules" },
  check: { describe: 'Show what would be written, but write nothing; exit 2 if anything would be' },
  host: {
    value: 'ADDRESS',
    describe: 'Listen on this address; 0.0.0.0 in a container lets others in, who can do everything',
    fallback: '127.0.0.1',
    rare: true,
  },
  'allow-host': {
    value: 'NAME',
    describe:
      'Answer requests to this host name too, besides addresses, localhost, names without a dot, and .internal, .local and .test',
    repeatable: true,
    rare: true,
  },
  port: {
    value: 'PORT',
    describe: 'Listen on this port; 0 picks a free one',
    whole: [0, 65_535],
    fallback: 8080,
  },
  'serve-server-type': {
    named: 'server-type',
    value: 'TYPE',
    describe: 'Act as this type of server',
    choices: servedTypes as typeof servedTypes,
    fallback: 'oss-2',
  },
  'server-version': {
    value: 'VERSION',
    describe:
      'Act as this version of Conductor OSS; before 3.30.2 it has no bulk calls and no pause of everything',
    fallbackWords: 'a common version of the type',
  },
  backend: {
    value: 'DATABASE',
    describe:
      'Act as on this database: on postgres and mysql fires start one to two minutes late, names end at 255 characters and lists have another order; mysql treats names as equal that differ only in case, accents or trailing spaces',
    choices: backEnds as typeof backEnds,
    fallback: 'sqlite',
  },
  latency: {
    value: 'MS',
    describe: 'Wait this many milliseconds before each answer',
    whole: [0, 3_600_000],
    fallback: 0,
  },
  fault: {
    value: 'KIND[=RATE]',
    describe:
      'Let this share of the requests (of failed-run: of the fires) fail, as in 503=0.1 or 503=10% (no rate: 5%); kinds: 429, 500, 502, 503, 504, reset-before, reset-after, slow, cut-off, html, expired-token, lost-tags-write, second-writer, restart, dead-timer, failed-run',
    repeatable: true,
  },
  seed: {
    value: 'N',
    describe: 'Repeat the same faults for the same requests',
    whole: [0, 1_000_000_000],
    fallbackWords: 'a new one each time, printed',
  },
  key: {
    value: 'KEY:SECRET',
    describe: 'Give tokens to this key; without any, no request needs a token',
    repeatable: true,
  },
  assume: {
    value: 'NAME=WORD',
    describe:
      'Choose what is assumed about Orkes: update=plain or overwrite, list-tags=yes or no, workflow-filter=obeyed or ignored, tags-write=upsert or replace or append, tags-of-missing=not-found or accepted, tags-after-delete=removed or kept, cron-schedules=dropped or kept (the first is the default)',
    repeatable: true,
  },
  'complete-after': {
    value: 'SECONDS',
    describe: 'Complete every workflow this long after its start',
    whole: [0, 86_400],
    fallbackWords: 'at once, or when workers have done its tasks',
  },
  data: { value: 'FILE', describe: 'Keep the state in this file; create it if needed', completes: 'files' },
  reason: { value: 'TEXT', describe: 'Store this reason on the server' },
  all: { describe: "Use the server's own switch for the whole scheduler" },
  'resume-all': {
    named: 'all',
    describe: "Turn the server's own switch on again; what `pause --each` paused needs --record",
  },
  each: { describe: 'With --all and --record: pause every running schedule, not the server as a whole' },
  'include-ignored': { describe: 'With --each: also pause what `ignore` in the configuration leaves out' },
  record: {
    value: 'FILE',
    describe: 'Store in this file which schedules were running',
    completes: 'files',
  },
  'resume-record': {
    named: 'record',
    value: 'FILE',
    describe: 'Resume the schedules in this file from `pause --all --each --record FILE`',
    completes: 'files',
  },
  failed: { describe: 'Show only runs that could not be started' },
  since: {
    value: 'WHEN',
    describe: 'Show only runs since then: how long ago (30m, 12h, 7d), a date, or a time with an offset',
  },
  'audit-since': {
    named: 'since',
    value: 'WHEN',
    describe: 'Look at fires since then: how long ago (30m, 12h, 7d), a date, or a time with an offset',
    fallback: '24h',
  },
  until: { value: 'WHEN', describe: 'Look only before then, in the forms of --since', fallbackWords: 'now' },
  text: { value: 'TEXT', describe: 'Show only runs with this text in the schedule, workflow, ID or reason' },
  manifests: { describe: 'Compute the expected fires from the manifests, not from the server' },
  outcomes: { describe: 'Also ask how the workflows ended, one request for each run' },
  repair: { describe: 'Give schedules without a timer a new one, by pause and resume, after asking' },
  'exit-code': { describe: 'Exit 2 when something is overdue, missed, failed or not on the server' },
  'history-exit-code': { named: 'exit-code', describe: 'Exit 2 when a run could not be started' },
  'history-limit': {
    named: 'limit',
    value: 'N',
    describe: 'Limit how many runs are shown',
    whole: [1, 100_000],
    fallback: 20,
  },
  query: {
    value: 'QUERY',
    describe: "Search in the server's own query language, instead of NAME and the other filters",
    rare: true,
  },
  sort: {
    value: 'FIELD[:asc|desc]',
    describe: 'Sort by scheduledTime, executionTime, scheduleName, workflowName or state',
    fallback: 'scheduledTime:desc',
  },
  ci: {
    value: 'KIND',
    describe: 'Write the pipeline for this CI',
    choices: ['github', 'gitlab', 'cron', 'none'],
    fallbackWords: 'from the Git remote',
  },
  environment: {
    value: 'NAME',
    describe: 'Write an environment of this name, in the configuration and the pipeline',
    repeatable: true,
    fallbackWords: 'none: there is one server',
  },
  action: {
    value: 'OWNER/REPO@REF',
    describe: 'Write the pipeline with this GitHub Action',
    fallbackWords: 'the npm package at this exact version',
  },
  quiet: { short: 'q', describe: 'Print no notes and warnings, and no result of a check that found nothing' },
  'no-color': { describe: 'Print without colors', fallbackWords: 'NO_COLOR' },
} as const;

type Table = typeof flags;

export type FlagKey = keyof Table;

type NameOf<K extends FlagKey> = Table[K] extends { readonly named: infer N extends string } ? N : K;

/** The name as it is typed, without hyphens in front. */
export type FlagName = { [K in FlagKey]: NameOf<K> }[FlagKey];

/** As it is typed, without and with a value. */
export type FlagText = `--${FlagName}`;
export type FlagWord = FlagText | `${FlagText}=${string}`;

type CamelCase<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : S;

type ValueOf<F> = F extends { readonly value: string }
  ? F extends { readonly repeatable: true }
    ? readonly string[]
    : F extends { readonly choices: readonly (infer Choice)[] }
      ? Choice
      : F extends { readonly whole: readonly [number, number] }
        ? number
        : string
  : true;

/** What was typed, by the names of the flags in camel case: switches are true or absent, repeatable flags are lists. */
export type Options = { readonly [K in FlagKey as CamelCase<NameOf<K>>]?: ValueOf<Table[K]> };

/** Flags that every command has. */
export const everywhere: readonly FlagKey[] = ['quiet', 'no-color'];

/** A property of the table that no flag has: then `flagOf` takes nothing, and this does not compile. */
type Misspelt = Exclude<{ [K in FlagKey]: keyof Table[K] }[FlagKey], keyof Flag>;

export function flagOf(
  key: [Misspelt] extends [never] ? FlagKey : never,
): Flag & { readonly name: FlagName } {
  const flag: Flag = flags[key];
  return { ...flag, name: (flag.named ?? key) as FlagName };
}

export function fallbackText({ fallback, fallbackWords }: Flag): string | undefined {
  return fallbackWords ?? (fallback === undefined ? undefined : String(fallback));
}
