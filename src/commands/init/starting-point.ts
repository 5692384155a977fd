import type { Json } from '../../model/json.ts';
import type { ServerType } from '../../model/port.ts';

export const pipelines = ['github', 'gitlab', 'cron', 'none'] as const;
export type Pipeline = (typeof pipelines)[number];

/** Workflows that name each secret that they hand over. */
export const githubFiles = ['.github/workflows/schedules.yml', '.github/workflows/drift.yml'] as const;

export type Reference = { readonly kind: 'action' | 'package'; readonly text: string };

export type StartingPoint = {
  /** Absent = not known. */
  readonly owner?: string;
  /** Absent = it is found out. */
  readonly serverType?: ServerType;
  /** Names; none = there is one server. */
  readonly environments: readonly string[];
  readonly mainBranch: string;
  readonly pipeline: Pipeline;
  /** The directory has manifests already. */
  readonly hasManifests: boolean;
  /** Of the manifests, relative to the working directory. */
  readonly directory: string;
  /** Patterns of the files that decide what schedules come to: a change of one is planned and applied. */
  readonly watched: readonly string[];
  /** What the pipeline runs: the Action as `OWNER/REPO@REF`, or the npm package as `NAME@VERSION`. */
  readonly runs: Reference;
  /** Names of the secrets that manifests which are there refer to, sorted. */
  readonly secrets: readonly string[];
  /** By the name that each has in `schemas/`. */
  readonly schemas: { readonly [name: string]: Json };
};
