import { isObject, parseJson } from '../../model/json.ts';
import { formatVersion } from '../../model/plan.ts';
import { type Diagnostic, type DiagnosticArgs, problem } from '../../problems/diagnostic.ts';
import { digestOf } from '../plan.ts';
import { checksumOf, type SavedPlan } from './saved-plan.ts';
import { misfitIn } from './saved-shape.ts';

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
    return refuse({ fault: 'kind', ...(kind === undefined ? {} : { detail: kind }) });
  if (value.format !== formatVersion) return refuse({ fault: 'format', detail: String(value.format) });
  const misfit = misfitIn(value);
  if (misfit !== undefined) return refuse({ fault: 'form', detail: misfit });
  const { checksum, ...rest } = value as unknown as SavedPlan;
  if (checksumOf(rest) !== checksum || digestIn(rest) !== rest.digest) return refuse({ fault: 'edited' });
  return { ok: true, saved: value as unknown as SavedPlan };
}

/** The digest of what is there to be done, whatever the file says that it is. */
function digestIn({ target, changes, ...rest }: Omit<SavedPlan, 'checksum'>): string {
  return digestOf(target.url, rest, changes);
}
