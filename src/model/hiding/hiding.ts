import type { Json } from '../json.ts';
import type { FieldPath } from '../schedule.ts';
import { isCredential, type KeyKind, keyKind } from './credential.ts';

/** Which values of a schedule must not be seen, beside those that look like credentials. Paths are from the schedule down. */
export type Hiding = {
  /** `lifecycle.sensitive`: each path with everything below it. */
  readonly sensitive: readonly FieldPath[];
  /** Texts that secrets went into. */
  readonly secretPaths: readonly FieldPath[];
  /** What looks like a credential at or below these is none. */
  readonly notSensitive: readonly FieldPath[];
};

/** Nothing but what looks like a credential. */
export const onlyLooks: Hiding = { sensitive: [], secretPaths: [], notSensitive: [] };

/** What is known about the values at one place, on the way down through a schedule. */
export type Sight = {
  /** The rest of each path that hides, seen from here. */
  readonly hidden: readonly FieldPath[];
  /** The rest of each path that says that looks deceive. */
  readonly harmless: readonly FieldPath[];
  readonly key: KeyKind | 'harmless';
};

/** The sight at the top of a schedule. */
export function sightOf({ sensitive, secretPaths, notSensitive }: Hiding): Sight {
  return settled([...sensitive, ...secretPaths], notSensitive, 'none');
}

/** Only what came from secrets is hidden: what is shown on request shows all else. */
export function sightOfSecrets({ secretPaths }: Pick<Hiding, 'secretPaths'>): Sight {
  return settled(secretPaths, [], 'harmless');
}

export function below(sight: Sight, key: string): Sight {
  const { hidden, harmless } = sight;
  const kind = sight.key === 'harmless' ? 'harmless' : kindBelow(sight.key, key);
  if (hidden.length === 0 && harmless.length === 0 && kind === sight.key) return sight;
  return settled(rest(hidden, key), rest(harmless, key), kind);
}

/** `password: {minLength: 8}`: a number below a password is none, a text may be; what describes it is not. */
function kindBelow(above: KeyKind, key: string): KeyKind {
  const own = keyKind(key);
  if (own !== 'none' || above === 'none') return own;
  return descriptive.has(key) ? 'none' : 'credential';
}

const descriptive = new Set(['type', 'format', 'title', 'description']);

export function belowPath(sight: Sight, path: FieldPath): Sight {
  return path.reduce(below, sight);
}

/** Everything from here down is hidden. */
export function isHidden({ hidden }: Sight): boolean {
  return hidden.some((path) => path.length === 0);
}

/** Items of a list move, so a path to one of them hides them all. */
export function hidesItems({ hidden }: Sight): boolean {
  return hidden.some(([next = '']) => /^\d+$/.test(next));
}

/** Whether a scalar must not be seen: by its path, its key or by what it is. */
export function hides(sight: Sight, value: Json | undefined): boolean {
  if (isHidden(sight)) return true;
  return sight.key !== 'harmless' && isCredential(value, sight.key);
}

function settled(hidden: readonly FieldPath[], harmless: readonly FieldPath[], key: Sight['key']): Sight {
  // The end of a hiding path stays the end of one, whatever is below it.
  const isHarmless = harmless.some((path) => path.length === 0);
  return { hidden, harmless: isHarmless ? [] : harmless, key: isHarmless ? 'harmless' : key };
}

function rest(paths: readonly FieldPath[], key: string): readonly FieldPath[] {
  return paths.flatMap((path) => (path.length === 0 ? [path] : path[0] === key ? [path.slice(1)] : []));
}
