import { fieldChange } from '../compare/diff.ts';
import { sameTags } from '../compare/tags.ts';
import type { Hiding } from '../model/hiding/hiding.ts';
import type { Marker } from '../model/marks/marker.ts';
import { type Change, ownerField, protectedField } from '../model/plan.ts';
import type { Policy } from '../model/run-policy.ts';
import type { DesiredSchedule, FieldChange, FieldPath, Tag } from '../model/schedule.ts';

/** A marker is shown as an owner and a protection, never as the tag or line that it is. */
export function markerChange(before: Marker | undefined, after: Marker | undefined): readonly FieldChange[] {
  return [
    ...(before?.owner === after?.owner ? [] : [fieldChange([ownerField], before?.owner, after?.owner)]),
    ...((before?.protected ?? false) === (after?.protected ?? false)
      ? []
      : [fieldChange([protectedField], before?.protected ?? false, after?.protected ?? false)]),
  ];
}

export function tagChange(before: readonly Tag[], after: readonly Tag[]): readonly FieldChange[] {
  if (sameTags(before, after)) return [];
  return [fieldChange(['tags'], before, after)];
}

/** What of a change's values must not be shown. */
export function hiddenBy(
  { notSensitive }: Pick<Policy, 'notSensitive'>,
  desired?: DesiredSchedule,
): Hiding & Pick<Change, 'unknownPaths'> {
  const harmless = [...notSensitive, ...(desired?.lifecycle.notSensitive ?? [])];
  const isHarmless = (path: FieldPath): boolean =>
    harmless.some((one) => one.every((part, index) => part === path[index]));
  return {
    sensitive: [
      ...(desired?.lifecycle.sensitive ?? []),
      ...(desired?.credentials ?? []).filter((path) => !isHarmless(path)),
    ],
    notSensitive: harmless,
    secretPaths: desired?.secrets?.map(({ path }) => path) ?? [],
    unknownPaths: desired?.secrets?.flatMap(({ known, path }) => (known ? [] : [path])) ?? [],
  };
}

/** Whether a field differs only by what a secret that is not defined here would have to tell. */
export function isUnknown(path: FieldPath, unknownPaths: readonly FieldPath[]): boolean {
  return unknownPaths.some(
    (unknown) => unknown.length === path.length && unknown.every((part, at) => part === path[at]),
  );
}
