import { parseCron } from '../../cron/parse/parse-cron.ts';
import { cronWords } from '../../cron/words/words.ts';
import { localText } from '../../cron/zone/local.ts';
import { utcText } from '../../cron/zone/utc.ts';
import { parseZone } from '../../cron/zone/zone.ts';
import type { Json, JsonObject } from '../../model/json.ts';
import type { Execution } from '../run-history.ts';
import { entriesOf, type Timer } from '../timers.ts';
import { faultWords } from './fault-words.ts';
import type { LocalServer } from './local-server.ts';
import { upcoming } from './upcoming.ts';

const mostSchedules = 200;
const mostNext = { limit: 25, limitOfEach: 3 };
const mostRuns = 100;
const mostRequests = 100;

/** All that the page shows; `filter` is part of the names of the schedules that are wanted. */
export function pageState(local: LocalServer, filter: string): Json {
  const scheduler = local.scheduler();
  const { serverType, version, backEnd } = scheduler;
  const { schedules, timers, executions, polling } = scheduler.state();
  const wanted = filter.toLowerCase();
  const matching = schedules.filter(({ name }) => String(name).toLowerCase().includes(wanted));
  const rows = matching.slice(0, mostSchedules);
  const last = lastRuns(executions, new Set(rows.map(({ name }) => String(name))));
  return {
    server: `${serverType} ${version}${backEnd === 'sqlite' ? '' : ` on ${backEnd}`}`,
    now: local.now(),
    ahead: local.ahead(),
    stopped: local.isStopped,
    schedules: {
      total: schedules.length,
      matching: matching.length,
      rows: rows.map((one) =>
        scheduleRow(one, timers.get(String(one.name)) ?? [], last.get(String(one.name))),
      ),
    },
    next: {
      polling,
      rows: upcoming(schedules, timers, mostNext).map(({ name, timer }) => ({
        name,
        ms: timer.at,
        at: utcText(timer.at),
      })),
    },
    runs: {
      total: executions.length,
      rows: executions.slice(-mostRuns).reverse().map(runRow),
    },
    requests: {
      total: local.requestCount(),
      rows: local
        .requests()
        .slice(-mostRequests)
        .reverse()
        .map(({ at, method, path, query, status, fault }) => ({
          at: utcText(at),
          method,
          url: query === '' ? path : `${path}?${query}`,
          ...(status === undefined ? {} : { status }),
          ...(fault === undefined ? {} : { fault }),
        })),
    },
    faults: local.faults.rates().map(({ kind, rate }) => ({ kind, rate, words: faultWords[kind] })),
  };
}

/** The latest run of each of these schedules, from the end of the history. */
function lastRuns(
  executions: readonly Execution[],
  names: ReadonlySet<string>,
): ReadonlyMap<string, Execution> {
  const found = new Map<string, Execution>();
  for (let index = executions.length - 1; index >= 0 && found.size < names.size; index -= 1) {
    const one = executions[index] as Execution;
    if (names.has(one.scheduleName) && !found.has(one.scheduleName)) found.set(one.scheduleName, one);
  }
  return found;
}

function scheduleRow(schedule: JsonObject, timers: readonly Timer[], last: Execution | undefined): Json {
  const paused = schedule.paused === true;
  const [first] = timers.toSorted((a, b) => a.at - b.at);
  const zone = first === undefined ? undefined : parseZone(first.entry.zoneId);
  const local = first === undefined || !zone?.ok ? undefined : localText(zone.zone, first.at);
  const utc = first === undefined ? undefined : utcText(first.at);
  return {
    name: String(schedule.name),
    ...(typeof schedule.description === 'string' ? { description: schedule.description } : {}),
    state: paused ? 'paused' : timers.length === 0 ? 'dead' : 'active',
    ...(paused && typeof schedule.pausedReason === 'string' ? { reason: schedule.pausedReason } : {}),
    crons: cronsOf(schedule),
    ...(utc === undefined ? {} : { next: utc }),
    ...(local === undefined || local === utc ? {} : { otherZone: local.replace('T', ' ') }),
    ...(last === undefined ? {} : { last: runRow(last) }),
  };
}

// The page asks every second, and a stored schedule is never changed but replaced.
const known = new WeakMap<JsonObject, Json>();

function cronsOf(schedule: JsonObject): Json {
  const before = known.get(schedule);
  if (before !== undefined) return before;
  const crons = entriesOf(schedule).map(({ cronExpression: cron, zoneId }) => {
    const parsed = parseCron(cron);
    return { cron, zone: zoneId, words: parsed.ok ? cronWords(parsed.cron) : 'never: not a valid cron' };
  });
  known.set(schedule, crons);
  return crons;
}

// A punctual server is a second late at times.
const lateFromMs = 5000;

function runRow({
  scheduleName,
  scheduledTime,
  executionTime,
  workflowName,
  state,
  reason,
}: Execution): Json {
  const late = executionTime - scheduledTime;
  return {
    at: utcText(scheduledTime),
    name: scheduleName,
    workflow: workflowName,
    state,
    ...(late >= lateFromMs ? { late } : {}),
    ...(reason === undefined ? {} : { reason }),
  };
}
