import { looksLikeCredential } from '../../model/credential.ts';
import { canonicalJson, isObject, type Json, type JsonArray, objectOf } from '../../model/json.ts';
import { present } from '../../model/present.ts';
import { compareText, type FieldChange, type FieldPath } from '../../model/schedule.ts';

/** Stands in place of a value that must not be shown. */
export const sensitiveText = '(sensitive)';
/** In place of a value after that nobody here knows: its secret is not defined. */
export const unknownText = '(unknown here)';
/** The same on the side after, where the two sides differ inside a larger value: both masked alike would hide it. */
export const sensitiveChangedText = '(sensitive) changed';

export interface MaskRules {
  /** `lifecycle.sensitive`: each path with everything below it. */
  readonly paths: readonly FieldPath[];
  /** Values that came from secrets: masked also with `showSensitive`. */
  readonly secretPaths: readonly FieldPath[];
  /** Those of them whose secret is not defined here. */
  readonly unknownPaths: readonly FieldPath[];
  /** Shows everything else. Sorting stays. */
  readonly showSensitive: boolean;
}

/** A difference that may be shown: with `sensitive`, neither side's value is in it. */
export interface MaskedField extends FieldChange {
  readonly sensitive?: true;
}

/**
 * Masks both sides of a difference by path and by key, never by value. Objects inside come back with sorted keys, so
 * that equal values give equal text. A difference never disappears: where it lies in masked values alone, the side
 * after says so.
 */
export function maskField(field: FieldChange, rules: MaskRules): MaskedField {
  const { path, before, after } = field;
  const below = pathsBelow([...rules.secretPaths, ...(rules.showSensitive ? [] : rules.paths)], path);
  const whole =
    below.some((rest) => rest.length === 0) || (!rules.showSensitive && path.some(looksLikeCredential));
  const unknown = pathsBelow(rules.unknownPaths, path).length > 0;
  if (whole)
    return {
      path,
      ...(before === undefined ? {} : { before: sensitiveText }),
      ...(after === undefined ? {} : { after: unknown ? unknownText : sensitiveText }),
      sensitive: true,
    };
  const masked = maskPair(before, after, below, !rules.showSensitive);
  return {
    path,
    ...present({ before: masked.before, after: masked.after }),
  };
}

interface Pair {
  readonly before: Json | undefined;
  readonly after: Json | undefined;
}

function maskPair(
  before: Json | undefined,
  after: Json | undefined,
  below: readonly FieldPath[],
  byKey: boolean,
): Pair {
  if (below.some((rest) => rest.length === 0)) return hide(before, after);
  // Items move: what is at an index now may have been at another, so a path to one hides them all.
  if ((Array.isArray(before) || Array.isArray(after)) && below.some(([next = '']) => /^\d+$/.test(next)))
    return hide(before, after);
  if (Array.isArray(before) && Array.isArray(after)) return maskItems(before, after, below, byKey);
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort(compareText);
    const pairs = keys.map((key) => {
      const sides = [own(before, key), own(after, key)] as const;
      const masked =
        byKey && looksLikeCredential(key)
          ? hide(...sides)
          : maskPair(...sides, pathsBelow(below, [key]), byKey);
      return [key, masked] as const;
    });
    return {
      before: objectOf(
        pairs.flatMap(([key, pair]) => (pair.before === undefined ? [] : [[key, pair.before]])),
      ),
      after: objectOf(pairs.flatMap(([key, pair]) => (pair.after === undefined ? [] : [[key, pair.after]]))),
    };
  }
  return { before: maskAlone(before, below, byKey), after: maskAlone(after, below, byKey) };
}

/** Array elements are not addressed by paths, so a path goes through every one of them. */
function maskItems(
  before: JsonArray,
  after: JsonArray,
  below: readonly FieldPath[],
  byKey: boolean,
): { readonly before: Json; readonly after: Json } {
  const pairs = Array.from({ length: Math.max(before.length, after.length) }, (_, index) =>
    maskPair(before[index], after[index], below, byKey),
  );
  return {
    before: pairs.slice(0, before.length).map((pair) => pair.before ?? null),
    after: pairs.slice(0, after.length).map((pair) => pair.after ?? null),
  };
}

function maskAlone(value: Json | undefined, below: readonly FieldPath[], byKey: boolean): Json | undefined {
  if (Array.isArray(value) || isObject(value)) return maskPair(value, value, below, byKey).before;
  return value;
}

function hide(before: Json | undefined, after: Json | undefined): Pair {
  const changed =
    before !== undefined && after !== undefined && canonicalJson(before) !== canonicalJson(after);
  return {
    before: before === undefined ? undefined : sensitiveText,
    after: after === undefined ? undefined : changed ? sensitiveChangedText : sensitiveText,
  };
}

function pathsBelow(paths: readonly FieldPath[], at: FieldPath): readonly FieldPath[] {
  return paths.flatMap((path) => {
    const shared = Math.min(path.length, at.length);
    for (let index = 0; index < shared; index += 1) if (path[index] !== at[index]) return [];
    return [path.slice(shared)];
  });
}

function own(object: { readonly [key: string]: Json }, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
