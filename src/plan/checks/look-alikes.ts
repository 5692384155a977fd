import { canonicalJson } from '../../model/json.ts';
import type { Change } from '../../model/plan.ts';
import type { DesiredSchedule, ObservedSchedule, Schedule } from '../../model/schedule.ts';
import { type Diagnostic, type Place, problem } from '../../problems/diagnostic.ts';
import { onServer, type Places } from '../on-server.ts';

/**
 * A schedule that goes and one that comes look like an undeclared rename when they are equal but for the name, or start the
 * same workflow at the same times as no other. Only pairs are named: of three equal ones, it is unclear which became which. A protected
 * schedule that goes without a new name is said, too: it stays and fires.
 */
export function lookAlikes(
  changes: readonly Change[],
  desired: readonly DesiredSchedule[],
  observed: readonly ObservedSchedule[],
  places: Places,
): readonly Diagnostic[] {
  const going = new Set(changes.filter(isGoing).map(({ name }) => name));
  const come = new Set(changes.filter(({ kind }) => kind === 'create').map(({ name }) => name));
  if (going.size === 0) return [];
  const gone = observed
    .filter(({ schedule }) => going.has(schedule.name))
    .map((raw) => onServer(raw, places).observed.schedule);
  const created = desired.filter(({ schedule }) => come.has(schedule.name));
  const equal = pairs(gone, created, contentOf);
  const known = new Set([...equal].flatMap(([one, old]) => [one.schedule.name, old.name]));
  const rest = {
    gone: gone.filter(({ name }) => !known.has(name)),
    created: created.filter(({ schedule }) => !known.has(schedule.name)),
  };
  // Where another schedule stays that does the same, several do, and a rename is only a guess.
  const staying = desired.filter(({ schedule }) => !come.has(schedule.name));
  const similar = rest.gone.length === 0 ? new Map() : pairs(rest.gone, rest.created, purposeOf, staying);
  const paused = new Set(gone.filter((one) => one.paused).map(({ name }) => name));
  const replaced = new Set([...equal, ...similar].map(([, old]) => old.name));
  return [
    ...created.flatMap((one) => {
      const [same, alike] = [equal.get(one), similar.get(one)];
      const old = same ?? alike;
      if (old === undefined) return [];
      const args = { name: one.schedule.name, previous: old.name };
      return [problem('looks-renamed', same === undefined ? { ...args, differs: true } : args, atName(one))];
    }),
    ...changes
      .filter((change) => isProtected(change) && !replaced.has(change.name))
      .map(({ name, origin }) => {
        const place: Place = origin === undefined ? { kind: 'nowhere' } : { kind: 'file', file: origin.file };
        return problem('protected-orphan', paused.has(name) ? { name, paused: true } : { name }, place);
      }),
  ];
}

/** The name in a manifest. */
function atName({ origin }: DesiredSchedule): Place {
  return { kind: 'field', origin, path: ['name'], at: 'value' };
}

function isProtected(change: Change): boolean {
  return change.kind === 'leave' && change.reason === 'protected';
}

function isGoing(change: Change): boolean {
  return (
    change.kind === 'delete' ||
    (change.kind === 'leave' && (change.reason === 'needs-prune' || change.reason === 'deletes-wait')) ||
    isProtected(change)
  );
}

/** Each new schedule with the old one of the same key, where both are the only ones that have it. */
function pairs(
  gone: readonly Schedule[],
  created: readonly DesiredSchedule[],
  keyOf: (schedule: Schedule) => string,
  staying: readonly DesiredSchedule[] = [],
): ReadonlyMap<DesiredSchedule, Schedule> {
  if (gone.length === 0 || created.length === 0) return new Map();
  const common = new Set(staying.map(({ schedule }) => keyOf(schedule)));
  const before = grouped(gone, keyOf);
  const after = grouped(created, ({ schedule }) => keyOf(schedule));
  return new Map(
    [...after].flatMap(([key, [one, another]]) => {
      const [old, older] = before.get(key) ?? [];
      const isPair = another === undefined && older === undefined && !common.has(key);
      return one === undefined || old === undefined || !isPair ? [] : [[one, old] as const];
    }),
  );
}

function grouped<T>(all: readonly T[], keyOf: (one: T) => string): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const one of all) {
    const group = found.get(keyOf(one));
    if (group === undefined) found.set(keyOf(one), [one]);
    else group.push(one);
  }
  return found;
}

/** Without the name, and without the pause, which a new schedule does not have. */
function contentOf({ name: _name, paused: _paused, pausedReason: _reason, ...content }: Schedule): string {
  return canonicalJson(content);
}

/** What it starts, and when. */
function purposeOf({ cronExpression, zoneId, cronSchedules, startWorkflowRequest }: Schedule): string {
  const { name, version } = startWorkflowRequest;
  return canonicalJson([
    cronExpression ?? null,
    zoneId ?? null,
    (cronSchedules ?? null) as never,
    name ?? null,
    version ?? null,
  ]);
}
