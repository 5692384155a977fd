import { isObject } from '../../model/json.ts';
import type { Change } from '../data.ts';
import type { Journal } from '../journal.ts';
import { cutHistory, type Execution, newestFirst } from '../run-history.ts';
import { type BackEndRow, freedAt } from '../storage/back-ends.ts';
import type { Rows, Stored } from '../storage/rows.ts';
import { type Timer, timerAfter } from '../timers.ts';
import type { Workflows } from '../workflows.ts';

/** Starts the workflows of schedules that are due, and keeps the past runs that come of it. */
export type Fires = {
  executions(): readonly Execution[];
  /** The same, newest times first. */
  newestFirst(): readonly Execution[];
  polling(): boolean;
  setPolling(on: boolean): void;
  /**
   * What a restart of the server does: polling is on again. Timers lie in the database: what fell due in the meantime
   * starts late, and a schedule that lost its timers stays without (seen on OSS 3.32.1).
   */
  restart(): void;
  /** Starts every fire that is due now, oldest first; answers how many. */
  tick(): number;
  /** Epoch milliseconds before which `tick` has nothing to start; `Infinity` = nothing will fire. */
  nextDue(): number;
};

export type FireOptions = {
  readonly now: () => number;
  readonly newId: () => string;
  readonly workflows: Workflows;
  readonly journal: Journal;
  /** Told of everything that outlives the process. */
  readonly note: (change: Change) => void;
  /** True for a fire whose workflow is not to be started. */
  readonly failsRun: () => boolean;
  readonly backEnd: BackEndRow;
};

// The archive is cut whenever so many more records are in it (OSS v3.32.1 SchedulerProperties).
const archiveStep = 5000;

export function startFires(
  rows: Rows,
  options: FireOptions,
  before: { readonly executions: readonly Execution[]; readonly polling: boolean },
): Fires {
  const { now, journal, note } = options;
  let executions = [...before.executions];
  let { polling } = before;
  let begun = now();
  let sinceCut = 0;
  const inOrder = newestFirst();
  const freed = (ready: number): number => (options.backEnd.startsLate ? freedAt(ready, begun) : ready);

  function fire(stored: Stored, timer: Timer): void {
    const execution = executionOf(stored, timer, options);
    const { state, executionTime } = execution;
    executions.push(execution);
    note({ kind: 'execution', execution });
    journal({ at: executionTime, kind: 'fired', name: stored.name, scheduledTime: timer.at, state });
    const next = timerAfter(timer, stored.schedule, executionTime, freed);
    const current = rows.get(stored.name);
    const timers = (current?.timers ?? []).flatMap((other) => (other === timer ? (next ?? []) : other));
    rows.setTimers(stored, timers);
    sinceCut += 1;
    if (sinceCut < archiveStep) return;
    executions = [...cutHistory(executions)];
    sinceCut = 0;
    note({ kind: 'history cut' });
  }

  return {
    executions: () => executions,
    newestFirst: () => inOrder(executions),
    polling: () => polling,
    setPolling(on) {
      polling = on;
      journal({ at: now(), kind: 'polling', on });
    },
    restart() {
      polling = true;
      begun = now();
      journal({ at: begun, kind: 'restarted' });
    },
    tick() {
      if (!polling || now() < rows.soonest()) return 0;
      const due = [...rows.values()]
        .flatMap((stored) => stored.timers.map((timer) => ({ name: stored.name, timer })))
        .filter(({ timer }) => timer.notBefore <= now())
        .sort((a, b) => a.timer.at - b.timer.at);
      for (const { name, timer } of due) {
        const stored = rows.get(name);
        if (stored) fire(stored, timer);
      }
      rows.seekSoonest();
      return due.length;
    },
    nextDue: () => (polling ? rows.soonest() : Number.POSITIVE_INFINITY),
  };
}

/** Starts the workflow of a fire; the record of it. */
function executionOf(
  stored: Stored,
  timer: Timer,
  { now, newId, workflows, failsRun }: FireOptions,
): Execution & { readonly executionTime: number } {
  const at = now();
  const executionId = newId();
  const { startWorkflowRequest } = stored.schedule;
  const request = isObject(startWorkflowRequest) ? startWorkflowRequest : {};
  const start = failsRun()
    ? askedFailure
    : workflows.start(request, {
        _startedByScheduler: stored.name,
        _scheduledTime: timer.at,
        _executedTime: at,
        _executionId: executionId,
        _schedulerCron: `${timer.entry.cronExpression} ${timer.entry.zoneId}`,
      });
  return {
    executionId,
    scheduleName: stored.name,
    scheduledTime: timer.at,
    executionTime: at,
    workflowName: String(request.name),
    ...(start.ok
      ? { workflowId: start.workflowId }
      : {
          reason: start.reason.slice(0, 999),
          stackTrace: `${start.exception}: ${start.reason}\n`.slice(0, 2000),
        }),
    startWorkflowRequest: request,
    state: start.ok ? 'EXECUTED' : 'FAILED',
    // Whatever the schedule's zone is (seen on OSS 3.32.1 with SQLite).
    zoneId: 'UTC',
  };
}

/** The record of a fire that a fault plan lets fail. */
const askedFailure = {
  ok: false,
  exception: 'com.netflix.conductor.core.exception.TransientException',
  reason: 'Could not start the workflow (a fault that was asked for)',
} as const;
