import { firesAfter } from '../cron/fire/fires.ts';
import { parseCron } from '../cron/parse/parse-cron.ts';
import { isObject, type Json, type JsonObject, objectOf, writeJson } from '../model/json.ts';
import { present } from '../model/present.ts';
import { compareText, type Tag } from '../model/schedule.ts';
import type { Access } from './access.ts';
import { bean, listOf, long, map, oneOf, text } from './body/beans.ts';
import { workflowDefinition } from './body/definition.ts';
import { readSave, startRequest } from './body/record.ts';
import { violationsOf } from './body/validate.ts';
import {
  type Call,
  forInput,
  integerOf,
  unconvertible,
  withBody,
  withBoxed,
  withNumbers,
  withTruth,
  withTyped,
} from './reading.ts';
import {
  between,
  executionOrder,
  executionText,
  isNewestFirst,
  likePart,
  readQuery,
  sortKeys,
} from './run-history.ts';
import { readRunQuery, runOrder, summaryOf } from './runs/search.ts';
import type { RouteAction, ServerTypeRow } from './server-types.ts';
import type { BackEndRow } from './storage/back-ends.ts';
import type { Stored } from './storage/rows.ts';
import type { Store, Written } from './store.ts';
import { empty, invalid, json, jsonText, plainText, problem, type WireResponse } from './wire.ts';
import type { Workflows } from './workflows.ts';

/** What a handler works on. */
export type Server = {
  readonly row: ServerTypeRow;
  readonly backEnd: BackEndRow;
  readonly store: Store;
  readonly workflows: Workflows;
  readonly access: Access;
  readonly now: () => number;
  readonly honoursWorkflowFilter: boolean;
  readonly tagsOfMissing: 'not found' | 'accepted';
};

type Handler = (server: Server, call: Call) => WireResponse;

/** One handler per action; which verb and path leads to it is a matter of the server type's row. */
export const handlers: { readonly [A in RouteAction]: Handler } = {
  save(server, call) {
    return withBody(call, (body) => {
      const read = readSave(body, server.row.cronSchedules === 'kept');
      if (!read.ok) return problem(500, `JSON parse error: ${read.why}`);
      const { name } = read.stored;
      const exists = typeof name === 'string' && server.store.get(name) !== undefined;
      if (exists && !mayCall(call, name)) return forbidden(name);
      if (exists && server.row.conflictOnCreate && call.query('overwrite') !== 'true')
        return problem(409, `Schedule '${name}' already exists`);
      const written = server.store.save(read, userOf(server, call));
      if (written.kind === 'missing') return notFound(String(name));
      if (written.kind === 'failed') return problem(500, written.message);
      if (server.row.saveAnswer === 'nothing') return empty();
      return json(server.row.saveAnswer === 'object' ? written.answer : {});
    });
  },
  get(server, call) {
    const name = nameOf(call);
    const stored = server.store.get(name);
    if (stored && !mayCall(call, name)) return forbidden(name);
    if (stored) return jsonText(stored.text);
    return server.row.getMissing === 'nothing' ? empty() : notFound(name);
  },
  list(server, call) {
    const workflow = call.query('workflowName') ?? '';
    const filters = server.honoursWorkflowFilter && workflow.trim() !== '';
    return listAnswer(server, call, (stored) => !filters || workflowNameOf(stored) === workflow);
  },
  'list by tag'(server, call) {
    const [key = '', value = ''] = (call.query('tag') ?? '').split(/:(.*)/s);
    return listAnswer(server, call, ({ name }) =>
      server.store.tags(name).some((tag) => tag.key === key && tag.value === value),
    );
  },
  'search definitions'(server, call) {
    return withTruth(call, 'paused', 'java.lang.Boolean', (paused) =>
      withNumbers(call, { start: 0, size: 100 }, ({ start, size }) => {
        const { keyOf, negativeSize } = server.backEnd;
        const part = server.row.nameFilter
          .map(call.query)
          .find((asked) => asked !== undefined && asked !== '');
        const matchesName = part === undefined ? () => true : likePart(part, server.backEnd);
        const workflow = call.query('workflowName') ?? '';
        const found = visible(server, call)
          .filter(({ name }) => matchesName(name))
          .filter((stored) => workflow === '' || workflowNameOf(stored) === workflow)
          .filter(({ schedule }) => paused === undefined || schedule.paused === paused)
          .sort((a, b) => compareText(keyOf(a.name), keyOf(b.name)));
        if (size < 0 && negativeSize !== 'all') return problem(500, negativeSize.words);
        const page = pageOf(found, start, size).map((stored) => listElement(server, stored));
        return jsonText(`{"totalHits":${found.length},"results":[${page.join(',')}]}`);
      }),
    );
  },
  delete(server, call) {
    const name = nameOf(call);
    if (!mayCall(call, name)) return forbidden(name);
    const written = server.store.delete(name, userOf(server, call));
    if (written.kind === 'failed') return problem(500, written.message);
    return { ...empty(), status: server.row.deleteStatus };
  },
  pause(server, call) {
    const name = nameOf(call);
    if (!mayCall(call, name)) return forbidden(name);
    return writtenAnswer(name, server.store.pause(name, call.query('reason'), userOf(server, call)));
  },
  resume(server, call) {
    const name = nameOf(call);
    if (!mayCall(call, name)) return forbidden(name);
    const running = server.store.get(name)?.schedule.paused === false;
    if (running && server.row.resumeRunning === 'nothing') return empty();
    return writtenAnswer(name, server.store.resume(name, userOf(server, call)));
  },
  'bulk pause'(server, call) {
    return bulk(call, 'pauseSchedules', (name) => server.store.pause(name, undefined, userOf(server, call)));
  },
  'bulk resume'(server, call) {
    return bulk(call, 'resumeSchedules', (name) => server.store.resume(name, userOf(server, call)));
  },
  'pause all': (server, call) => admin(call, () => setPolling(server, false)),
  'resume all': (server, call) => admin(call, () => setPolling(server, true)),
  // Nothing is ever left between the start of a workflow and its record here.
  requeue: (_server, call) => admin(call, () => json({ sampleIds: [], 'recordIds.size': 0 })),
  'next few'(server, call) {
    const expression = call.query('cronExpression');
    if (expression === undefined)
      return problem(
        500,
        "Required request parameter 'cronExpression' for method parameter type String is not present",
      );
    return withBoxed(call, 'scheduleStartTime', 64, (startTime) =>
      withBoxed(call, 'scheduleEndTime', 64, (endTime) =>
        withNumbers(call, { limit: server.row.nextFewDefault }, ({ limit }) => {
          if (!parseCron(expression).ok) return problem(500, 'Invalid cron expression');
          // Always UTC, whatever zone the schedule has (OSS 3.32.1).
          const timing = {
            entries: [{ cronExpression: expression, zoneId: 'UTC' }],
            ...present({ startTime, endTime }),
            catchup: false,
          };
          return json([...firesAfter(timing, server.now(), Math.min(limit, 5))]);
        }),
      ),
    );
  },
  'search executions'(server, call) {
    return withNumbers(call, { start: 0, size: 100 }, ({ start, size }) => {
      const { negativeSize } = server.backEnd;
      const read = readQuery(call.query('query'), server.row.historyGrammar, server.backEnd);
      if (!read.ok) return problem(read.status, read.message);
      const keys = sortKeys(call.query('sort'), server.row);
      if (keys === undefined) return problem(500, 'Index 0 out of bounds for length 0');
      if (size < 0 && negativeSize !== 'all') return problem(500, negativeSize.words);
      const { sees } = call.key ?? {};
      const isUsual = isNewestFirst(keys);
      const all = isUsual ? between(server.store.newestFirst(), read) : server.store.executions();
      const matching = isUsual && read.onlyMoments ? all : all.filter(read.matches);
      const readable =
        sees === undefined ? matching : matching.filter(({ scheduleName }) => sees(scheduleName));
      const found = isUsual ? readable : readable.toSorted(executionOrder(keys));
      const page = pageOf(found, start, size).map(executionText);
      return jsonText(`{"totalHits":${found.length},"results":[${page.join(',')}]}`);
    });
  },
  'tags get': (server, call) => ofTaggable(server, call, (name) => json(tagsJson(server.store.tags(name)))),
  'tags set'(server, call) {
    return ofTaggable(server, call, (name) =>
      withTags(call, (tags) => {
        server.store.writeTags(name, tags, server.row.tagsWrite, userOf(server, call));
        return empty();
      }),
    );
  },
  'tags delete'(server, call) {
    return ofTaggable(server, call, (name) =>
      withTags(call, (tags) => {
        server.store.removeTags(name, tags, userOf(server, call));
        return server.row.tagsDeleteAnswer === 'remaining'
          ? json(tagsJson(server.store.tags(name)))
          : empty();
      }),
    );
  },
  token: (server, call) => withBody(call, (body) => server.access.issue(body)),
  version: (server) => plainText(server.row.version),
  health: () => json({ healthResults: [], suppressedHealthResults: [], healthy: true }),
  'workflow create'({ workflows }, call) {
    return withTyped(call, workflowDefinition, (body) =>
      withTruth(call, 'overwrite', 'boolean', (overwrite = false) => {
        const definition = body as JsonObject;
        const taken = workflows.has(definition);
        if (taken && !overwrite)
          return problem(
            409,
            `Workflow with ${String(definition.name)}.${String(definition.version)} already exists!`,
          );
        const wrong = invalidDefinition(
          [definition],
          () => `${taken ? 'update' : 'register'}WorkflowDef.arg0`,
        );
        if (wrong) return wrong;
        workflows.define(definition, false);
        return empty();
      }),
    );
  },
  'workflow update'({ workflows }, call) {
    return withTyped(call, listOf(workflowDefinition), (body) => {
      const definitions = (body as readonly Json[]).filter(isObject);
      const path = 'updateWorkflowDef.arg0';
      if ((body as readonly Json[]).length === 0)
        return invalid([{ path, message: 'WorkflowDefList is empty' }]);
      if (definitions.length < (body as readonly Json[]).length)
        return invalid([{ path: `${path}[0].<list element>`, message: 'WorkflowDef cannot be null' }]);
      const wrong = invalidDefinition(definitions, (index) => `${path}[${index}]`);
      if (wrong) return wrong;
      for (const definition of definitions) workflows.define(definition, true);
      return json({
        bulkErrorResults: {},
        bulkSuccessfulResults: definitions.map(({ name = null }) => name),
      });
    });
  },
  'workflow list': ({ workflows }) => json([...workflows.all()]),
  'workflow names': ({ workflows }) => json(workflows.names()),
  'workflow get'({ workflows }, call) {
    return withVersion(call, (name, version) => {
      const found = workflows.find(name, version);
      return found ? json(found) : noWorkflow(name, version);
    });
  },
  'workflow delete'({ workflows }, call) {
    const [name = '', written = ''] = call.parameters;
    if (written.trim() === '')
      return problem(
        500,
        "Required URI template variable 'version' for method parameter type Integer is present but converted to null",
      );
    const version = integerOf(written, 32);
    if (version === undefined) return unconvertible('version', 'java.lang.Integer', forInput(written));
    return workflows.undefine(name, Number(version))
      ? empty()
      : problem(500, `No such workflow definition: ${name} version: ${version}`);
  },
  'workflow start'({ workflows }, call) {
    return withTyped(call, startRequest, (request) => {
      const started = workflows.start(request as JsonObject);
      return started.ok ? plainText(started.workflowId) : started.answer;
    });
  },
  'workflow start by name'({ workflows }, call) {
    return withTyped(call, map, (input) =>
      withVersion(call, (name, version) =>
        withNumbers(call, { priority: 0 }, ({ priority }) => {
          const bound = priority > 99 ? '99 is the maximum' : priority < 0 ? '0 is the minimum' : undefined;
          if (bound !== undefined)
            return invalid([
              {
                path: 'startWorkflow.arg3',
                message: `${bound} priority value`,
                invalidValue: String(priority),
              },
            ]);
          const started = workflows.start({ name, input, priority, ...present({ version }) });
          return started.ok ? plainText(started.workflowId) : noWorkflow(name, version);
        }),
      ),
    );
  },
  'workflow run'({ workflows }, call) {
    return withTruth(call, 'includeTasks', 'boolean', (includeTasks = true) => {
      const run = workflows.run(nameOf(call));
      if (run === undefined) return noRun(nameOf(call));
      return json(includeTasks ? run : { ...run, tasks: [] });
    });
  },
  'workflow search'({ workflows }, call) {
    return withNumbers(call, { start: 0, size: 100 }, ({ start, size }) => {
      const read = readRunQuery(call.query('query') ?? '');
      if (!read.ok) return problem(400, read.message);
      const found = workflows
        .runs()
        .filter(read.matches)
        .sort(runOrder(call.query('sort') ?? ''));
      return json({ totalHits: found.length, results: pageOf(found, start, size).map(summaryOf) });
    });
  },
  'workflow terminate'({ workflows }, call) {
    return workflows.terminate(nameOf(call), call.query('reason')) ? empty() : noRun(nameOf(call));
  },
  'task poll'({ workflows }, call) {
    const [task] = workflows.poll(nameOf(call), 1, call.query('workerid'));
    return task ? json(task) : { ...empty(), status: 204 };
  },
  'task batch poll'({ workflows }, call) {
    return withNumbers(call, { count: 1, timeout: 100 }, ({ count }) =>
      json([...workflows.poll(nameOf(call), count, call.query('workerid'))]),
    );
  },
  'task get'({ workflows }, call) {
    const task = workflows.task(nameOf(call));
    return task ? json(task) : problem(404, `Task not found for taskId: ${nameOf(call)}`);
  },
  'task update'({ workflows }, call) {
    return withTyped(call, taskResult, (body) => {
      const result = body as JsonObject;
      const missing = [
        ...(result.workflowInstanceId ? [] : [['workflowInstanceId', 'Workflow Id']]),
        ...(result.taskId ? [] : [['taskId', 'Task ID']]),
      ].map(([field = '', what]) => ({
        path: `updateTask.arg0.${field}`,
        message: `${what} cannot be null or empty`,
        ...(result[field] === '' ? { invalidValue: '' } : {}),
      }));
      if (missing.length > 0) return invalid(missing);
      const done = workflows.report(result);
      if (done === 'no workflow') return noRun(String(result.workflowInstanceId));
      return done === 'no task'
        ? problem(404, `No such task found by id: ${String(result.taskId)}`)
        : plainText(String(result.taskId));
    });
  },
};

const taskResult = bean([
  { name: 'workflowInstanceId', as: text },
  { name: 'taskId', as: text },
  { name: 'reasonForIncompletion', as: text },
  { name: 'callbackAfterSeconds', as: long, initial: 0, nulled: 0 },
  { name: 'workerId', as: text },
  {
    name: 'status',
    as: oneOf(['IN_PROGRESS', 'FAILED', 'FAILED_WITH_TERMINAL_ERROR', 'COMPLETED']),
  },
  { name: 'outputData', as: map, initial: {} },
]);

function noRun(id: string): WireResponse {
  return problem(404, `No such workflow found by id: ${id}`);
}

function nameOf(call: Call): string {
  return call.parameters[0] ?? '';
}

function workflowNameOf({ schedule }: Stored): Json | undefined {
  return isObject(schedule.startWorkflowRequest) ? schedule.startWorkflowRequest.name : undefined;
}

/** Runs a handler on the workflow that the path names and the optional `version` beside it. */
function withVersion(
  call: Call,
  action: (name: string, version: number | undefined) => WireResponse,
): WireResponse {
  return withBoxed(call, 'version', 32, (version) => action(nameOf(call), version));
}

/** The refusal of definitions of which one is not valid. */
function invalidDefinition(
  definitions: readonly JsonObject[],
  path: (index: number) => string,
): WireResponse | undefined {
  const violations = definitions.map((definition, index) => violationsOf(definition, path(index)));
  if (violations.includes(undefined))
    return problem(500, 'HV000028: Unexpected exception during isValid call.');
  const found = violations.flatMap((some) => some ?? []);
  return found.length === 0 ? undefined : invalid(found);
}

function noWorkflow(name: string, version: number | undefined): WireResponse {
  return problem(404, `No such workflow found by name: ${name}, version: ${version ?? 'null'}`);
}

function userOf(server: Server, call: Call): string {
  return server.row.facts === 'user' ? (call.key?.id ?? 'local') : '';
}

function mayCall(call: Call, name: string): boolean {
  return call.key?.sees?.(name) ?? true;
}

function forbidden(name: string): WireResponse {
  return problem(403, `No permission for schedule '${name}'`);
}

function notFound(name: string): WireResponse {
  return problem(404, `Schedule '${name}' not found`);
}

function writtenAnswer(name: string, written: Written): WireResponse {
  if (written.kind === 'missing') return notFound(name);
  return written.kind === 'failed' ? problem(500, written.message) : empty();
}

function admin(call: Call, action: () => WireResponse): WireResponse {
  return call.key?.admin === false ? problem(403, 'Only an administrator may do this') : action();
}

function setPolling(server: Server, on: boolean): WireResponse {
  server.store.setPolling(on);
  return json({ status: 'done' });
}

function visible(server: Server, call: Call): Stored[] {
  const all = [...server.store.all()];
  const sees = call.key?.sees;
  return sees ? all.filter(({ name }) => sees(name)) : all;
}

function listAnswer(server: Server, call: Call, wanted: (stored: Stored) => boolean): WireResponse {
  const elements = visible(server, call)
    .filter(wanted)
    .map((stored) => listElement(server, stored));
  return jsonText(`[${elements.join(',')}]`);
}

/** The schedule as lists show it: on Orkes with its tags and the organisation. */
function listElement({ row, store }: Server, { name, text }: Stored): string {
  const tags = row.listTags ? `"tags":${writeJson(tagsJson(store.tags(name)))},` : '';
  const facts = row.facts === 'user' ? `,"orgId":"0000","queueMsgId":${JSON.stringify(name)}` : '';
  return tags === '' && facts === '' ? text : `{${tags}${text.slice(1, -1)}${facts}}`;
}

function tagsJson(tags: readonly Tag[]): Json {
  return tags.map(({ key, value }) => ({ key, value }));
}

/** A size below 0 is not a limit, a start below 0 is 0 (as SQLite takes them). */
function pageOf<T>(items: readonly T[], start: number, size: number): readonly T[] {
  const from = Math.max(start, 0);
  return size < 0 ? items.slice(from) : items.slice(from, from + size);
}

function ofTaggable(server: Server, call: Call, action: (name: string) => WireResponse): WireResponse {
  const name = nameOf(call);
  if (!mayCall(call, name)) return forbidden(name);
  const known = server.store.get(name) !== undefined || server.tagsOfMissing === 'accepted';
  return known ? action(name) : notFound(name);
}

function withTags(call: Call, action: (tags: readonly Tag[]) => WireResponse): WireResponse {
  return withBody(call, (body) => {
    if (!Array.isArray(body) || !body.every(isObject))
      return problem(400, 'JSON parse error: the body is not a list of tags');
    return action(body.map(({ key = '', value = '' }) => ({ key: String(key), value: String(value) })));
  });
}

function bulk(call: Call, method: string, write: (name: string) => Written): WireResponse {
  return withTyped(call, listOf(text), (names) => {
    const body = names as readonly Json[];
    if (body.length === 0 || body.length > 1000) {
      const message =
        body.length === 0
          ? 'Schedule names list cannot be null.'
          : 'Cannot process more than 1000 schedules. Please use multiple requests.';
      return invalid([{ path: `${method}.arg0`, message }]);
    }
    const failed = new Map<string, string>();
    const succeeded: string[] = [];
    for (const name of body.filter((item) => item !== null).map(String)) {
      const written: Written = mayCall(call, name) ? write(name) : { kind: 'missing' };
      if (written.kind === 'done') succeeded.push(name);
      else failed.set(name, written.kind === 'failed' ? written.message : `Schedule '${name}' not found`);
    }
    if (body.includes(null))
      return problem(
        500,
        'Could not write JSON: Null key for a Map not allowed in JSON (use a converting NullKeySerializer?)',
      );
    return json({ bulkErrorResults: objectOf(failed), bulkSuccessfulResults: succeeded });
  });
}
