import { canonicalJson } from '../../model/json.ts';
import type { Change } from '../../model/plan.ts';
import type { DesiredSchedule, ObservedSchedule, Schedule } from '../../model/schedule.ts';
import { type Diagnostic, problem } from '../../problems/diagnostic.ts';
import { onServer, type Places } from '../on-server.ts';

/**
 * A schedule that goes and one that comes, equal but for the name, look like an undeclared rename. Only pairs
 * are named: of three equal ones, it is unclear which became which.
 */
export function lookAlikes(
  changes: readonly Change[],
  desired: readonly DesiredSchedule[],
  observed: readonly ObservedSchedule[],
  places: Places,
): readonly Diagnostic[] {
  const gone = new Set(changes.filter(isGoing).map(({ name }) => name));
  const come = new Set(changes.filter(({ kind }) => kind === 'create').map(({ name }) => name));
  if (gone.size === 0 || come.size === 0) return [];
  const before = byContent(
    observed
      .filter(({ schedule }) => gone.has(schedule.name))
      .map((raw) => onServer(raw, places).observed.schedule),
  );
  const created = desired.filter(({ schedule }) => come.has(schedule.name));
  const after = byContent(created.map(({ schedule }) => schedule));
  return created.flatMap(({ schedule, origin }) => {
    const content = contentOf(schedule);
    const [old, older] = before.get(content) ?? [];
    if (old === undefined || older !== undefined || after.get(content)?.length !== 1) return [];
    const args = { name: schedule.name, previous: old.name };
    return [problem('looks-renamed', args, { kind: 'file', file: origin.file })];
  });
}

function isGoing(change: Change): boolean {
  return (
    change.kind === 'delete' ||
    (change.kind === 'leave' && (change.reason === 'needs-prune' || change.reason === 'deletes-wait'))
  );
}

function byContent(schedules: readonly Schedule[]): ReadonlyMap<string, readonly Schedule[]> {
  const found = new Map<string, Schedule[]>();
  for (const schedule of schedules) {
    const content = contentOf(schedule);
    found.set(content, [...(found.get(content) ?? []), schedule]);
  }
  return found;
}

/** Without the name, and without the pause, which a new schedule does not have. */
function contentOf({ name: _name, paused: _paused, pausedReason: _reason, ...content }: Schedule): string {
  return canonicalJson(content);
}
