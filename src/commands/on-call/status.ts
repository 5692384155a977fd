import type { Request } from '../../argv/program.ts';
import type { Io } from '../../io/io.ts';
import { type ExitCode, exitCodes } from '../../model/exit.ts';
import type { Change, Plan } from '../../model/plan.ts';
import { openPolicy } from '../../model/run-policy.ts';
import { compareText, type FieldPath, type ObservedSchedule } from '../../model/schedule.ts';
import { driftDocument } from '../../report/documents/drift.ts';
import { withoutSecrets } from '../../report/documents/secrets.ts';
import { type DriftState, type StatusEntry, statusDocument } from '../../report/documents/status.ts';
import { pauseFacts } from '../../report/documents/switch.ts';
import { connected, outdatedProblem } from '../../run/connect-only.ts';
import { emit, usageError } from '../../run/emit.ts';
import { lenient } from '../../run/manifests-if-valid.ts';
import { nextFireOf } from '../../run/next-fire.ts';
import { planAgainst } from '../../run/stages.ts';
import { unknownNames } from '../../run/unknown-names.ts';
import { policyOf } from '../../settings/run-policy.ts';
import { type LastRuns, lastRuns } from './last-runs.ts';

/** Shows how every schedule is. Asks for the list and the newest runs, and writes nothing. */
export async function run(request: Request, io: Io): Promise<ExitCode> {
  const opened = connected(request, io);
  if (opened.kind === 'ended') return opened.code;
  const { configured, connection, outputs, fail, refuse } = opened.value;
  const policy = policyOf(request.options, configured.config);
  if (!policy.ok) return usageError(io, policy.usage);
  const manifests = lenient(io, configured);
  const desired = manifests.kind === 'read' ? manifests.desired : [];

  const planned = await planAgainst(
    connection,
    desired,
    manifests.kind === 'read' ? policy.value : openPolicy,
    io.now,
  );
  if (!planned.ok) return fail(planned.failure);
  const { plan, observed } = planned;
  const outdated = outdatedProblem(observed.server);
  if (outdated.length > 0) return refuse(outdated);

  const there = new Map(observed.schedules.map((one) => [one.schedule.name, one]));
  const all = [...new Set([...there.keys(), ...desired.map(({ schedule }) => schedule.name)])];
  const asked = [...new Set(request.names ?? [])];
  const unknown = unknownNames(asked, all);
  if (unknown.length > 0) return refuse(unknown);
  const names = asked.length > 0 ? asked : all;

  const { executionQuery } = observed.server.capabilities;
  const last = await lastRuns(
    connection.reader,
    names.filter((name) => there.has(name)),
    asked.length > 0,
    executionQuery === 'clauses',
  );
  if (!last.ok) return fail(last.failure);

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
  const secrets = manifests.kind === 'read' ? manifests.secretValues : [];
  return emit(io, outputs, withoutSecrets(document, secrets)) || exitCodes.fine;
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
    ...(lastRun === undefined ? {} : { lastRun }),
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
