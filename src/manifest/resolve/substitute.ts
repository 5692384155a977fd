import type { Allowed, VariableValue } from '../../model/config.ts';
import { isCredential, keyKind } from '../../model/hiding/credential.ts';
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
  /**
   * `opaque`: what needs a secret that is not here keeps the reference and is marked as unknown. `unread`: no secret is
   * read, so all of them count as not here.
   */
  readonly missingSecrets: 'error' | 'opaque' | 'unread';
  /** The manifests may be a stranger's: nothing of the environment is theirs to read. */
  readonly strangers?: boolean;
}

export interface Substituted {
  readonly value: Json;
  /** Given provenance and what the references add to it. */
  readonly provenance: readonly Provenance[];
  readonly secrets: readonly SecretUse[];
  /** Where a variable went in that is a credential by its name. */
  readonly credentials: readonly FieldPath[];
  /** By their place in the value, as `provenance` finds it. */
  readonly diagnostics: readonly Diagnostic[];
  /** Where a reference could not be resolved and is as it was written, as `pathKey`. */
  readonly unresolved: ReadonlySet<string>;
}

// CI systems pass credentials and untrusted text (titles, branches) under these.
const reserved = /^(?:CONDUCTOR|DOWNBEAT|GITHUB|ACTIONS|RUNNER|CI|INPUT)_/i;

type Resolved = { readonly value: VariableValue; readonly variable?: Variable } | 'unknown' | 'failed';

/** What is collected on the way through one manifest. */
type Filling = {
  readonly origin: Origin;
  readonly scope: Scope;
  readonly provenance: Provenance[];
  readonly secrets: SecretUse[];
  readonly credentials: FieldPath[];
  readonly diagnostics: Diagnostic[];
  readonly unresolved: Set<string>;
};

/**
 * A manifest's value with its references resolved, in texts only, not in keys. A text that is one whole reference
 * takes the variable's value with its type. What a reference resolves to is not looked at again.
 */
export function substitute(
  value: Json,
  origin: Origin,
  scope: Scope,
  given: readonly Provenance[] = [],
): Substituted {
  const filling = {
    provenance: [...given],
    secrets: [],
    credentials: [],
    diagnostics: [],
    unresolved: new Set<string>(),
  };
  return { value: valueAt({ ...filling, origin, scope }, value, []), ...filling };
}

function valueAt(filling: Filling, item: Json, path: FieldPath): Json {
  if (typeof item === 'string') return mayRefer(item) ? textAt(filling, item, path) : item;
  if (Array.isArray(item))
    return item.map((one: Json, index) => valueAt(filling, one, [...path, String(index)]));
  if (!isObject(item)) return item;
  return objectOf(Object.entries(item).map(([key, one]) => [key, valueAt(filling, one, [...path, key])]));
}

function textAt(filling: Filling, text: string, path: FieldPath): Json {
  const parts = partsOf(text);
  // Nothing of ours in it.
  if (parts.length === 1 && parts[0]?.kind === 'text' && parts[0].text === text) return text;
  const resolved = parts.map((part) => resolve(filling, part, path));
  if (resolved.includes('failed')) {
    filling.unresolved.add(pathKey(path));
    return text;
  }
  const [only] = resolved;
  if (parts.some((part, index) => isCredentialVariable(part, resolved[index])))
    filling.credentials.push(path);
  if (
    parts.length === 1 &&
    typeof only === 'object' &&
    parts[0]?.kind === 'reference' &&
    parts[0].of !== 'secret'
  ) {
    const { variable } = only;
    if (variable?.origin !== undefined && variable.at !== undefined)
      filling.provenance.push({ path, origin: variable.origin, at: variable.at });
    else markTemplate(filling, path);
    return only.value;
  }
  markTemplate(filling, path);
  const names = parts.flatMap((part) =>
    part.kind === 'reference' && part.of === 'secret' ? [part.name] : [],
  );
  const whole = resolved.map(resolvedText).join('');
  if (names.length === 0) return whole;
  const reference = referenceText(parts, resolved);
  if (reference === undefined) {
    say(filling, 'bad-reference', { text, fault: 'dollar-before-secret' }, path);
    filling.unresolved.add(pathKey(path));
    return text;
  }
  const known = !resolved.includes('unknown');
  filling.secrets.push({ path, reference, names: [...new Set(names)], known });
  return known ? whole : reference;
}

/** As a value under a key of that name is one. */
function isCredentialVariable(part: Part, resolved: Resolved | undefined): boolean {
  if (part.kind !== 'reference' || part.of !== 'var' || typeof resolved !== 'object') return false;
  const kind = keyKind(part.name);
  return kind !== 'none' && isCredential(resolved.value, kind);
}

function resolve(filling: Filling, part: Part, path: FieldPath): Resolved {
  const { scope } = filling;
  if (part.kind === 'text') return { value: part.text };
  const within = { start: part.start, end: part.end };
  const fail = <C extends DiagnosticCode>(code: C, args: DiagnosticArgs[C]): 'failed' => {
    say(filling, code, args, path, within);
    return 'failed';
  };
  if (part.kind === 'malformed') return fail('bad-reference', { text: part.text, fault: 'form' });
  const { of: kind, name } = part;
  if (kind === 'var') {
    const variable = scope.variables.get(name);
    return variable === undefined
      ? fail('undefined-variable', undefinedVariable(name, scope))
      : { value: variable.value, variable };
  }
  const fault = refusal(kind, name, scope);
  if (fault !== undefined) return fail('refused-name', { kind, name, fault });
  if (kind === 'secret' && !isInInput(path)) return fail('secret-outside-input', { name });
  if (kind === 'secret' && scope.missingSecrets === 'unread') return 'unknown';
  const found = Object.hasOwn(scope.env, name) ? scope.env[name] : undefined;
  if (kind === 'env') return found === undefined ? fail('undefined-env', { name }) : { value: found };
  // Pipelines pass "" for a secret that does not exist.
  if (found !== undefined && found !== '') return { value: found };
  return scope.missingSecrets === 'error' ? fail('undefined-secret', { name }) : 'unknown';
}

function undefinedVariable(
  name: string,
  { variables, elsewhere }: Scope,
): DiagnosticArgs['undefined-variable'] {
  const nearest = nearestKey(name, [...variables.keys()]);
  return { name, environments: elsewhere.get(name) ?? [], ...present({ nearest }) };
}

function markTemplate(filling: Filling, path: FieldPath): void {
  filling.provenance.push({
    ...(provenanceOf(path, filling.provenance) ?? { path, origin: filling.origin, at: path }),
    isTemplate: true,
  });
}

function say<C extends DiagnosticCode>(
  filling: Filling,
  code: C,
  args: DiagnosticArgs[C],
  path: FieldPath,
  within?: { readonly start: number; readonly end: number },
): void {
  const { origin, diagnostics } = filling;
  const place = { kind: 'field', origin, path, at: 'value', ...present({ within }) } as const;
  diagnostics.push(problem(code, args, place));
}

/** Strictly below `input`: the input itself is not text. */
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

function resolvedText(resolved: Resolved): string {
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
    } else literal += resolvedText(resolved[index] ?? 'failed');
  }
  return text + escapeReferences(literal);
}
