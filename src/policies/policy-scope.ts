import type { PolicyEntry, ScopeEntry } from '../model/generated/report-parts.ts';
import { ignoredBy } from '../model/ignore.ts';
import type { JsonObject } from '../model/json.ts';
import type { Origin, Tag } from '../model/schedule.ts';
import type { WishedSchedule } from '../model/timing.ts';

/** A schedule as policies see it. */
export type Subject = {
  readonly schedule: WishedSchedule;
  /** Absent = not known, or its server has no tags. */
  readonly tags?: readonly Tag[];
  /** A manifest with everything filled in, or what the server answered. */
  readonly fields: JsonObject;
  /** Absent = it is on the server and in no manifest. */
  readonly origin?: Origin;
};

/** What a policy's scope is held against besides the schedule. */
export type Surroundings = {
  /** Of manifests, as their origins begin. */
  readonly directory: string;
  /** As `--env` says. */
  readonly environment?: string;
  /** The names of all environments of the configuration. */
  readonly environments: readonly string[];
  /** How the environment makes a name of the one in the manifest, with `{name}` in it; absent = it does not. */
  readonly names?: string;
};

/**
 * The name that policies see: as the manifest has it. What an environment makes of every name is not a person's choice, and a
 * policy holds in each environment alike.
 */
export function judgedName({ names }: Pick<Surroundings, 'names'>, name: string): string {
  if (names === undefined) return name;
  const [before = '', after = ''] = names.split('{name}');
  return name.length >= before.length + after.length && name.startsWith(before) && name.endsWith(after)
    ? name.slice(before.length, name.length - after.length)
    : name;
}

/** Every environment that a policy names, with its place in the policy. */
export function environmentsIn({ where, except }: Pick<PolicyEntry, 'where' | 'except'>): readonly {
  readonly name: string;
  readonly path: readonly string[];
}[] {
  return Object.entries({ where, except }).flatMap(([key, scope]) => {
    const { environment } = scope ?? {};
    if (environment === undefined) return [];
    if (typeof environment === 'string') return [{ name: environment, path: [key, 'environment'] }];
    return environment.map((name, index) => ({ name, path: [key, 'environment', String(index)] }));
  });
}

/** Whether a policy is for other environments than the one of this run. */
export function isElsewhere(
  { where, except }: Pick<PolicyEntry, 'where' | 'except'>,
  environment: string | undefined,
): boolean {
  const names = (texts: ScopeEntry['name']): boolean =>
    texts !== undefined && environment !== undefined && textsOf(texts).includes(environment);
  const isExcepted =
    Object.keys(except ?? {}).every((key) => key === 'environment') && names(except?.environment);
  return (where?.environment !== undefined && !names(where.environment)) || isExcepted;
}

/** Whether a schedule is among those that a policy's `where` or `except` describes. */
export type Fits = (subject: Subject) => boolean;

/** Reads a scope once; its parts are asked from the quickest to the slowest. */
export function fitsScope(scope: ScopeEntry, surroundings: Surroundings): Fits {
  const { directory, environment } = surroundings;
  const { directory: folders, name, workflow, tags, environment: environments } = scope;
  const parts: Fits[] = [];
  if (environments !== undefined) {
    const holds = environment !== undefined && textsOf(environments).includes(environment);
    parts.push(() => holds);
  }
  if (folders !== undefined) {
    const prefixes = textsOf(folders).map((folder) => prefixOf(directory, folder));
    parts.push(
      ({ origin }) => origin !== undefined && prefixes.some((prefix) => origin.file.startsWith(prefix)),
    );
  }
  if (name !== undefined) {
    const matches = ignoredBy(textsOf(name));
    parts.push(({ schedule }) => matches(judgedName(surroundings, schedule.name)));
  }
  if (workflow !== undefined) {
    const matches = ignoredBy(textsOf(workflow));
    parts.push(({ schedule }) => matches(schedule.startWorkflowRequest.name));
  }
  for (const [key, values] of Object.entries(tags ?? {})) {
    const wanted = textsOf(values);
    parts.push(({ tags: own = [] }) => own.some((tag) => tag.key === key && wanted.includes(tag.value)));
  }
  const [only] = parts;
  // Nearly every scope says one thing.
  return parts.length === 1 && only !== undefined ? only : (subject) => parts.every((fits) => fits(subject));
}

function textsOf(texts: NonNullable<ScopeEntry['name']>): readonly string[] {
  return typeof texts === 'string' ? [texts] : texts;
}

/** How the paths of files in a folder below the manifests begin. */
function prefixOf(directory: string, folder: string): string {
  const below = folder.replace(/^\.\//, '').replace(/\/+$/, '');
  const top = directory === '.' ? '' : `${directory.replace(/\/+$/, '')}/`;
  return below === '' || below === '.' ? top : `${top}${below}/`;
}
