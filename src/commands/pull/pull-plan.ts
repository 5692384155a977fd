import { fieldsByTag, pulled, related } from '../../manifest/edit/pull-edits.ts';
import { type SecretNames, secretNames } from '../../manifest/secrets/credentials.ts';
import { type Config, defaultLimits } from '../../model/config.ts';
import { type Unmarked, unmarked } from '../../model/marks/marker.ts';
import {
  type Change,
  exceptField,
  horizonField,
  onlyField,
  ownerField,
  type Plan,
  protectedField,
} from '../../model/plan.ts';
import type { ServerIdentity } from '../../model/port.ts';
import { present } from '../../model/present.ts';
import type { Policy } from '../../model/run-policy.ts';
import type {
  DesiredSchedule,
  FieldChange,
  FieldPath,
  ObservedSchedule,
  Origin,
} from '../../model/schedule.ts';
import { placesOf } from '../../plan/on-server.ts';
import type { JudgedPlan } from '../../plan/plan.ts';
import { planOf } from '../../plan/plan.ts';
import { narrow } from '../../plan/scope.ts';
import type { LocatedDiagnostic } from '../../problems/diagnostic.ts';
import type { KeptField, PullResult, SkippedSchedule } from '../../report/documents/pull-result.ts';
import type { Written } from '../../run/load-manifests.ts';
import {
  type Drifted,
  fieldOf,
  type Invalid,
  keptField,
  type PullFile,
  type PullFiles,
  pullFiles,
} from './edited-files.ts';
import { newcomersOf } from './new-files.ts';

export interface PullInput {
  readonly desired: readonly DesiredSchedule[];
  readonly written: Written;
  readonly observed: readonly ObservedSchedule[];
  /** Only a part of the schedules was looked at: a manifest without one proves nothing. */
  readonly isPartial: boolean;
  readonly server: ServerIdentity;
  readonly url: string;
  readonly policy: Policy;
  readonly config: Config;
  /** See `NewcomerOptions`. */
  readonly schema?: string;
  /** The schedules are those of a file, which says nothing of any server. */
  readonly isFile: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Takes out known secrets. */
  readonly hide: (text: string) => string;
  /** Write manifests for schedules without one. */
  readonly unmanaged: boolean;
}

export interface Pulling
  extends Pick<
    PullResult,
    'kept' | 'skipped' | 'missing' | 'secrets' | 'unknownSecrets' | 'unknownFields' | 'paused' | 'unmarked'
  > {
  /** Of the first comparison: what does not exist and was asked for is in its diagnostics. */
  readonly plan: JudgedPlan;
  readonly files: readonly PullFile[];
  readonly unmanaged: number;
  readonly unchanged: number;
  /** What edited manifests break from now on, and `plan` would refuse. */
  readonly brokenRules: readonly LocatedDiagnostic[];
}

/** What would have to be written so that the files say what the server has, and what cannot be. Nothing is written here. */
export function pulling(input: PullInput): Pulling {
  const { written, policy, config, hide } = input;
  const there = new Set(input.observed.map(({ schedule }) => schedule.name));
  const seen = (all: readonly DesiredSchedule[]): readonly DesiredSchedule[] =>
    input.isPartial ? all.filter(({ schedule }) => there.has(schedule.name)) : all;
  const desired = seen(input.desired);
  const plan = compare(input, desired);
  const secretName = steady(
    secretNames(
      input.desired.flatMap(({ secrets = [] }) => secrets.flatMap(({ names }) => names)),
      hide,
    ),
  );
  const drifted = driftedIn(input, plan, secretName);
  const strangers = withoutManifest(input, desired);
  const asked = input.unmanaged ? strangers : [];
  const { newcomers, skipped } = newcomersOf(asked, {
    files: written.files,
    config,
    policy,
    secretName,
    hide,
    ...present({ schema: input.schema }),
  });

  // What the files would come to decides: a server may hold what no manifest may say.
  const invalid = new Map<string, Invalid>();
  let made = pullFiles(drifted, newcomers, written, invalid, policy);
  for (let lost = refusedIn(made, drifted, written); lost.size > 0; ) {
    for (const [name, problems] of lost)
      invalid.set(
        name,
        invalidWith(
          problems,
          drifted.find(({ desired: one }) => one.schedule.name === name),
          invalid.get(name),
        ),
      );
    made = pullFiles(drifted, newcomers, written, invalid, policy);
    lost = refusedIn(made, drifted, written);
  }

  const brokenRules = written.rulesBroken(made.all);
  made = withAllowances(made, brokenRules);

  const names = new Set(made.files.flatMap(({ schedules }) => schedules.map(({ name }) => name)));
  const pulledIn = asked.filter(({ observed }) => names.has(observed.schedule.name));
  return {
    plan,
    files: made.files,
    kept: [...made.kept, ...unsaid(made, input, seen(written.resolve(made.all).desired))].sort((a, b) =>
      a.name < b.name ? -1 : a.name > b.name ? 1 : 0,
    ),
    skipped: [
      ...foreign(plan),
      ...skipped,
      ...newcomers.flatMap(({ name }): readonly SkippedSchedule[] => {
        const found = invalid.get(name);
        return found?.fields === 'all' ? [{ name, reason: 'invalid', problems: found.problems }] : [];
      }),
    ].sort((a, b) => (a.name < b.name ? -1 : 1)),
    missing: input.isPartial
      ? []
      : plan.changes.flatMap(({ kind, name, origin }) =>
          kind === 'create' && origin !== undefined ? [{ name, origin }] : [],
        ),
    secrets: made.secrets,
    unknownSecrets: unknownSecrets(desired),
    unknownFields: pulledIn.flatMap(({ observed }) => fieldsUnknown(observed)),
    paused: pulledIn.flatMap(({ observed: { schedule } }) => (schedule.paused ? [schedule.name] : [])),
    unmarked:
      policy.owner === undefined || input.isFile
        ? []
        : pulledIn
            .filter(({ markers }) => markers.length === 0)
            .map(({ observed }) => observed.schedule.name),
    unmanaged: strangers.length - asked.length,
    unchanged: plan.counts.unchanged,
    brokenRules: brokenRules.filter(({ at }) =>
      made.files.some(({ path, before }) => before !== undefined && path === at?.file),
    ),
  };
}

/**
 * A new manifest says what the server has, also where that breaks a rule: it allows that in a comment, so that a plan
 * goes on and a reader sees it. In manifests that people wrote it is theirs to allow.
 */
function withAllowances(made: PullFiles, broken: readonly LocatedDiagnostic[]): PullFiles {
  const allowed = (path: string, text: string): string => {
    const codes = new Set(
      broken.flatMap(({ at, diagnostic }) => (at?.file === path ? [diagnostic.code] : [])),
    );
    const lines = [...codes].map(
      (code) => `# downbeat: allow ${code} because it was so when this was pulled\n`,
    );
    // After the line by which editors find the schema.
    const [modeline = ''] = /^#.*\n/.exec(text) ?? [];
    return `${modeline}${lines.join('')}${text.slice(modeline.length)}`;
  };
  const fresh = new Set(made.files.flatMap(({ path, before }) => (before === undefined ? [path] : [])));
  return {
    ...made,
    files: made.files.map((file) =>
      fresh.has(file.path) ? { ...file, after: allowed(file.path, file.after) } : file,
    ),
    all: made.all.map((file) =>
      fresh.has(file.path) ? { ...file, text: allowed(file.path, file.text) } : file,
    ),
  };
}

/** Schedules of manifests that carry the marker of another owner: what they say is not ours to take over. */
function foreign({ changes }: Plan): readonly SkippedSchedule[] {
  return changes.flatMap((change): readonly SkippedSchedule[] => {
    if (change.kind !== 'leave' || change.reason !== 'foreign-owner') return [];
    const owner = change.fields.find(({ path }) => path[0] === ownerField)?.before;
    return [{ name: change.name, reason: 'foreign-owner', owner: String(owner) }];
  });
}

/** The manifests whose schedules differ, with what of the server's side goes into them. */
function driftedIn(
  { desired, written, policy }: PullInput,
  plan: Plan,
  secretName: SecretNames,
): readonly Drifted[] {
  const byName = new Map(
    desired.map((one, index) => [one.schedule.name, [one, written.sources[index]] as const]),
  );
  return plan.changes.flatMap((change): readonly Drifted[] => {
    const fields = driftIn(change).filter((field) => !isOfCalendar(change, field));
    const [one, source] = byName.get(change.name) ?? [];
    if (fields.length === 0 || one === undefined || source === undefined) return [];
    return [
      {
        desired: one,
        source,
        fields,
        pull: (some) => pulled(source, one, some, { secretName, notSensitive: policy.notSensitive }),
      },
    ];
  });
}

/** The pulled schedules that would be no valid manifests, with what would be wrong. */
function refusedIn(
  { files, all }: PullFiles,
  drifted: readonly Drifted[],
  { resolve }: Written,
): ReadonlyMap<string, readonly LocatedDiagnostic[]> {
  const { desired, diagnostics } = resolve(all);
  const valid = new Set(desired.map(({ schedule }) => schedule.name));
  const origins = new Map(drifted.map((one) => [one.desired.schedule.name, one.desired.origin]));
  const errors = diagnostics.filter(({ diagnostic }) => diagnostic.severity === 'error');
  return new Map(
    files.flatMap(({ path, schedules }) => {
      const inFile = errors.filter(({ at }) => at?.file === path);
      const lost = schedules.filter(({ name }) => !valid.has(name));
      return lost.map(({ name }) => {
        const origin = origins.get(name);
        const own = inFile.filter(
          ({ diagnostic: { place } }) =>
            origin === undefined || place.kind !== 'field' || isSameOrigin(place.origin, origin),
        );
        return [name, [own, inFile, errors].find(({ length }) => length > 0) ?? []] as const;
      });
    }),
  );
}

function isSameOrigin(a: Origin, b: Origin): boolean {
  return a.file === b.file && a.document === b.document && a.item === b.item;
}

/** The fields that the problems are about; a schedule that has been judged before without them is invalid as a whole. */
function invalidWith(
  problems: readonly LocatedDiagnostic[],
  drifted: Drifted | undefined,
  before: Invalid | undefined,
): Invalid {
  const known = before?.fields === 'all' ? [] : (before?.fields ?? []);
  const all = [...(before?.problems ?? []), ...problems];
  // Of a new manifest only the tags can be left out: the server's stay then.
  const candidates: readonly FieldPath[] =
    drifted === undefined ? [['tags']] : fieldsByTag(drifted.fields).map(({ path }) => path);
  const places = problems.map(fieldOf);
  const found = candidates.filter(
    (path) =>
      places.some((place) => place !== undefined && related(place, path)) &&
      !known.some((one) => related(one, path)),
  );
  const isExplained = places.every(
    (place) => place !== undefined && candidates.some((path) => related(place, path)),
  );
  return { problems: all, fields: isExplained && found.length > 0 ? [...known, ...found] : 'all' };
}

/** The same name for the same place, however often it is asked for. */
function steady(names: SecretNames): SecretNames {
  const given = new Map<string, string>();
  return (schedule, path) => {
    const place = JSON.stringify([schedule, path]);
    const name = given.get(place) ?? names(schedule, path);
    given.set(place, name);
    return name;
  };
}

/** Whatever is different after all and was not said: nothing may look as if it had been pulled. */
function unsaid(
  { kept }: PullFiles,
  input: PullInput,
  desired: readonly DesiredSchedule[],
): readonly KeptField[] {
  const { changes } = compare(input, desired);
  const manifests = new Map(desired.map((one) => [one.schedule.name, one]));
  return changes.flatMap((change) => {
    const said = kept.filter(({ name }) => name === change.name);
    const manifest = manifests.get(change.name);
    if (manifest === undefined) return [];
    return driftIn(change)
      .filter(({ path }) => !said.some(({ field }) => related(field.path, path)))
      .map((field) =>
        keptField(manifest, isOfCalendar(change, field) ? 'calendar' : 'unverified', field, input.policy),
      );
  });
}

/** The comparison that a plan is made of, read from the other end: without refusals and limits. */
function compare(
  { observed, server, url, policy, now }: PullInput,
  desired: readonly DesiredSchedule[],
): JudgedPlan {
  const known = new Set(
    observed.filter(({ tags }) => tags !== undefined).map(({ schedule }) => schedule.name),
  );
  return planOf({
    // Tags that are not known are not compared.
    desired: desired.map(({ tags, ...one }) =>
      tags === undefined || !known.has(one.schedule.name) ? one : { ...one, tags },
    ),
    observed,
    server,
    url,
    policy: { ...policy, adopt: 'all', prune: false, reportsOrphans: false, limits: defaultLimits },
    now,
  });
}

/** What of a change a manifest can take over: no markers, and nothing that rests on a secret that is not known here. */
function driftIn(change: Change): readonly FieldChange[] {
  if (change.kind !== 'update' && change.kind !== 'adopt') return [];
  return change.fields.filter(
    ({ path }) =>
      path[0] !== ownerField &&
      path[0] !== protectedField &&
      path[0] !== horizonField &&
      !change.unknownPaths.some((one) => related(one, path)),
  );
}

const timerFields: ReadonlySet<string | undefined> = new Set([
  'cronExpression',
  'zoneId',
  'cronSchedules',
  exceptField,
  onlyField,
]);

/** Other timers on the server than those that calendars were compiled into: which calendars they may mean, they do not tell. */
function isOfCalendar({ reviewed }: Change, { path }: FieldChange): boolean {
  return reviewed !== undefined && timerFields.has(path[0]);
}

/** Observed schedules of the selection that no manifest names, their markers taken off, by name. */
function withoutManifest(input: PullInput, desired: readonly DesiredSchedule[]): readonly Unmarked[] {
  const { observed, policy } = input;
  // Under a previous name a schedule waits for its rename.
  const named = new Set(
    input.desired.flatMap(({ schedule, lifecycle }) => [schedule.name, ...lifecycle.previousNames]),
  );
  const inScope = observed.filter(({ schedule }) => !policy.ignores(schedule.name));
  return narrow(desired, inScope, policy.selection)
    .observed.filter(({ schedule }) => !named.has(schedule.name))
    .sort((a, b) => (a.schedule.name < b.schedule.name ? -1 : 1))
    .map((raw) => unmarked(raw, placesOf(input.server.capabilities).marker));
}

function unknownSecrets(desired: readonly DesiredSchedule[]): readonly string[] {
  const uses = desired.flatMap(({ secrets = [] }) => secrets.filter(({ known }) => !known));
  return [...new Set(uses.flatMap(({ names }) => names))].sort();
}

function fieldsUnknown({
  schedule,
  carried,
  carriedInRequest,
}: ObservedSchedule): PullResult['unknownFields'] {
  const fields = [
    ...Object.keys(carried),
    ...Object.keys(carriedInRequest).map((key) => `startWorkflowRequest.${key}`),
  ];
  return fields.length === 0 ? [] : [{ name: schedule.name, fields }];
}
