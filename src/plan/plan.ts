import { hashOf } from '../compare/basis.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { Json } from '../model/json.ts';
import {
  type Change,
  formatVersion,
  type Plan,
  type PlanCounts,
  type Step,
  type Verdict,
} from '../model/plan.ts';
import type { ServerIdentity } from '../model/port.ts';
import type { DesiredSchedule, ObservedSchedule } from '../model/schedule.ts';
import { adapt } from './adapt.ts';
import { build } from './build.ts';

export interface PlanInput {
  readonly desired: readonly DesiredSchedule[];
  readonly observed: readonly ObservedSchedule[];
  readonly server: ServerIdentity;
  /** Without user and password. */
  readonly url: string;
}

/** The plan: a pure function of what the manifests ask and what the server has. */
export function planOf({ desired, observed, server, url }: PlanInput): Plan {
  const adapted = adapt(desired, server.capabilities);
  const { changes, unchanged, unmanaged } = build(adapted.desired, observed);
  return {
    format: formatVersion,
    target: {
      url,
      behaviour: server.behaviour,
      ...(server.version === undefined ? {} : { version: server.version }),
    },
    changes,
    counts: countsOf(changes, unchanged, unmanaged),
    digest: digestOf(url, changes),
    verdict: verdictOf(changes, adapted.diagnostics),
    diagnostics: adapted.diagnostics,
  };
}

/** The names whose tags must be known before `planOf`, where the list does not carry them. */
export function namesWithManagedTags(
  desired: readonly DesiredSchedule[],
  observed: readonly ObservedSchedule[],
): readonly string[] {
  const there = new Set(
    observed.filter(({ tags }) => tags === undefined).map(({ schedule }) => schedule.name),
  );
  return desired
    .filter(({ tags, schedule }) => tags !== undefined && there.has(schedule.name))
    .map(({ schedule }) => schedule.name);
}

/** Hash of the target and of what would be done to it: no times, no paths of files, nothing merely shown. */
export function digestOf(url: string, changes: readonly Change[]): string {
  const planned = changes.filter(({ steps }) => steps.length > 0);
  return hashOf({
    url,
    changes: planned.map(({ name, kind, basis, steps }) => ({
      name,
      kind,
      basis,
      steps: steps as unknown as Json,
    })),
  });
}

function verdictOf(changes: readonly Change[], diagnostics: readonly Diagnostic[]): Verdict {
  if (diagnostics.some(({ severity }) => severity === 'error')) return 'blocked';
  return changes.some(({ steps }) => steps.length > 0) ? 'ready' : 'nothing-to-do';
}

function countsOf(changes: readonly Change[], unchanged: number, unmanaged: number): PlanCounts {
  const count = (kind: Change['kind']): number => changes.filter((change) => change.kind === kind).length;
  const switched = (to: boolean): number =>
    changes.filter(
      ({ kind, fields }) =>
        kind === 'update' && fields.some(({ path, after }) => path[0] === 'paused' && after === to),
    ).length;
  return {
    create: count('create'),
    update: changes.filter(({ kind, steps }) => kind === 'update' && !steps.every(isSwitch)).length,
    delete: count('delete'),
    pause: switched(true),
    resume: switched(false),
    unchanged,
    unmanaged,
  };
}

function isSwitch({ kind }: Step): boolean {
  return kind === 'pause' || kind === 'resume';
}
