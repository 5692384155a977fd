import { isObject, type Json, misfitPath, objectOf, parseJson, writeJson } from '../../model/json.ts';
import { JsonNumber } from '../../model/number.ts';
import { formatVersion } from '../../model/plan.ts';
import { present } from '../../model/present.ts';
import type { DiagnosticArgs } from '../../problems/codes.ts';
import { type Diagnostic, problem } from '../../problems/diagnostic.ts';
import { digestOf } from '../plan.ts';
import { validateSavedPlan } from './generated/validate-saved-plan.js';
import { checksumOf, type SavedPlan } from './saved-plan.ts';

// Well within the call stack: what hashes and writes a plan calls itself for each level.
const deepest = 500;

export type SavedRead =
  | { readonly ok: true; readonly saved: SavedPlan }
  | { readonly ok: false; readonly diagnostic: Diagnostic };

/** Reads the text of a plan file. Anything but what `savedPlanOf` made of a plan is refused. */
export function readSaved(text: string, file: string): SavedRead {
  const refuse = (args: DiagnosticArgs['bad-plan-file']): SavedRead => ({
    ok: false,
    diagnostic: problem('bad-plan-file', args, { kind: 'file', file }),
  });
  const parsed = parseJson(text.replace(/^\ufeff/, ''));
  if (!parsed.ok) return refuse({ fault: 'json' });
  const { value } = parsed;
  const kind = isObject(value) && typeof value.kind === 'string' ? value.kind : undefined;
  if (!isObject(value) || kind !== 'saved-plan')
    return refuse({ fault: 'kind', ...present({ detail: kind }) });
  if (value.format !== formatVersion)
    return refuse({ fault: 'format', detail: writeJson(value.format ?? null) });
  if (isDeeper(value, deepest)) return refuse({ fault: 'form', detail: 'changes' });
  if (!validateSavedPlan(withoutNumberObjects(value)))
    return refuse({ fault: 'form', detail: misfitPath(validateSavedPlan.errors) });
  const saved = value as unknown as SavedPlan;
  const { checksum, ...rest } = saved;
  // With a key, the digest is checked once the secrets are known.
  const isEdited = rest.digestKey === undefined && digestOfSaved(rest, undefined) !== rest.digest;
  if (checksumOf(rest) !== checksum || isEdited) return refuse({ fault: 'edited' });
  return { ok: true, saved };
}

/** The digest of what is there to be done, whatever the file says that it is. With a key the secrets must be resolved. */
export function digestOfSaved(
  { target, changes, ...rest }: Omit<SavedPlan, 'checksum'>,
  digestKey: string | undefined,
): string {
  return digestOf(target.url, rest, changes, digestKey);
}

function isDeeper(value: Json, levels: number): boolean {
  if (value === null || typeof value !== 'object') return false;
  return levels === 0 || Object.values(value).some((item: Json) => isDeeper(item, levels - 1));
}

/** For the validator, which would take such a number for a mapping: no field of a plan is one of them. */
function withoutNumberObjects(value: Json): Json {
  if (value instanceof JsonNumber) return 0n;
  if (Array.isArray(value)) return value.map(withoutNumberObjects);
  if (!isObject(value)) return value;
  return objectOf(Object.entries(value).map(([key, item]) => [key, withoutNumberObjects(item)]));
}
