import { readyRules } from '../../cron/zone/offsets.ts';
import { type Change, ownerField, type Plan, protectedField } from '../../model/plan.ts';
import type { Reader } from '../../model/port.ts';
import { present } from '../../model/present.ts';
import { openPolicy, type Policy } from '../../model/run-policy.ts';
import type { DesiredSchedule, ObservedSchedule, Origin } from '../../model/schedule.ts';
import { isUnknown } from '../../plan/field-changes.ts';
import { hasOtherOwner, isOurs, onServer, type Places, placesOf } from '../../plan/on-server.ts';
import type { LocatedDiagnostic } from '../../problems/diagnostic.ts';
import { driftDocument } from '../../report/documents/drift.ts';
import type { DriftState, StatusDocument } from '../../report/documents/generated/documents.ts';
import { observeFor, planSeen } from '../../run/compare-with-server.ts';
import { manifestsIfValid } from '../../run/manifests-if-valid.ts';
import type { Observed } from '../../run/observe.ts';
import { done, ended, type OpenedAlone, openAlone, type Stage } from '../../run/prologue.ts';
import type { Run } from '../../run/run.ts';
import { policyOf } from '../../settings/run-policy.ts';
import { type Chosen, chosen } from './selected.ts';

/** The server as it is, the manifests where they can be read, and what of both was asked for. */
export type Seen = OpenedAlone & {
  readonly observed: Observed;
  readonly manifests: StatusDocument['manifests'];
  readonly desired: readonly DesiredSchedule[];
  readonly chosen: Chosen;
  /** Days off that will soon be wrong since their calendars end. */
  readonly ending: readonly LocatedDiagnostic[];
  /** What a plan is made by. */
  readonly policy: Policy;
  /** The line that a manifest begins at; only with `keepSources`. */
  readonly lineOf?: (origin: Origin) => number | undefined;
};

/** The same compared: what a plan has to say of it. */
export type Survey = Seen & {
  readonly plan: Plan;
  /** Those of crons that nothing moves on, too. */
  readonly ending: readonly LocatedDiagnostic[];
  /** Whom this run acts for; absent = it has no owner, or the manifests could not be read. */
  readonly owner?: string;
  /** Absent = there is nothing to compare with. */
  readonly drift?: (name: string) => DriftState;
  /** Whether a plan counts a schedule among those of other owners: with a manifest or without. */
  readonly isOfOtherOwner: (name: string) => boolean;
};

/** One list request (and tags, where they count), beside manifests, whose errors must not hide the server. */
export async function look(
  run: Run,
  { keepSources = false }: { readonly keepSources?: boolean } = {},
): Promise<Stage<Seen>> {
  const opened = openAlone(run);
  if (opened.kind === 'ended') return opened;
  const { configured, connection } = opened.value;
  const judgedBy = policyOf(run.options, configured.config, run.env);
  if (!judgedBy.ok) return ended(run.refuse(judgedBy.usage));
  const manifests = await manifestsIfValid(run, configured, keepSources);
  const isRead = manifests.kind === 'read';
  const desired = isRead ? manifests.desired : [];
  const { selection } = judgedBy.value;
  const policy = isRead ? judgedBy.value : { ...openPolicy, ...(selection && { selection }) };
  const observed = await observeFor(run, connection, desired, policy, {
    // Of nearly every server there are fires to tell in some zone.
    meanwhile: async () => {
      await run.wait(0);
      readyRules();
    },
  });
  if (observed.kind === 'ended') return observed;
  const selected = chosen(run, { observed: observed.value.schedules, desired });
  if (selected.kind === 'ended') return selected;
  return done({
    ...opened.value,
    observed: observed.value,
    manifests: isRead ? 'compared' : manifests.kind,
    desired,
    chosen: selected.value,
    ending: isRead ? manifests.ending : [],
    policy,
    ...(isRead ? present({ lineOf: manifests.lineOf }) : {}),
  });
}

/** Compares what was seen. `observed`: with more than the plan needs. */
export function compared(seen: Seen, observed: Observed = seen.observed): Survey {
  const { connection, desired, manifests, policy } = seen;
  const plan = planSeen(seen.observed, connection, desired, policy);
  const drift = manifests === 'compared' ? driftOf(plan, desired, observed, policy) : undefined;
  const refused = new Set(plan.changes.filter(isOfOther).map(({ name }) => name));
  return {
    ...seen,
    observed,
    plan,
    ending: [
      ...plan.diagnostics
        .filter(({ code }) => code === 'calendar-horizon')
        .map((diagnostic) => ({ diagnostic })),
      ...seen.ending,
    ],
    ...present({ owner: policy.owner }),
    isOfOtherOwner: (name) => refused.has(name) || drift?.(name) === 'other-owner',
    ...present({ drift }),
  };
}

/** Both, with the tags of what was asked for. */
export async function survey(run: Run, how: { readonly keepSources?: boolean } = {}): Promise<Stage<Survey>> {
  const seen = await look(run, how);
  if (seen.kind === 'ended') return seen;
  const { observed, chosen, connection } = seen.value;
  return done(compared(seen.value, await withTags(observed, chosen.names, connection.reader)));
}

/** With the tags of a few names, where the server has tags and the list has not; what cannot be read stays unsaid. */
async function withTags(
  observed: Observed,
  names: readonly string[],
  reader: Pick<Reader, 'tags'>,
): Promise<Observed> {
  if (!observed.server.capabilities.tags) return observed;
  const schedules = await Promise.all(
    observed.schedules.map(async (one) => {
      if (one.tags !== undefined || !names.includes(one.schedule.name)) return one;
      const read = await reader.tags(one.schedule.name);
      return read.ok ? { ...one, tags: read.value } : one;
    }),
  );
  return { ...observed, schedules };
}

/** The plan read as a question about each name, as `drift` asks it: a pause that no manifest sets does not count. */
function driftOf(
  plan: Plan,
  desired: readonly DesiredSchedule[],
  { schedules, server }: Observed,
  policy: Policy,
): (name: string) => DriftState {
  const { entries } = driftDocument(plan, [], { showSensitive: false, strict: false });
  const counted = entries.filter(({ counts }) => counts);
  const classes = new Map<string, DriftState>(counted.map((entry) => [entry.name, entry.class]));
  for (const change of plan.changes) {
    const state = undecided(change);
    if (state !== undefined) classes.set(change.name, state);
  }
  for (const change of plan.changes)
    if (change.kind === 'rename') for (const { name } of change.previous) classes.set(name, 'renamed');
  for (const { schedule } of desired) if (!classes.has(schedule.name)) classes.set(schedule.name, 'none');
  const places = placesOf(server.capabilities);
  for (const one of schedules)
    if (!classes.has(one.schedule.name)) classes.set(one.schedule.name, withoutManifest(one, places, policy));
  return (name) => classes.get(name) ?? 'unmanaged';
}

/** What a schedule is that no manifest and no change is about, in the words in which a plan counts it. */
function withoutManifest(one: ObservedSchedule, places: Places, policy: Policy): DriftState {
  if (policy.ignores(one.schedule.name)) return 'ignored';
  const found = onServer(one, places);
  if (hasOtherOwner(found, policy)) return 'other-owner';
  return isOurs(found, policy) ? 'orphan' : 'unmanaged';
}

/** What a schedule is that a change is about and that is not known to differ from its manifest; undefined = it differs. */
function undecided(change: Change): DriftState | undefined {
  const { fields, unknownPaths } = change;
  const own = fields.filter(({ path: [first] }) => first !== ownerField && first !== protectedField);
  if (own.length > 0) return own.every(({ path }) => isUnknown(path, unknownPaths)) ? 'unknown' : undefined;
  if (isOfOther(change)) return 'other-owner';
  return change.kind === 'adopt' ? 'not-adopted' : undefined;
}

/** Refused, since another owner's marker is on it. */
function isOfOther(change: Change): boolean {
  return change.kind === 'leave' && change.reason === 'foreign-owner';
}
