import type { Allowed, VariableValue } from '../../model/config.ts';
import { canonicalJson, isObject, type Json, objectOf } from '../../model/json.ts';
import { present } from '../../model/present.ts';
import type { FieldPath, Origin, SecretUse } from '../../model/schedule.ts';
import type { DiagnosticArgs, DiagnosticCode } from '../../problems/codes.ts';
import { type Diagnostic, problem } from '../../problems/diagnostic.ts';
import { nearestKey } from '../nearest.ts';
import { pathKey } from '../read/field-path.ts';
import { type Provenance, provenanceOf } from './provenance.ts';
import { escapeReferences, mayRefer, type Part, partsOf, type ReferenceKind } from './references.ts';

/** A variable's value, and where the configuration defines it; a flag's has no place. */
export interface Variable {
  readonly value: VariableValue;
  readonly origin?: Origin;
  readonly at?: FieldPath;
}

/** What references are resolved with. */
export interface Scope {
  readonly variables: ReadonlyMap<string, Variable>;
  /** Of the variables that are not defined: the environments that would define them. */
  readonly elsewhere: ReadonlyMap<string, readonly string[]>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly allow: Allowed;
  /** `opaque`: what needs a secret that is not here keeps the reference and is marked as unknown. */
  readonly missingSecrets: 'error' | 'opaque';
  /** The manifests may be a stranger's: nothing of the environment is theirs to read. */
  readonly strangers?: boolean;
}

export interface Substituted {
  readonly value: Json;
  /** Given provenance and what the references add to it. */
  readonly provenance: readonly Provenance[];
  readonly secrets: readonly SecretUse[];
  /** By their place in the value, as `provenance` finds it. */
  readonly diagnostics: readonly Diagnostic[];
  /** Where a reference could not be resolved and stands as it was written, as `pathKey`. */
  readonly unresolved: ReadonlySet<string>;
}

// CI systems pass credentials and things that anybody may write (titles, branches) under these.
const reserved = /^(?:CONDUCTOR|DOWNBEAT|GITHUB|ACTIONS|RUNNER|CI|INPUT)_/i;

type Resolved = { readonly value: VariableValue; readonly variable?: Variable } | 'unknown' | 'failed';

/**
 * A manifest's value with its references resolved, in texts alone, not in keys. A text that is one whole reference
 * takes the variable's value with its type. What a reference resolves to is not looked at again.
 */
export function substitute(
  value: Json,
  origin: Origin,
  scope: Scope,
  given: readonly Provenance[] = [],
): Substituted {
  const provenance = [...given];
  const secrets: SecretUse[] = [];
  const diagnostics: Diagnostic[] = [];
  const unresolved = new Set<string>();

  function valueAt(item: Json, path: FieldPath): Json {
    if (typeof item === 'string') return mayRefer(item) ? textAt(item, path) : item;
    if (Array.isArray(item)) return item.map((one: Json, index) => valueAt(one, [...path, String(index)]));
    if (!isObject(item)) return item;
    return objectOf(Object.entries(item).map(([key, one]) => [key, valueAt(one, [...path, key])]));
  }

  function textAt(text: string, path: FieldPath): Json {
    const parts = partsOf(text);
    // Nothing of ours in it.
    if (parts.length === 1 && parts[0]?.kind === 'text' && parts[0].text === text) return text;
    const resolved = parts.map((part) => resolve(part, path));
    if (resolved.includes('failed')) {
      unresolved.add(pathKey(path));
      return text;
    }
    const [only] = resolved;
    if (
      parts.length === 1 &&
      typeof only === 'object' &&
      parts[0]?.kind === 'reference' &&
      parts[0].of !== 'secret'
    ) {
      const { variable } = only;
      if (variable?.origin !== undefined && variable.at !== undefined)
        provenance.push({ path, origin: variable.origin, at: variable.at });
      else markTemplate(path);
      return only.value;
    }
    markTemplate(path);
    const names = parts.flatMap((part) =>
      part.kind === 'reference' && part.of === 'secret' ? [part.name] : [],
    );
    const whole = resolved.map(shown).join('');
    if (names.length === 0) return whole;
    const reference = referenceText(parts, resolved);
    if (reference === undefined) {
      say('bad-reference', { text, fault: 'dollar-before-secret' }, path);
      unresolved.add(pathKey(path));
      return text;
    }
    const known = !resolved.includes('unknown');
    secrets.push({ path, reference, names: [...new Set(names)], known });
    return known ? whole : reference;
  }

  function resolve(part: Part, path: FieldPath): Resolved {
    if (part.kind === 'text') return { value: part.text };
    const within = { start: part.start, end: part.end };
    const fail = <C extends DiagnosticCode>(code: C, args: DiagnosticArgs[C]): 'failed' => {
      say(code, args, path, within);
      return 'failed';
    };
    if (part.kind === 'malformed') return fail('bad-reference', { text: part.text, fault: 'form' });
    const { of: kind, name } = part;
    if (kind === 'var') {
      const variable = scope.variables.get(name);
      return variable === undefined
        ? fail('undefined-variable', undefinedVariable(name))
        : { value: variable.value, variable };
    }
    const fault = refusal(kind, name, scope);
    if (fault !== undefined) return fail('refused-name', { kind, name, fault });
    if (kind === 'secret' && !isInInput(path)) return fail('secret-outside-input', { name });
    const found = Object.hasOwn(scope.env, name) ? scope.env[name] : undefined;
    if (kind === 'env') return found === undefined ? fail('undefined-env', { name }) : { value: found };
    // Pipelines pass "" for a secret that does not exist.
    if (found !== undefined && found !== '') return { value: found };
    return scope.missingSecrets === 'opaque' ? 'unknown' : fail('undefined-secret', { name });
  }

  function undefinedVariable(name: string): DiagnosticArgs['undefined-variable'] {
    const nearest = nearestKey(name, [...scope.variables.keys()]);
    return {
      name,
      environments: scope.elsewhere.get(name) ?? [],
      ...present({ nearest }),
    };
  }

  function markTemplate(path: FieldPath): void {
    provenance.push({ ...(provenanceOf(path, provenance) ?? { path, origin, at: path }), isTemplate: true });
  }

  function say<C extends DiagnosticCode>(
    code: C,
    args: DiagnosticArgs[C],
    path: FieldPath,
    within?: { readonly start: number; readonly end: number },
  ): void {
    const place = { kind: 'field', origin, path, at: 'value', ...(within ? { within } : {}) } as const;
    diagnostics.push(problem(code, args, place));
  }

  return { value: valueAt(value, []), provenance, secrets, diagnostics, unresolved };
}

/** Strictly below `input`: the input itself is no text. */
export function isInInput(path: FieldPath): boolean {
  return path.length > 2 && path[0] === 'startWorkflowRequest' && path[1] === 'input';
}

export function refusal(
  kind: ReferenceKind,
  name: string,
  { allow, strangers = false }: Pick<Scope, 'allow' | 'strangers'>,
): DiagnosticArgs['refused-name']['fault'] | undefined {
  if (reserved.test(name)) return 'reserved';
  if (strangers) return 'strangers';
  const names = kind === 'env' ? allow.env : kind === 'secret' ? allow.secrets : undefined;
  return names?.includes(name) === false ? 'not-allowed' : undefined;
}

function shown(resolved: Resolved): string {
  if (typeof resolved === 'string') return '';
  const { value } = resolved;
  return typeof value === 'string' ? value : canonicalJson(value);
}

/**
 * The text with everything resolved but its secrets. Undefined when it has no such form: a dollar in front of a
 * reference would make it a literal.
 */
function referenceText(parts: readonly Part[], resolved: readonly Resolved[]): string | undefined {
  let text = '';
  let literal = '';
  for (const [index, part] of parts.entries()) {
    if (part.kind === 'reference' && part.of === 'secret') {
      if (literal.endsWith('$')) return undefined;
      text += `${escapeReferences(literal)}\${secret.${part.name}}`;
      literal = '';
    } else literal += shown(resolved[index] ?? 'failed');
  }
  return text + escapeReferences(literal);
}
