import { ignoredBy } from '../model/ignore.ts';
import type { JsonObject } from '../model/json.ts';
import type { ScopeEntry, Texts } from '../model/policies/policy-entry.ts';
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
};

/** Whether a schedule is among those that a policy's `where` or `except` describes. */
export type Fits = (subject: Subject) => boolean;

/** Reads a scope once; its parts are asked from the quickest to the slowest. */
export function fitsScope(scope: ScopeEntry, { directory, environment }: Surroundings): Fits {
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
    parts.push(({ schedule }) => matches(schedule.name));
  }
  if (workflow !== undefined) {
    const matches = ignoredBy(textsOf(workflow));
    parts.push(({ schedule }) => matches(schedule.startWorkflowRequest.name));
  }
  for (const [key, values] of Object.entries(tags ?? {})) {
    const wanted = textsOf(values);
    parts.push(({ tags: own = [] }) => own.some((tag) => tag.key === key && wanted.includes(tag.value)));
  }
  return (subject) => parts.every((fits) => fits(subject));
}

function textsOf(texts: Texts): readonly string[] {
  return typeof texts === 'string' ? [texts] : texts;
}

/** How the paths of files in a folder below the manifests begin. */
function prefixOf(directory: string, folder: string): string {
  const below = folder.replace(/^\.\//, '').replace(/\/+$/, '');
  const top = directory === '.' ? '' : `${directory.replace(/\/+$/, '')}/`;
  return below === '' || below === '.' ? top : `${top}${below}/`;
}
