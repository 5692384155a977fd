import { nearest } from '../../cron/parse/edit-distance.ts';
import { present } from '../../model/present.ts';
import type { Policy } from '../../model/run-policy.ts';
import { compareText, type DesiredSchedule, type ObservedSchedule } from '../../model/schedule.ts';
import { type Diagnostic, problem } from '../../problems/diagnostic.ts';
import { onServer, type Places } from '../on-server.ts';
import type { Scope } from '../scope.ts';

/** Flags with a value that nothing on either side has, most often a typo. `--target` is an error of its own. */
export function unmatchedFlags(
  { takeOver, adopt, selection }: Policy,
  scope: Pick<Scope, 'desired' | 'observed'>,
  desired: readonly DesiredSchedule[],
  observed: readonly ObservedSchedule[],
  places: Places,
): readonly Diagnostic[] {
  const found: Diagnostic[] = [];
  const say = (flag: UnmatchedFlag, value: string, known: readonly string[]): void => {
    const args = { flag, value, ...present({ nearest: nearest(value, known) }) };
    found.push(problem('unmatched-flag', args, { kind: 'nowhere' }));
  };
  if (takeOver.length > 0) {
    const markers = observed.flatMap((raw) => onServer(raw, places).markers);
    const owners = [...new Set(markers.map(({ owner }) => owner))].sort(compareText);
    for (const owner of takeOver) if (!owners.includes(owner)) say('--take-over', owner, owners);
  }
  if (adopt !== 'all' && adopt.length > 0) {
    const names = desired.map(({ schedule }) => schedule.name);
    for (const name of adopt) if (!names.includes(name)) say('--adopt', name, names);
  }
  const { target = [], exclude = [], selector = [] } = selection ?? {};
  if (target.length + exclude.length === 0 && scope.desired.length + scope.observed.length === 0)
    for (const { key, value } of selector) say('--selector', `${key}=${value}`, []);
  return found;
}

type UnmatchedFlag = '--take-over' | '--adopt' | '--selector';
