import type { Json } from '../../model/json.ts';
import type { Plan } from '../../model/plan.ts';
import type { Failure, RequestCounts } from '../../model/port.ts';
import { present } from '../../model/present.ts';
import type { Origin, ServerFacts } from '../../model/schedule.ts';
import type { LocatedDiagnostic } from '../../problems/diagnostic.ts';
import {
  type FailureEntry,
  failureEntry,
  type Headed,
  heading,
  type ProblemEntry,
  problemEntry,
} from './entries.ts';

/**
 * What became of a pause or resume of schedules, one by one. `schemas/switch.schema.json` describes it. Times are
 * epoch milliseconds.
 */
export type SwitchDocument = Headed<'switch'> & {
  readonly action: 'pause' | 'resume';
  readonly target: Plan['target'];
  readonly interrupted: boolean;
  readonly counts: { readonly [O in SwitchCount]: number };
  readonly requests: RequestCounts;
  /** The file that remembers what was running, of `--record`. */
  readonly record?: string;
  /** Sorted by name. */
  readonly schedules: readonly SwitchEntry[];
  /** Of a pause: one list from the server after everything else. */
  readonly closingLook?: LookEntry;
  readonly problems: readonly ProblemEntry[];
};

type SwitchCount = 'done' | 'already' | 'left' | 'failed' | 'notRun';

/**
 * - `done`: switched by this run
 * - `already`: it was so before
 * - `left`: somebody else's doing, which the record does not undo: paused for another reason, or gone
 * - `failed`, `not-run`: it is not so
 */
export type SwitchOutcome = 'done' | 'already' | 'left' | 'failed' | 'not-run';

export type SwitchEntry = {
  readonly name: string;
  readonly outcome: SwitchOutcome;
  /** The pause that was there before, if it was paused. */
  readonly before?: PauseFacts;
  /** The reason given for a pause that this server does not store. */
  readonly reasonLost?: true;
  /** Of a pause: fires that were due and had not started. */
  readonly possiblyMissed?: readonly number[];
  /** It is not what it was when it was paused. */
  readonly changed?: true;
  /** Only of `left`: Downbeat paused it for another record, or for a rename. */
  readonly otherMark?: true;
  /** Only of `left`. */
  readonly gone?: true;
  /** What the manifest says of it; the next apply undoes the switch where `disagrees`. */
  readonly manifest?: { readonly origin: Origin; readonly disagrees: boolean };
  readonly failure?: FailureEntry;
};

type LookEntry = Listed | { readonly outcome: 'failed'; readonly failure: FailureEntry };

/** `stillRunning`: schedules that were to be paused and run, sorted by name; `ignored`: left out by the configuration. */
type Listed = {
  readonly outcome: 'done';
  readonly stillRunning: readonly { readonly name: string; readonly ignored?: true }[];
};

export type PauseLook = Listed | { readonly outcome: 'failed'; readonly failure: Failure };

export type PauseFacts = {
  readonly reason?: string;
  readonly by?: string;
  readonly at?: number;
};

/** What the server says of a pause. */
export function pauseFacts(reason: string | undefined, { updatedBy, updatedTime }: ServerFacts): PauseFacts {
  return {
    ...present({ reason, by: updatedBy, at: updatedTime }),
  };
}

export type Switched = Omit<SwitchEntry, 'failure'> & { readonly failure?: Failure };

export type SwitchFacts = Omit<
  SwitchDocument,
  'format' | 'kind' | 'counts' | 'schedules' | 'closingLook' | 'problems'
> & {
  readonly schedules: readonly Switched[];
  readonly closingLook?: PauseLook | undefined;
};

export function switchDocument(
  { schedules, closingLook, ...facts }: SwitchFacts,
  problems: readonly LocatedDiagnostic[],
): SwitchDocument {
  const count = (wanted: SwitchOutcome): number =>
    schedules.filter(({ outcome }) => outcome === wanted).length;
  return {
    ...heading('switch'),
    ...facts,
    counts: {
      done: count('done'),
      already: count('already'),
      left: count('left'),
      failed: count('failed'),
      notRun: count('not-run'),
    },
    schedules: schedules.map(({ failure, ...rest }) => ({
      ...rest,
      ...(failure === undefined ? {} : { failure: failureEntry(failure) }),
    })),
    ...(closingLook === undefined ? {} : { closingLook: lookEntry(closingLook) }),
    problems: problems.map(problemEntry),
  };
}

function lookEntry(look: PauseLook): LookEntry {
  return look.outcome === 'done' ? look : { outcome: 'failed', failure: failureEntry(look.failure) };
}

/** What the server answered to one request about the scheduler as a whole. `schemas/command.schema.json` describes it. */
export type CommandDocument = Headed<'command'> & {
  readonly operation: 'pause all' | 'resume all' | 'requeue';
  readonly target: Plan['target'];
  /** As it came. */
  readonly answer: Json;
};

export function commandDocument(facts: Omit<CommandDocument, 'format' | 'kind'>): CommandDocument {
  return { ...heading('command'), ...facts };
}
