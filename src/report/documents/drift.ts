import { utcText } from '../../cron/zone/utc.ts';
import type { Plan } from '../../model/plan.ts';
import type { Failure } from '../../model/port.ts';
import { present } from '../../model/present.ts';
import type { RunEntry } from '../../model/run-entry.ts';
import type { Origin } from '../../model/schedule.ts';
import type { LocatedDiagnostic } from '../../problems/diagnostic.ts';
import {
  type DocumentOptions,
  type FailureEntry,
  failureEntry,
  type Headed,
  heading,
  type ProblemEntry,
  problemEntry,
} from './entries.ts';
import type { MaskedField } from './mask.ts';
import {
  type ChangeEntry,
  changeEntry,
  type PauseEntry,
  type PlanDocumentOptions,
  type SubjectEntry,
} from './plan.ts';

export type DriftClass = 'changed' | 'missing' | 'renamed' | 'orphan' | 'overdue' | 'paused';

export type DriftDocument = Headed<'drift'> & {
  readonly run?: RunEntry;
  readonly target: Plan['target'];
  /** Whether anything counts as drift. */
  readonly drifted: boolean;
  /** With it, unmanaged schedules and pauses that no manifest speaks of count too. */
  readonly strict: boolean;
  readonly counts: { readonly [C in DriftClass]: number } & {
    readonly unmanaged: number;
    readonly ofOtherOwners: number;
    readonly unchanged: number;
  };
  readonly entries: readonly DriftEntry[];
  /** Nothing fires on this server, since the newest start of all: so many schedules should have. */
  readonly stopped?: { readonly since?: number; readonly schedules: number };
  /** Whether schedules are overdue could not be found out. */
  readonly overdueUnknown?: FailureEntry;
  /** When the server was read, in ISO 8601; only where a page is made. */
  readonly at?: string;
  readonly problems: readonly ProblemEntry[];
};

export type DriftEntry = {
  readonly class: DriftClass;
  /** Whether this one counts as drift. */
  readonly counts: boolean;
  readonly name: string;
  readonly origin?: Origin;
  /** Only where a page is made. */
  readonly subject?: SubjectEntry;
  /** Only for `renamed`: the names under which it still is on the server. */
  readonly previous?: readonly string[];
  readonly lastChange?: { readonly by?: string; readonly at?: number };
  readonly pause?: PauseEntry;
  /** Only for `overdue`: when it should have fired, in epoch milliseconds. */
  readonly since?: number;
  /** The server itself paused it: a right is missing. */
  readonly lacksRight?: true;
  /** `before` is the server's side, `after` the manifest's. */
  readonly fields: readonly MaskedField[];
};

/** Schedules with manifests that should have fired and have not; what `audit` says of all, as of now. */
export type OverdueFacts = {
  readonly schedules: readonly { readonly name: string; readonly origin: Origin; readonly since: number }[];
  readonly stopped?: DriftDocument['stopped'];
  /** Past runs could not be read. */
  readonly failure?: Failure;
};

/** The plan read as a question: what on the server is not as its manifest says? */
export function driftDocument(
  plan: Plan,
  problems: readonly LocatedDiagnostic[],
  options: DocumentOptions & Pick<PlanDocumentOptions, 'page'> & { readonly strict: boolean },
  overdue: OverdueFacts = { schedules: [] },
): DriftDocument {
  const { strict } = options;
  // As old as the crons that leave out days are, they are what the manifest asks for.
  const differing = plan.changes.filter(({ kind }) => kind !== 'horizon');
  const { stopped, failure } = overdue;
  const entries = [
    ...differing.map((change) => driftEntry(changeEntry(change, options), strict)),
    ...overdue.schedules.map(
      ({ name, origin, since }): DriftEntry => ({
        class: 'overdue',
        counts: true,
        name,
        origin,
        ...present({ subject: options.page?.subjects.get(name) }),
        since,
        fields: [],
      }),
    ),
  ];
  const count = (wanted: DriftClass): number => entries.filter((entry) => entry.class === wanted).length;
  return {
    ...heading('drift'),
    target: plan.target,
    drifted: entries.some((entry) => entry.counts) || (strict && plan.counts.unmanaged > 0),
    strict,
    counts: {
      changed: count('changed'),
      missing: count('missing'),
      renamed: count('renamed'),
      orphan: count('orphan'),
      overdue: count('overdue'),
      paused: count('paused'),
      unmanaged: plan.counts.unmanaged,
      ofOtherOwners: plan.counts.ofOtherOwners,
      unchanged: plan.counts.unchanged + plan.counts.horizon,
    },
    entries,
    ...present({ stopped }),
    ...(failure === undefined ? {} : { overdueUnknown: failureEntry(failure) }),
    ...(options.page === undefined ? {} : { at: utcText(options.page.at) }),
    problems: problems.map(problemEntry),
  };
}

function driftEntry(change: ChangeEntry, strict: boolean): DriftEntry {
  const { name, origin, subject, previous, lastChange, pause, fields } = change;
  return {
    class: driftClass(change),
    counts: change.reason !== 'paused-on-server' || strict || isBySecurity(pause),
    name,
    ...present({ origin, subject, previous, lastChange, pause }),
    ...(isBySecurity(pause) ? { lacksRight: true } : {}),
    fields,
  };
}

/** Orkes pauses a schedule itself when whoever made it may not start its workflow any more, and says so in the reason. */
function isBySecurity(pause: PauseEntry | undefined): boolean {
  return pause?.action !== 'pause' && /^Security Error\b/i.test(pause?.reason ?? '');
}

function driftClass({ kind, reason, pause, fields }: ChangeEntry): DriftClass {
  if (kind === 'create') return 'missing';
  if (kind === 'rename' || reason === 'rename-refused') return 'renamed';
  if (
    kind === 'delete' ||
    reason === 'needs-prune' ||
    reason === 'protected' ||
    reason === 'deletes-wait' ||
    reason === 'still-committed'
  )
    return 'orphan';
  const onlyPause = fields.every(({ path }) => path[0] === 'paused' || path[0] === 'pausedReason');
  return onlyPause && (pause?.action === 'resume' || pause?.action === 'stays') ? 'paused' : 'changed';
}
