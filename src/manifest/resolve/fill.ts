import { isObject, type JsonObject } from '../../model/json.ts';
import { present } from '../../model/present.ts';
import type { Origin, SecretUse } from '../../model/schedule.ts';
import type { Diagnostic } from '../../problems/diagnostic.ts';
import type { RawManifest } from '../read/parse-file.ts';
import { type Defaults, withDefaults } from './defaults.ts';
import { overlaid } from './overlay.ts';
import { type Provenance, provenanceOf, relocated } from './provenance.ts';
import { type Scope, substitute } from './substitute.ts';

/** A manifest as if everything had been written in it. */
export interface Filled {
  readonly value: JsonObject;
  /** What was not. */
  readonly provenance: readonly Provenance[];
  readonly secrets: readonly SecretUse[];
  /** Paths, as `pathKey`, of texts whose references lead nowhere. */
  readonly unresolved: ReadonlySet<string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** What goes into a manifest from outside of it. */
export interface Filling {
  readonly overlay: RawManifest | undefined;
  readonly defaults: Defaults | undefined;
  readonly scope: Scope;
  /** False when there is no `${` in the manifest's file, which spares looking at every text. */
  readonly mayRefer: boolean;
}

const untouched: Omit<Filled, 'value'> = {
  provenance: [],
  secrets: [],
  unresolved: new Set(),
  diagnostics: [],
};

/** A manifest with its overlay, then its references resolved, then the defaults for what is still left out. */
export function fill({ value: raw, origin }: RawManifest, filling: Filling): Filled {
  const { overlay, defaults, scope } = filling;
  // Most manifests of most repositories.
  if (overlay === undefined && defaults === undefined && !filling.mayRefer)
    return { ...untouched, value: raw };
  const patched = overlay === undefined ? { value: raw, provenance: [] } : overlaid(raw, overlay);
  const referred =
    filling.mayRefer || overlay !== undefined
      ? substitute(patched.value, origin, scope, patched.provenance)
      : { ...patched, secrets: [], diagnostics: [], unresolved: new Set<string>() };
  const value = referred.value as JsonObject;
  const completed = defaults === undefined ? { value, provenance: [] } : withDefaults(value, defaults);
  return {
    value: completed.value,
    provenance: [...referred.provenance, ...completed.provenance],
    secrets: referred.secrets,
    unresolved: referred.unresolved,
    diagnostics: relocated(referred.diagnostics, patched.provenance),
  };
}

/** The `defaults` of a configuration, as it was written there. */
export interface WrittenDefaults {
  readonly value: JsonObject;
  readonly origin: Origin;
}

/** The defaults with their references resolved; none when one of them leads nowhere. */
export function resolveDefaults(
  written: WrittenDefaults,
  scope: Scope,
): { readonly defaults?: Defaults; readonly diagnostics: readonly Diagnostic[] } {
  const { origin } = written;
  const { value, provenance, diagnostics } = substitute({ defaults: written.value }, origin, scope);
  const defaults = isObject(value) ? value.defaults : undefined;
  if (!isObject(defaults) || diagnostics.length > 0) return { diagnostics };
  const { zoneId, tags } = defaults;
  return {
    defaults: {
      ...present({ zoneId }),
      ...(isObject(tags) ? { tags } : {}),
      source: (path) => {
        const at = ['defaults', ...path];
        return provenanceOf(at, provenance) ?? { origin, at };
      },
    },
    diagnostics,
  };
}
