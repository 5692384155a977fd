import {
  below,
  belowPath,
  type Hiding,
  hides,
  hidesItems,
  isHidden,
  type Sight,
  sightOf,
  sightOfSecrets,
} from '../../model/hiding/hiding.ts';
import { canonicalJson, isObject, type Json, type JsonArray, objectOf } from '../../model/json.ts';
import { present } from '../../model/present.ts';
import { compareText, type FieldChange, type FieldPath } from '../../model/schedule.ts';
import { isoTime } from './entries.ts';

/** Instead of a value that must not be shown. */
export const sensitiveText = '(sensitive)';
/** Instead of a value after that is not known here: its secret is not defined. */
export const unknownText = '(unknown here)';
/** The same on the side after, where the two sides differ inside a larger value: both masked alike would hide it. */
export const sensitiveChangedText = '(sensitive) changed';

/** What a document hides. */
export type MaskRules = Hiding & {
  /** Those of `secretPaths` whose secret is not defined here. */
  readonly unknownPaths: readonly FieldPath[];
  /** Shows everything but what came from secrets. Sorting stays. */
  readonly showSensitive: boolean;
};

/** A difference that may be shown: with `sensitive`, neither side's value is in it. */
export type MaskedField = FieldChange & {
  readonly sensitive?: true;
};

/**
 * Masks both sides of a difference where either must not be seen. Objects inside come back with sorted keys, so that
 * equal values give equal text. A difference never disappears: where it lies in masked values only, the side after
 * says so.
 */
export function maskField(field: FieldChange, rules: MaskRules): MaskedField {
  const { path, before, after } = field;
  const sight = belowPath(rules.showSensitive ? sightOfSecrets(rules) : sightOf(rules), path);
  if (isHidden(sight) || hidesScalar(sight, before) || hidesScalar(sight, after)) {
    const isUnknown = isHidden(belowPath(sightOfSecrets({ secretPaths: rules.unknownPaths }), path));
    return {
      path,
      ...(before === undefined ? {} : { before: sensitiveText }),
      ...(after === undefined ? {} : { after: isUnknown ? unknownText : sensitiveText }),
      sensitive: true,
    };
  }
  const masked = maskPair(timeOrValue(path, before), timeOrValue(path, after), sight);
  return {
    path,
    ...present({ before: masked.before, after: masked.after }),
  };
}

/** Of a field that is a time the time in ISO 8601. */
function timeOrValue(path: FieldPath, value: Json | undefined): Json | undefined {
  return typeof value === 'number' && isTimeField(path) ? isoTime(value) : value;
}

export function isTimeField(path: FieldPath): boolean {
  return path.length === 1 && (path[0] === 'scheduleStartTime' || path[0] === 'scheduleEndTime');
}

type Pair = {
  readonly before: Json | undefined;
  readonly after: Json | undefined;
};

function maskPair(before: Json | undefined, after: Json | undefined, sight: Sight): Pair {
  if (isHidden(sight) || hidesScalar(sight, before) || hidesScalar(sight, after)) return hide(before, after);
  if ((Array.isArray(before) || Array.isArray(after)) && hidesItems(sight)) return hide(before, after);
  if (Array.isArray(before) && Array.isArray(after)) return maskItems(before, after, sight);
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort(compareText);
    const pairs = keys.map((key) => {
      const masked = maskPair(own(before, key), own(after, key), below(sight, key));
      return [key, masked] as const;
    });
    return {
      before: objectOf(
        pairs.flatMap(([key, pair]) => (pair.before === undefined ? [] : [[key, pair.before]])),
      ),
      after: objectOf(pairs.flatMap(([key, pair]) => (pair.after === undefined ? [] : [[key, pair.after]]))),
    };
  }
  return { before: maskAlone(before, sight), after: maskAlone(after, sight) };
}

function hidesScalar(sight: Sight, value: Json | undefined): boolean {
  return value !== undefined && !Array.isArray(value) && !isObject(value) && hides(sight, value);
}

/** Array elements are not addressed by paths, so a path goes through every one of them. */
function maskItems(
  before: JsonArray,
  after: JsonArray,
  sight: Sight,
): { readonly before: Json; readonly after: Json } {
  const pairs = Array.from({ length: Math.max(before.length, after.length) }, (_, index) =>
    maskPair(before[index], after[index], sight),
  );
  return {
    before: pairs.slice(0, before.length).map((pair) => pair.before ?? null),
    after: pairs.slice(0, after.length).map((pair) => pair.after ?? null),
  };
}

function maskAlone(value: Json | undefined, sight: Sight): Json | undefined {
  if (Array.isArray(value) || isObject(value)) return maskPair(value, value, sight).before;
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

function own(object: { readonly [key: string]: Json }, key: string): Json | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}
