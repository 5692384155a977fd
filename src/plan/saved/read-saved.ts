import { isObject, type Json, keysOfPointer, parseJson, writeJson } from '../../model/json.ts';
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
  const parsed = parseJson(text);
  if (!parsed.ok) return refuse({ fault: 'json' });
  const { value } = parsed;
  const kind = isObject(value) && typeof value.kind === 'string' ? value.kind : undefined;
  if (!isObject(value) || kind !== 'saved-plan')
    return refuse({ fault: 'kind', ...present({ detail: kind }) });
  if (value.format !== formatVersion)
    return refuse({ fault: 'format', detail: writeJson(value.format ?? null) });
  if (!validateSavedPlan(value)) return refuse({ fault: 'form', detail: firstMisfit() });
  if (isDeeper(value, deepest)) return refuse({ fault: 'form', detail: 'changes' });
  const { checksum, ...rest } = value;
  if (checksumOf(rest) !== checksum || digestIn(rest) !== rest.digest) return refuse({ fault: 'edited' });
  return { ok: true, saved: value };
}

/** The digest of what is there to be done, whatever the file says that it is. */
function digestIn({ target, changes, ...rest }: Omit<SavedPlan, 'checksum'>): string {
  return digestOf(target.url, rest, changes);
}

/** Of the last validation: the path of the first key that is wrong, missing or too many, such as `changes[0].steps`. */
function firstMisfit(): string {
  const [error] = validateSavedPlan.errors ?? [];
  const { additionalProperty, missingProperty } = error?.params ?? {};
  return [...keysOfPointer(error?.instancePath ?? ''), additionalProperty ?? missingProperty ?? []]
    .flat()
    .map((key, index) => (/^\d+$/.test(key) ? `[${key}]` : `${index === 0 ? '' : '.'}${key}`))
    .join('');
}

function isDeeper(value: Json, levels: number): boolean {
  if (value === null || typeof value !== 'object') return false;
  return levels === 0 || Object.values(value).some((item: Json) => isDeeper(item, levels - 1));
}
