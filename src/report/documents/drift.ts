import type { Plan } from '../../model/plan.ts';
import { present } from '../../model/present.ts';
import type { RunEntry } from '../../model/run-entry.ts';
import type { Origin } from '../../model/schedule.ts';
import type { LocatedDiagnostic } from '../../problems/diagnostic.ts';
import { type DocumentOptions, type Headed, heading, type ProblemEntry, problemEntry } from './entries.ts';
import type { MaskedField } from './mask.ts';
import { type ChangeEntry, changeEntry, type PauseEntry } from './plan.ts';
export type DriftClass = 'changed' | 'missing' | 'renamed' | 'orphan' | 'paused';

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
  readonly problems: readonly ProblemEntry[];
};

export type DriftEntry = {
  readonly class: DriftClass;
  /** Whether this one counts as drift. */
  readonly counts: boolean;
  readonly name: string;
  readonly origin?: Origin;
  /** Only for `renamed`: the names under which it still is on the server. */
  readonly previous?: readonly string[];
  readonly lastChange?: { readonly by?: string; readonly at?: number };
  readonly pause?: PauseEntry;
  /** `before` is the server's side, `after` the manifest's. */
  readonly fields: readonly MaskedField[];
};

/** The plan read as a question: what on the server is not as its manifest says? */
export function driftDocument(
  plan: Plan,
  problems: readonly LocatedDiagnostic[],
  options: DocumentOptions & { readonly strict: boolean },
): DriftDocument {
  const { strict } = options;
  // As old as the crons that leave out days are, they are what the manifest asks for.
  const differing = plan.changes.filter(({ kind }) => kind !== 'horizon');
  const entries = differing.map((change) => driftEntry(changeEntry(change, options), strict));
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
      paused: count('paused'),
      unmanaged: plan.counts.unmanaged,
      ofOtherOwners: plan.counts.ofOtherOwners,
      unchanged: plan.counts.unchanged + plan.counts.horizon,
    },
    entries,
    problems: problems.map(problemEntry),
  };
}

function driftEntry(change: ChangeEntry, strict: boolean): DriftEntry {
  const { name, origin, previous, lastChange, pause, fields } = change;
  return {
    class: driftClass(change),
    counts: change.reason !== 'paused-on-server' || strict,
    name,
    ...present({ origin, previous, lastChange, pause }),
    fields,
  };
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
