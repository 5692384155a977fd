import { isObject, type JsonObject } from '../../model/json.ts';
import { present } from '../../model/present.ts';
import type { FieldPath, Origin, SecretUse } from '../../model/schedule.ts';
import type { Diagnostic } from '../../problems/diagnostic.ts';
import type { RawManifest } from '../read/parse-file.ts';
import { type Defaults, isUsed, withDefaults } from './defaults.ts';
import { overlaid } from './overlay.ts';
import { againstPresets, type Presets, withPresets } from './presets.ts';
import { type Provenance, provenanceOf, relocated } from './provenance.ts';
import { type Scope, substitute } from './substitute.ts';

/** A manifest as if everything had been written in it. */
export interface Filled {
  readonly value: JsonObject;
  /** What was not. */
  readonly provenance: readonly Provenance[];
  readonly secrets: readonly SecretUse[];
  /** Where a variable went in that is a credential by its name. */
  readonly credentials: readonly FieldPath[];
  /** Paths, as `pathKey`, of texts whose references lead nowhere. */
  readonly unresolved: ReadonlySet<string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** What goes into a manifest from outside of it. */
export interface Filling {
  readonly overlay: RawManifest | undefined;
  /** The nearest first. */
  readonly defaults: readonly Defaults[];
  readonly presets: Presets | undefined;
  readonly scope: Scope;
  /** False when there is no `${` in the manifest's file, which spares looking at every text. */
  readonly mayRefer: boolean;
}

const none: readonly never[] = [];
const noPaths: ReadonlySet<string> = new Set();

/**
 * A manifest with its overlay, then its references resolved, then what the environment says of every schedule, then the
 * defaults for what is still left out.
 */
export function fill({ value: raw, origin }: RawManifest, filling: Filling): Filled {
  const { overlay, defaults, presets, scope } = filling;
  // Most manifests of most repositories.
  if (overlay === undefined && defaults.length === 0 && presets === undefined && !filling.mayRefer)
    return {
      value: raw,
      provenance: none,
      secrets: none,
      credentials: none,
      unresolved: noPaths,
      diagnostics: none,
    };
  const patched = overlay === undefined ? { value: raw, provenance: [] } : overlaid(raw, overlay);
  const referred =
    filling.mayRefer || overlay !== undefined
      ? substitute(patched.value, origin, scope, patched.provenance)
      : { ...patched, secrets: none, credentials: none, diagnostics: none, unresolved: noPaths };
  let value = referred.value as JsonObject;
  const provenance = [...referred.provenance];
  const secrets = [...referred.secrets];
  const credentials = [...referred.credentials];
  if (presets !== undefined) {
    const preset = withPresets(value, presets, origin);
    value = preset.value;
    provenance.push(...preset.provenance);
  }
  for (const layer of defaults) {
    const completed = withDefaults(value, layer);
    value = completed.value;
    provenance.push(...completed.provenance);
    secrets.push(...layer.secrets.filter(({ path }) => isUsed(path, completed.provenance)));
    credentials.push(...layer.credentials.filter((path) => isUsed(path, completed.provenance)));
  }
  return {
    value,
    provenance,
    secrets,
    credentials,
    unresolved: referred.unresolved,
    diagnostics: [
      ...relocated(referred.diagnostics, patched.provenance),
      ...(overlay === undefined || presets === undefined ? [] : againstPresets(overlay, presets)),
    ],
  };
}

/** Defaults as they were written: in the configuration below `at`, or in a file of their own. */
export interface WrittenDefaults {
  readonly value: JsonObject;
  readonly origin: Origin;
  readonly at: FieldPath;
}

/** The defaults with their references resolved; none when one of them leads nowhere. */
export function resolveDefaults(
  { value: written, origin, at }: WrittenDefaults,
  scope: Scope,
): { readonly defaults?: Defaults; readonly diagnostics: readonly Diagnostic[] } {
  const root: readonly Provenance[] = at.length === 0 ? [] : [{ path: [], origin, at }];
  const { value, provenance, diagnostics, secrets, credentials } = substitute(written, origin, scope, root);
  if (!isObject(value) || diagnostics.length > 0) return { diagnostics: relocated(diagnostics, root) };
  const { zoneId, tags, startWorkflowRequest } = value;
  return {
    defaults: {
      ...present({ zoneId }),
      ...(isObject(tags) ? { tags } : {}),
      ...(isObject(startWorkflowRequest) ? { startWorkflowRequest } : {}),
      secrets,
      credentials,
      source: (path) => provenanceOf(path, provenance) ?? { origin, at: path },
    },
    diagnostics,
  };
}
