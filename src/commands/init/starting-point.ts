import type { Json } from '../../model/json.ts';
import type { ServerType } from '../../model/port.ts';

export const pipelines = ['github', 'gitlab', 'cron', 'none'] as const;
export type Pipeline = (typeof pipelines)[number];

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
  /** What the pipeline runs: the Action as `OWNER/REPO@REF`, or the npm package as `NAME@VERSION`. */
  readonly runs: Reference;
  /** Names of the secrets that manifests which are there refer to, sorted. */
  readonly secrets: readonly string[];
  readonly schemas: { readonly schedule: Json; readonly config: Json };
};
