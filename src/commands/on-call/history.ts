import { flags } from '../../argv/flags.ts';
import type { Options } from '../../argv/program.ts';
import { misreadClause } from '../../conductor/executions.ts';
import { readPages, runKey } from '../../conductor/read-pages.ts';
import { fits, groupedNames } from '../../conductor/read-past-runs.ts';
import type { Execution } from '../../model/execution.ts';
import { type ExitCode, exitCodes } from '../../model/exit.ts';
import { ignoredBy } from '../../model/ignore.ts';
import {
  type ExecutionQuery,
  type Outcome,
  type Reader,
  type ServerIdentity,
  succeed,
} from '../../model/port.ts';
import { present } from '../../model/present.ts';
import { compareText } from '../../model/schedule.ts';
import { documentOf } from '../../report/documents/document.ts';
import { isoTime, pastRunEntry } from '../../report/documents/entries.ts';
import { placed } from '../../run/load-manifests.ts';
import {
  done,
  identify,
  type OpenedAlone,
  observe,
  openAlone,
  type Stage,
  targetOf,
} from '../../run/prologue.ts';
import type { Run } from '../../run/run.ts';
import { pastTimeOf, resolved } from '../../run/typed-times.ts';
import { unknownNames } from '../../run/unknown-names.ts';
import { refuse, type Settled, type UsageError } from '../../settings/settings.ts';
import { chosen, selectsByTags } from './selected.ts';

const pageSize = 100;
const largePage = 1000;
/** Two million runs. */
const mostPages = 2000;
const sortFields: readonly string[] = [
  'scheduledTime',
  'executionTime',
  'scheduleName',
  'workflowName',
  'state',
];

/** Shows past runs, newest first, as far as the server remembers them. Writes nothing. */
export async function run(run: Run): Promise<ExitCode> {
  const { options, names: typed = [] } = run.request;
  const names = [...new Set(typed)];
  const wanted = wantedOf(options, names, run.now());
  if (!wanted.ok) return run.refuse(wanted.usage);
  const opened = openAlone(run);
  if (opened.kind === 'ended') return opened.code;
  const { connection } = opened.value;
  const server = await identify(run, connection);
  if (server.kind === 'ended') return server.code;
  const misread = misreadOf(options, server.value);
  if (misread !== undefined) return run.refuse(misread);
  const { query, after, before, sort = flags.sort.fallback } = wanted.value;
  const tagged = selectsByTags(run) ? await taggedNames(run, opened.value) : undefined;
  if (tagged?.kind === 'ended') return tagged.code;

  const exact = names.filter((name) => !isPattern(name));
  // A few names are asked for; patterns and what only the runs themselves tell is looked for in all of them.
  const isAsked = exact.length === names.length && groupedNames(exact, true).length === 1;
  const limit = options.limit ?? flags['history-limit'].fallback;
  const found = await collect(
    connection.reader,
    { ...wanted.value, ...(isAsked && names.length > 0 ? { names: exact } : {}) },
    limit,
    chooser(names, options, tagged?.value),
  );
  if (!found.ok) return run.fail([], found.failure);
  const silent = exact.filter((name) => !found.value.runs.some(({ schedule }) => schedule === name));
  if (silent.length > 0 && found.value.runs.length < limit) {
    // A schedule that is gone has runs and a misspelled one has none: only a list tells it from one that never ran.
    const list = await connection.reader.list();
    if (!list.ok) return run.fail([], list.failure);
    const known = list.value.schedules.map(({ schedule }) => schedule.name);
    const unknown = unknownNames(silent, known);
    if (unknown.length > 0) return run.fail(placed(unknown));
  }
  const document = documentOf('history', {
    target: targetOf(connection, server.value),
    ...(names.length === 0 ? {} : { asked: names.sort(compareText) }),
    ...present({
      selector: options.selector,
      workflow: options.workflow,
      text: options.text,
      until: isoTime(before),
      query,
    }),
    failed: options.failed === true,
    ...(after === undefined ? {} : { since: isoTime(after + 1) }),
    sort,
    runs: found.value.runs.map(pastRunEntry),
    more: found.value.more,
    ...present({ incomplete: found.value.incomplete }),
  });
  run.report(document);
  const hasFailed = document.runs.some(({ state }) => state === 'FAILED');
  return options.exitCode && hasFailed ? exitCodes.changes : exitCodes.fine;
}

/** Names of the schedules with the tags of `--selector`. */
async function taggedNames(run: Run, { connection }: OpenedAlone): Promise<Stage<ReadonlySet<string>>> {
  const seen = await observe(run, connection, (schedules) =>
    schedules.filter(({ tags }) => tags === undefined).map(({ schedule }) => schedule.name),
  );
  if (seen.kind === 'ended') return seen;
  const options = { selector: run.options.selector ?? [] };
  const selected = chosen(
    { ...run, options, request: { ...run.request, names: [], options } },
    {
      observed: seen.value.schedules,
      desired: [],
    },
  );
  return selected.kind === 'ended' ? selected : done(new Set(selected.value.names));
}

/** What only the run itself tells. Texts are looked for in any letter case. */
function chooser(
  names: readonly string[],
  { workflow, text }: Options,
  tagged: ReadonlySet<string> | undefined,
): (run: Execution) => boolean {
  const isNamed = ignoredBy(names);
  const part = text?.toLowerCase();
  return (run) =>
    (names.length === 0 || isNamed(run.schedule)) &&
    (tagged?.has(run.schedule) ?? true) &&
    (workflow === undefined || run.workflow === workflow) &&
    (part === undefined ||
      [run.schedule, run.workflow, run.workflowId, run.id, run.reason].some((one) =>
        one?.toLowerCase().includes(part),
      ));
}

function isPattern(name: string): boolean {
  return name.includes('*');
}

/** A clause of a typed query that this server would read in another way. */
function misreadOf({ query }: Options, { capabilities }: ServerIdentity): UsageError | undefined {
  const misread =
    query === undefined || capabilities.executionQuery !== 'clauses' ? undefined : misreadClause(query);
  if (misread === undefined) return undefined;
  return {
    message: `the server would read ${JSON.stringify(misread)} as the name of a schedule`,
    hint:
      'join with " AND ": scheduleName IN (a,b), state IN (FAILED), scheduledTime>MS, scheduledTime<MS, ' +
      'workflowName=PART, executionId=ID, or only a name',
  };
}

function wantedOf(options: Options, names: readonly string[], now: number): Settled<ExecutionQuery> {
  const { query, failed, since, until, selector, workflow, text } = options;
  const narrowed = [failed, since, until, selector, workflow, text].some((one) => one !== undefined);
  if (query !== undefined && (names.length > 0 || narrowed)) {
    return refuse(
      '--query cannot be used with NAME or other filters',
      'put every condition into the query, or remove --query',
    );
  }
  const sort = sortOf(options.sort);
  if (!sort.ok) return sort;
  if (query !== undefined) return { ok: true, value: { query, sort: sort.value } };
  const from = since === undefined ? undefined : pastTimeOf('since', since);
  if (from?.ok === false) return from;
  const to = until === undefined ? undefined : pastTimeOf('until', until);
  if (to?.ok === false) return to;
  return {
    ok: true,
    value: {
      ...(failed ? { failed } : {}),
      // The server's bounds are exclusive.
      ...(from === undefined ? {} : { after: resolved(from.value, now) - 1 }),
      ...(to === undefined ? {} : { before: resolved(to.value, now) }),
      sort: sort.value,
    },
  };
}

/** The direction is always said: servers differ in the one they take. */
function sortOf(text: string = flags.sort.fallback): Settled<string> {
  const parts: string[] = [];
  for (const part of text.split(',')) {
    const [, field = '', direction = 'desc'] = /^([A-Za-z]+)(?::(asc|desc))?$/i.exec(part.trim()) ?? [];
    const known = sortFields.find((one) => one.toLowerCase() === field.toLowerCase());
    if (known === undefined) {
      return refuse(
        `--sort ${JSON.stringify(text)} is not a field to sort by`,
        `use one of ${sortFields.join(', ')}, followed by :asc or :desc`,
      );
    }
    parts.push(`${known}:${direction.toUpperCase()}`);
  }
  return { ok: true, value: parts.join(',') };
}

type Found = {
  readonly runs: readonly Execution[];
  readonly more: boolean;
  /** Why the server's further runs could not be read. */
  readonly incomplete?: 'repeats' | 'too-many';
};

/** Page after page until there are enough. New runs push the pages on in the meantime, so none is taken twice. */
async function collect(
  reader: Reader,
  wanted: ExecutionQuery,
  limit: number,
  isChosen: (run: Execution) => boolean,
): Promise<Outcome<Found>> {
  const runs: Execution[] = [];
  const seen = new Set<string>();
  let more = false;
  const first = { start: 0, size: pageSizeFor(limit, 0) };
  const read = await readPages(reader, wanted, first, mostPages, ({ results, totalHits }, { start }) => {
    for (const run of results) {
      if (!fits(run, wanted) || !isChosen(run) || seen.has(runKey(run))) continue;
      more = runs.length === limit;
      if (more) return undefined;
      seen.add(runKey(run));
      runs.push(run);
    }
    const next = start + results.length;
    const isEnd = results.length === 0 || next >= totalHits;
    return isEnd ? undefined : { start: next, size: pageSizeFor(limit, next) };
  });
  if (!read.ok) return read;
  const { ended } = read.value;
  return succeed(more || ended === 'done' ? { runs, more } : { runs, more: true, incomplete: ended });
}

/** What the first page does not answer is looked for in larger ones. */
function pageSizeFor(limit: number, start: number): number {
  return start === 0 ? Math.min(pageSize, limit + 1) : largePage;
}
