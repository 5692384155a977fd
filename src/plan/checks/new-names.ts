import { collisionKey } from '../../model/alike.ts';
import type { Change } from '../../model/plan.ts';
import { compareText, type ObservedSchedule } from '../../model/schedule.ts';
import { type Diagnostic, problem } from '../../problems/diagnostic.ts';

/**
 * New names that a database may take for the name of a schedule that is there: the save would overwrite that schedule,
 * also one that this plan deletes or renames afterwards.
 */
export function collisions(
  changes: readonly Change[],
  observed: readonly ObservedSchedule[],
  /** Where the other names are. */
  side: 'server' | 'base' = 'server',
): readonly Diagnostic[] {
  const created = changes.filter(
    ({ kind, basis }) => basis === null && (kind === 'create' || kind === 'rename'),
  );
  if (created.length === 0) return [];
  const keys = new Map(created.map(({ name }) => [collisionKey(name), [] as string[]]));
  for (const { schedule } of observed) keys.get(collisionKey(schedule.name))?.push(schedule.name);
  return created.flatMap((change) => {
    const { name, origin } = change;
    const [otherName] = (keys.get(collisionKey(name)) ?? []).sort(compareText);
    if (otherName === undefined) return [];
    const place =
      origin === undefined
        ? ({ kind: 'nowhere' } as const)
        : ({ kind: 'field', origin, path: ['name'], at: 'value' } as const);
    const args = {
      name,
      otherName,
      ...(side === 'base' ? { side } : {}),
      ...(isPrevious(change, otherName) ? { renamed: true } : {}),
    };
    return [problem('names-collide', args, place)];
  });
}

function isPrevious(change: Change, name: string): boolean {
  return change.kind === 'rename' && change.previous.some((old) => old.name === name);
}

/** New names beyond what the server promises; one that is there works. */
export function oddNames(changes: readonly Change[]): readonly Diagnostic[] {
  const names = changes
    .filter(({ kind, name }) => (kind === 'create' || kind === 'rename') && /\W/.test(name))
    .map(({ name }) => name);
  return names.length === 0 ? [] : [problem('name-beyond-orkes', { names }, { kind: 'nowhere' })];
}
