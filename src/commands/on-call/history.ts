import { flags } from '../../argv/flags.ts';
import type { Options } from '../../argv/program.ts';
import { misreadClause } from '../../conductor/executions.ts';
import { fits } from '../../conductor/read-past-runs.ts';
import type { Execution } from '../../model/execution.ts';
import { type ExitCode, exitCodes } from '../../model/exit.ts';
import {
  type ExecutionQuery,
  type Outcome,
  type Reader,
  type ServerIdentity,
  succeed,
} from '../../model/port.ts';
import { present } from '../../model/present.ts';
import { historyDocument } from '../../report/documents/history.ts';
import { placed } from '../../run/load-manifests.ts';
import { identify, openAlone, targetOf } from '../../run/prologue.ts';
import type { Run } from '../../run/run.ts';
import { unknownNames } from '../../run/unknown-names.ts';
import { refuse, type Settled, type UsageError } from '../../settings/settings.ts';
import { sinceMoment } from './since.ts';

const pageSize = 100;
const sortFields: readonly string[] = [
  'scheduledTime',
  'executionTime',
  'scheduleName',
  'workflowName',
  'state',
];

/** Shows past runs, newest first, as far as the server remembers them. Writes nothing. */
export async function run(run: Run): Promise<ExitCode> {
  const { options, names = [] } = run.request;
  const [name] = names;
  const wanted = wantedOf(options, name, run.now());
  if (!wanted.ok) return run.refuse(wanted.usage);
  const opened = openAlone(run);
  if (opened.kind === 'ended') return opened.code;
  const { connection } = opened.value;
  const server = await identify(run, connection);
  if (server.kind === 'ended') return server.code;
  const misread = misreadOf(options, server.value);
  if (misread !== undefined) return run.refuse(misread);

  const found = await collect(
    connection.reader,
    wanted.value,
    options.limit ?? flags['history-limit'].fallback,
  );
  if (!found.ok) return run.fail([], found.failure);
  if (name !== undefined && found.value.runs.length === 0) {
    // A schedule that is gone has runs and a misspelt one has none: only a list tells it from one that never ran.
    const list = await connection.reader.list();
    if (!list.ok) return run.fail([], list.failure);
    const known = list.value.schedules.map(({ schedule }) => schedule.name);
    const unknown = unknownNames([name], known);
    if (unknown.length > 0) return run.fail(placed(unknown));
  }
  const { query, after, sort = flags.sort.fallback } = wanted.value;
  const document = historyDocument({
    target: targetOf(connection, server.value),
    ...present({ name }),
    failed: options.failed === true,
    ...(after === undefined ? {} : { since: after + 1 }),
    ...present({ query }),
    sort,
    ...found.value,
  });
  run.report(document);
  return exitCodes.fine;
}

/** A clause of a typed query that this server would read in another way. */
function misreadOf({ query }: Options, { capabilities }: ServerIdentity): UsageError | undefined {
  const misread =
    query === undefined || capabilities.executionQuery !== 'clauses' ? undefined : misreadClause(query);
  if (misread === undefined) return undefined;
  return {
    message: `the server would take ${JSON.stringify(misread)} for the name of a schedule`,
    hint:
      'join with " AND ": scheduleName IN (a,b), state IN (FAILED), scheduledTime>MS, scheduledTime<MS, ' +
      'workflowName=PART, executionId=ID, or a name alone',
  };
}

function wantedOf(options: Options, name: string | undefined, now: number): Settled<ExecutionQuery> {
  const { query, failed, since } = options;
  if (query !== undefined && (name !== undefined || failed || since !== undefined)) {
    return refuse(
      '--query says everything itself: it does not go with a NAME, --failed or --since',
      'write it all into the query, or leave --query out',
    );
  }
  const sort = sortOf(options.sort);
  if (!sort.ok) return sort;
  if (query !== undefined) return { ok: true, value: { query, sort: sort.value } };
  const from = since === undefined ? undefined : sinceMoment(since, now);
  if (since !== undefined && from === undefined) {
    return refuse(
      `--since ${JSON.stringify(since)} is not a valid time`,
      'write how long ago, as in 30m, 12h or 7d, or a moment such as 2027-01-01T00:00:00Z',
    );
  }
  return {
    ok: true,
    value: {
      ...(name === undefined ? {} : { names: [name] }),
      ...(failed ? { failed } : {}),
      // The server's bound is exclusive.
      ...(from === undefined ? {} : { after: from - 1 }),
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
        `--sort ${JSON.stringify(text)} names no field to sort by`,
        `there are ${sortFields.join(', ')}, each with :asc or :desc behind it`,
      );
    }
    parts.push(`${known}:${direction.toUpperCase()}`);
  }
  return { ok: true, value: parts.join(',') };
}

interface Found {
  readonly runs: readonly Execution[];
  readonly more: boolean;
}

/** Page after page until there are enough. New runs push the pages on meanwhile, so none is taken twice. */
async function collect(reader: Reader, wanted: ExecutionQuery, limit: number): Promise<Outcome<Found>> {
  const runs: Execution[] = [];
  const seen = new Set<string>();
  for (let start = 0; ; ) {
    const page = await reader.searchExecutions({ ...wanted, start, size: Math.min(pageSize, limit + 1) });
    if (!page.ok) return page;
    const { results, totalHits } = page.value;
    for (const run of results) {
      if (!fits(run, wanted) || (run.id !== undefined && seen.has(run.id))) continue;
      if (run.id !== undefined) seen.add(run.id);
      if (runs.length === limit) return succeed({ runs, more: true });
      runs.push(run);
    }
    start += results.length;
    if (results.length === 0 || start >= totalHits) return succeed({ runs, more: false });
  }
}
