import type { Json } from '../../model/json.ts';
import type { Change, Plan } from '../../model/plan.ts';
import { present } from '../../model/present.ts';
import type { FieldPath, Origin, ServerFacts } from '../../model/schedule.ts';
import type { ChangeFires } from '../../model/timing.ts';
import type { LocatedDiagnostic } from '../../problems/diagnostic.ts';
import { changeFiresEntry } from './change-fires.ts';
import { type DocumentOptions, heading, isoTime, problemEntry } from './entries.ts';
import { foreignText } from './foreign-texts.ts';
import type {
  ChangeEntry,
  LoadPicture,
  PauseEntry,
  PlanDocument,
  SourceEntry,
  SubjectEntry,
} from './generated/documents.ts';
import { type MaskRules, maskField } from './mask.ts';
export type PlanDocumentOptions = DocumentOptions & {
  /** By schedule; absent = fires are not shown. */
  readonly fires?: ReadonlyMap<string, ChangeFires>;
  /** Where values of a manifest come from that were not written in it; absent = not shown. */
  readonly sourcesOf?: (origin: Origin, fields: readonly FieldPath[]) => readonly SourceEntry[];
  /** What only a page shows; absent = none is made. */
  readonly page?: {
    /** When the server was read, epoch milliseconds. */
    readonly at: number;
    readonly load?: LoadPicture;
    readonly subjects: ReadonlyMap<string, SubjectEntry>;
  };
};

/** `problems` are the plan's own diagnostics and those of the stages before it, placed and sorted. */
export function planDocument(
  plan: Plan,
  problems: readonly LocatedDiagnostic[],
  options: PlanDocumentOptions,
): PlanDocument {
  return {
    ...heading('plan'),
    target: plan.target,
    verdict: plan.verdict,
    counts: plan.counts,
    ...present({ owner: plan.owner, selection: plan.selection }),
    guards: plan.guards,
    changes: plan.changes.map((change) => changeEntry(change, options, options.fires?.get(change.name))),
    ...present({ digest: plan.digest }),
    ...(options.page === undefined
      ? {}
      : { at: isoTime(options.page.at), ...present({ load: options.page.load }) }),
    problems: problems.map(problemEntry),
  };
}

export function changeEntry(
  change: Change,
  { showSensitive, sourcesOf, page }: PlanDocumentOptions,
  fires: ChangeFires | undefined = undefined,
): ChangeEntry {
  const rules: MaskRules = {
    sensitive: change.sensitive,
    secretPaths: change.secretPaths,
    notSensitive: change.notSensitive,
    unknownPaths: change.unknownPaths,
    showSensitive,
  };
  const pause = pauseEntry(change, rules);
  const lastChange = change.kind === 'create' ? undefined : lastChangeOf(change.facts);
  return {
    kind: change.kind,
    name: change.name,
    ...present({ origin: change.origin, subject: page?.subjects.get(change.name) }),
    ...(change.kind === 'leave' ? { reason: change.reason } : {}),
    ...(change.kind === 'delete' ? present({ proof: change.proof }) : {}),
    ...(change.kind === 'rename' ? { previous: change.previous.map(({ name }) => name) } : {}),
    ...present({ lastChange, pause }),
    fields: change.fields.map((field) => maskField(field, rules)),
    ...sourcesIn(change, sourcesOf),
    ...(fires === undefined ? {} : { fires: changeFiresEntry(fires) }),
    steps: change.steps.map(({ kind }) => kind),
  };
}

function sourcesIn(
  { origin, fields }: Change,
  sourcesOf: PlanDocumentOptions['sourcesOf'],
): Pick<ChangeEntry, 'sources'> {
  if (origin === undefined || sourcesOf === undefined || fields.length === 0) return {};
  const sources = sourcesOf(
    origin,
    fields.map(({ path }) => path),
  );
  return sources.length === 0 ? {} : { sources };
}

function pauseEntry(change: Change, rules: MaskRules): PauseEntry | undefined {
  if (change.kind === 'leave') {
    return change.reason === 'paused-on-server'
      ? pauseWith('stays', change.pausedReasonBefore, rules)
      : undefined;
  }
  if (change.kind === 'create' || change.kind === 'delete') return undefined;
  const paused = change.fields.find(({ path }) => path.length === 1 && path[0] === 'paused');
  if (paused === undefined) {
    return change.pausedBefore ? pauseWith('stays', change.pausedReasonBefore, rules) : undefined;
  }
  if (change.pausedBefore) return pauseWith('resume', change.pausedReasonBefore, rules);
  const reason = change.fields.find(({ path }) => path.length === 1 && path[0] === 'pausedReason')?.after;
  return pauseWith('pause', reason, rules);
}

function pauseWith(action: PauseEntry['action'], reason: Json | undefined, rules: MaskRules): PauseEntry {
  if (typeof reason !== 'string') return { action };
  const shown = maskField({ path: ['pausedReason'], after: reason }, rules).after;
  return { action, reason: String(shown) };
}

/** OSS writes "" for the user it does not know. */
function lastChangeOf({ updatedBy, updatedTime }: ServerFacts): ChangeEntry['lastChange'] {
  const by = updatedBy === undefined || updatedBy === '' ? {} : { by: foreignText(updatedBy) };
  const at = updatedTime === undefined ? {} : { at: isoTime(updatedTime) };
  return updatedTime === undefined && by.by === undefined ? undefined : { ...by, ...at };
}
