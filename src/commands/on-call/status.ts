import { type ExitCode, exitCodes } from '../../model/exit.ts';
import type { Change, Plan } from '../../model/plan.ts';
import { present } from '../../model/present.ts';
import { openPolicy } from '../../model/run-policy.ts';
import { compareText, type FieldPath, type ObservedSchedule } from '../../model/schedule.ts';
import { driftDocument } from '../../report/documents/drift.ts';
import { type DriftState, type StatusEntry, statusDocument } from '../../report/documents/status.ts';
import { pauseFacts } from '../../report/documents/switch.ts';
import { planAgainst } from '../../run/compare-with-server.ts';
import { placed } from '../../run/load-manifests.ts';
import { manifestsIfValid } from '../../run/manifests-if-valid.ts';
import { nextFireOf } from '../../run/next-fire.ts';
import { openAlone } from '../../run/prologue.ts';
import type { Run } from '../../run/run.ts';
import { unknownNames } from '../../run/unknown-names.ts';
import { policyOf } from '../../settings/run-policy.ts';
import { type LastRuns, lastRuns } from './last-runs.ts';

/** Shows how every schedule is. Asks for the list and the newest runs, and writes nothing. */
export async function run(run: Run): Promise<ExitCode> {
  const opened = openAlone(run);
  if (opened.kind === 'ended') return opened.code;
  const { configured, connection } = opened.value;
  const policy = policyOf(run.options, configured.config, run.env);
  if (!policy.ok) return run.refuse(policy.usage);
  const manifests = await manifestsIfValid(run, configured);
  const desired = manifests.kind === 'read' ? manifests.desired : [];
  const judgedBy = manifests.kind === 'read' ? policy.value : openPolicy;
  const planned = await planAgainst(run, opened.value, desired, judgedBy);
  if (planned.kind === 'ended') return planned.code;
  const { plan, observed } = planned.value;

  const there = new Map(observed.schedules.map((one) => [one.schedule.name, one]));
  const all = [...new Set([...there.keys(), ...desired.map(nameOf)])];
  const asked = [...new Set(run.request.names ?? [])];
  const unknown = unknownNames(asked, all);
  if (unknown.length > 0) return run.fail(placed(unknown));
  const names = asked.length > 0 ? asked : all;

  const { executionQuery } = observed.server.capabilities;
  const last = await lastRuns(
    connection.reader,
    names.filter((name) => there.has(name)),
    asked.length > 0,
    executionQuery === 'clauses',
  );
  if (!last.ok) return run.fail([], last.failure);

  const now = observed.at;
  const drift = manifests.kind === 'read' ? driftOf(plan, new Set(desired.map(nameOf))) : undefined;
  const document = statusDocument({
    target: plan.target,
    at: now,
    manifests: manifests.kind === 'read' ? 'compared' : manifests.kind,
    ...(asked.length === 0 ? {} : { asked: [...asked].sort(compareText) }),
    schedules: [...names]
      .sort(compareText)
      .map((name) => entryOf(name, there.get(name), last.value, now, drift?.(name))),
  });
  run.report(document);
  return exitCodes.fine;
}

function nameOf({ schedule }: { readonly schedule: { readonly name: string } }): string {
  return schedule.name;
}

function entryOf(
  name: string,
  observed: ObservedSchedule | undefined,
  { runs, unknown }: LastRuns,
  now: number,
  drift: DriftState | undefined,
): StatusEntry {
  const compared = drift === undefined ? {} : { drift };
  if (observed === undefined) return { name, state: 'missing', ...compared };
  const { schedule, facts } = observed;
  const nextFire = nextFireOf(schedule, now);
  const lastRun = runs.get(name);
  return {
    name,
    state: schedule.paused ? 'paused' : 'active',
    ...(schedule.paused ? { pause: pauseFacts(schedule.pausedReason, facts) } : {}),
    ...(nextFire === null ? {} : { nextFire }),
    ...present({ lastRun }),
    ...(unknown.has(name) ? { lastRunUnknown: true } : {}),
    ...compared,
  };
}

/** The plan read as a question about each name, as `drift` asks it: a pause that no manifest speaks of is none. */
function driftOf(plan: Plan, manifests: ReadonlySet<string>): (name: string) => DriftState {
  const { entries } = driftDocument(plan, [], { showSensitive: false, strict: false });
  const counted = entries.filter(({ counts }) => counts);
  const classes = new Map<string, DriftState>(counted.map((entry) => [entry.name, entry.class]));
  for (const change of plan.changes) if (onlyUnknown(change)) classes.set(change.name, 'unknown');
  return (name) => classes.get(name) ?? (manifests.has(name) ? 'none' : 'unmanaged');
}

/** Nothing differs but what a secret would have to tell that is not defined here. */
function onlyUnknown({ fields, unknownPaths }: Change): boolean {
  return (
    fields.length > 0 && fields.every(({ path }) => unknownPaths.some((unknown) => overlap(path, unknown)))
  );
}

function overlap(a: FieldPath, b: FieldPath): boolean {
  return a.slice(0, b.length).every((part, at) => part === b[at]);
}
