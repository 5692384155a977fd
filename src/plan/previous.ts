import type { Change } from '../model/plan.ts';
import type { Policy } from '../model/run-policy.ts';
import type { DesiredSchedule, ObservedSchedule } from '../model/schedule.ts';
import type { DiagnosticArgs, DiagnosticCode } from '../problems/codes.ts';
import { type Diagnostic, problem } from '../problems/diagnostic.ts';
import { isOurs, type OnServer, onServer, type Places } from './on-server.ts';
import { refusedRename } from './rename.ts';
import type { Scope } from './scope.ts';

/** What the manifests' previous names come to on this server. */
export interface Previous {
  /** By the name of a manifest: the schedules of ours that it replaces, in the order in which it lists them. */
  readonly replaced: ReadonlyMap<string, readonly OnServer[]>;
  /** Names of renames that cannot be carried out as a whole: this run touches them on neither side. */
  readonly withheld: ReadonlySet<string>;
  /** Those of them that are in scope, as changes that are left alone. */
  readonly refused: readonly Change[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Finds the renames that are due. A rename deletes, so it needs our marker on the old schedule, the configured
 * directory (else another manifest may use the old name, unread), both names in scope, and a protection that goes along.
 */
export function previousOf(
  desired: readonly DesiredSchedule[],
  observed: readonly ObservedSchedule[],
  scope: Scope,
  policy: Policy,
  places: Places,
): Previous {
  const replaced = new Map<string, readonly OnServer[]>();
  const withheld = new Set<string>();
  const refused: Change[] = [];
  const diagnostics: Diagnostic[] = [];
  const renamed = desired.filter(({ lifecycle }) => lifecycle.previousNames.length > 0);
  if (renamed.length === 0) return { replaced, withheld, refused, diagnostics };

  const there = new Map(observed.map((raw) => [raw.schedule.name, raw]));
  const used = new Set(desired.map(({ schedule }) => schedule.name));
  const inScope = {
    new: new Set(scope.desired.map(({ schedule }) => schedule.name)),
    old: new Set(scope.observed.map(({ schedule }) => schedule.name)),
  };
  for (const one of renamed) {
    const { schedule, lifecycle, origin } = one;
    const { name } = schedule;
    const say = <C extends DiagnosticCode>(code: C, args: DiagnosticArgs[C]): void => {
      diagnostics.push(problem(code, args, { kind: 'file', file: origin.file }));
    };
    const ours: OnServer[] = [];
    let whole = true;
    for (const previous of new Set(lifecycle.previousNames)) {
      const raw = used.has(previous) ? undefined : there.get(previous);
      if (raw === undefined || !(inScope.new.has(name) || inScope.old.has(previous))) continue;
      const old = onServer(raw, places);
      const names = { name, previous };
      if (policy.ignores(previous)) say('previous-name-there', { ...names, why: 'ignored' });
      else if (!isOurs(old, policy)) say('previous-name-there', { ...names, ...notOurs(old, policy) });
      else {
        ours.push(old);
        if (inScope.new.has(name) !== inScope.old.has(previous)) {
          const outside = inScope.new.has(name) ? previous : name;
          say('rename-outside', { ...names, outside });
        } else if (!policy.reportsOrphans) say('rename-elsewhere', names);
        else if (isProtected(old) && !lifecycle.protect) say('rename-protected', names);
        else continue;
        whole = false;
        if (inScope.new.has(name) && inScope.old.has(previous)) refused.push(refusedRename(one, old, policy));
      }
    }
    if (whole) replaced.set(name, ours);
    else for (const each of [name, ...ours.map(({ raw }) => raw.schedule.name)]) withheld.add(each);
  }
  return { replaced, withheld, refused, diagnostics };
}

function isProtected({ markers }: OnServer): boolean {
  return markers.some((marker) => marker.protected);
}

function notOurs(
  { markers }: OnServer,
  { owner }: Policy,
): { readonly why: 'no-owner' | 'unmarked' } | { readonly why: 'foreign'; readonly owner: string } {
  const foreign = markers.find((marker) => marker.owner !== owner);
  if (foreign !== undefined) return { why: 'foreign', owner: foreign.owner };
  return { why: owner === undefined ? 'no-owner' : 'unmarked' };
}
