import { ignoredBy } from '../../model/ignore.ts';
import { compareText, type DesiredSchedule, type ObservedSchedule, type Tag } from '../../model/schedule.ts';
import { placed } from '../../run/load-manifests.ts';
import { done, ended, type Stage } from '../../run/prologue.ts';
import type { Run } from '../../run/run.ts';
import { unknownNames } from '../../run/unknown-names.ts';
import { selectionOf } from '../../settings/run-policy.ts';

/** Both sides of everything there is; the manifests only where they could be read. */
export type Selectable = {
  readonly observed: readonly ObservedSchedule[];
  readonly desired: readonly DesiredSchedule[];
};

/** What a command on call is about. */
export type Chosen = {
  /** Sorted, each once. */
  readonly names: readonly string[];
  /** Names, patterns and the like as they were typed; absent = everything. */
  readonly asked?: readonly string[];
  /** True when a pattern, a selector or a workflow chose: then it is worth saying what was caught. */
  readonly caught: boolean;
};

/** True when tags decide what a command is about: then they must be read. */
export function selectsByTags(run: Run): boolean {
  return (run.options.selector ?? []).length > 0;
}

/**
 * The schedules that names, patterns (`billing_*`), `--selector` and `--workflow` choose, all of them together narrowing;
 * by what either side says. A name that is not there, and a choice that catches nothing, end the run.
 */
export function chosen(run: Run, { observed, desired }: Selectable): Stage<Chosen> {
  const selection = selectionOf(run.options);
  if (!selection.ok) return ended(run.refuse(selection.usage));
  const { workflow } = run.options;
  const typed = [...new Set(run.request.names ?? [])];
  const selector = selection.value?.selector ?? [];
  const all = [...new Set([...observed, ...desired].map(({ schedule }) => schedule.name))].sort(compareText);
  const known = new Set(all);
  const patterns = typed.filter((text) => text.includes('*') && !known.has(text));
  const unknown = unknownNames(
    typed.filter((text) => !patterns.includes(text)),
    all,
  );
  if (unknown.length > 0) return ended(run.fail(placed(unknown)));
  const isTyped = ignoredBy(patterns);
  const narrowed = new Set(
    [...observed, ...desired]
      .filter(({ tags, schedule }) => hasAll(tags, selector) && isOf(schedule, workflow))
      .map(({ schedule }) => schedule.name),
  );
  const names = all.filter(
    (name) => (typed.length === 0 || typed.includes(name) || isTyped(name)) && narrowed.has(name),
  );
  const asked = [
    ...[...typed].sort(compareText),
    ...(run.options.selector ?? []).map((text) => `--selector ${text}`),
    ...(workflow === undefined ? [] : [`--workflow ${workflow}`]),
  ];
  if (asked.length > 0 && names.length === 0) {
    return ended(
      run.refuse({
        message: `no schedule matches ${asked.join(' ')}`,
        hint: 'in a pattern, * stands for any text; `downbeat status` lists all schedules',
      }),
    );
  }
  const caught = patterns.length > 0 || selector.length > 0 || workflow !== undefined;
  return done({ names, caught, ...(asked.length === 0 ? {} : { asked }) });
}

function hasAll(tags: readonly Tag[] | undefined, selector: readonly Tag[]): boolean {
  return selector.every(
    (wanted) => tags?.some(({ key, value }) => key === wanted.key && value === wanted.value) === true,
  );
}

function isOf({ startWorkflowRequest }: ObservedSchedule['schedule'], workflow: string | undefined): boolean {
  return workflow === undefined || startWorkflowRequest.name === workflow;
}
