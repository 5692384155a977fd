import type { Plan } from '../../model/plan.ts';
import type { Failure } from '../../model/port.ts';
import { present } from '../../model/present.ts';
import type { Origin } from '../../model/schedule.ts';
import type { LocatedDiagnostic } from '../../problems/diagnostic.ts';
import { type DocumentOptions, failureEntry, heading, isoTime, problemEntry } from './entries.ts';
import type {
  ChangeEntry,
  DriftClass,
  DriftDocument,
  DriftEntry,
  PauseEntry,
  StoppedEntry,
} from './generated/documents.ts';
import { changeEntry, type PlanDocumentOptions } from './plan.ts';

/** Schedules with manifests that should have fired and have not; what `audit` says of all, as of now. */
export type OverdueFacts = {
  readonly schedules: readonly { readonly name: string; readonly origin: Origin; readonly since: number }[];
  readonly stopped?: StoppedFacts;
  /** Past runs could not be read. */
  readonly failure?: Failure;
};

/** Nothing fires on a server, since the newest start of all: so many schedules should have. */
export function stoppedEntry({ since, schedules }: StoppedFacts): StoppedEntry {
  return { ...present({ since: isoTime(since) }), schedules };
}

type StoppedFacts = { readonly since?: number; readonly schedules: number };

/** The plan read as a question: what on the server differs from its manifest? */
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
        since: isoTime(since),
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
    ...(stopped === undefined ? {} : { stopped: stoppedEntry(stopped) }),
    ...(failure === undefined ? {} : { overdueUnknown: failureEntry(failure) }),
    ...(options.page === undefined ? {} : { at: isoTime(options.page.at) }),
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
