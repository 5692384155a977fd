import { edit } from '../../manifest/edit/edit.ts';
import {
  fieldOrder,
  isDefault,
  type Kept,
  type ManifestSource,
  type PulledValue,
  related,
} from '../../manifest/edit/pull-edits.ts';
import type { SourceFile } from '../../manifest/read/source.ts';
import type { NewSecret } from '../../model/new-secret.ts';
import { present } from '../../model/present.ts';
import type { Policy } from '../../model/run-policy.ts';
import type { DesiredSchedule, FieldChange, FieldPath } from '../../model/schedule.ts';
import { hiddenBy } from '../../plan/field-changes.ts';
import type { LocatedDiagnostic } from '../../problems/diagnostic.ts';
import type { KeptField, KeptReason, PulledSchedule } from '../../report/documents/pull-result.ts';
import type { Written } from '../../run/load-manifests.ts';
import type { Newcomer } from './new-files.ts';

/** A file as it should become; `before` is undefined for a new one. */
export interface PullFile {
  readonly path: string;
  readonly before?: string;
  readonly after: string;
  readonly schedules: readonly PulledSchedule[];
}

/** A manifest whose schedule has drifted. */
export interface Drifted {
  readonly desired: DesiredSchedule;
  readonly source: ManifestSource;
  /** `before` is the server's side. */
  readonly fields: readonly FieldChange[];
  readonly pulled: PulledValue;
}

export interface PullFiles {
  /** By path. */
  readonly files: readonly PullFile[];
  /** All manifests as they would then be. */
  readonly all: readonly SourceFile[];
  readonly kept: readonly KeptField[];
  readonly secrets: readonly NewSecret[];
}

/** The files that hold what was pulled. A schedule of `invalid` stays as it is, whatever of it could be edited. */
export function pullFiles(
  drifted: readonly Drifted[],
  newcomers: readonly Newcomer[],
  { files, find }: Written,
  invalid: ReadonlyMap<string, readonly LocatedDiagnostic[]>,
  policy: Policy,
): PullFiles {
  const made: PullFile[] = [];
  const kept: KeptField[] = [];
  const secrets: NewSecret[] = [];
  for (const file of files) {
    const here = drifted.filter(({ desired }) => desired.origin.file === file.path);
    for (const one of here) {
      const problems = invalid.get(one.desired.schedule.name);
      if (problems === undefined)
        kept.push(...one.pulled.kept.map((stays) => writtenElsewhere(one, stays, find, policy)));
      else
        kept.push(
          ...one.fields.map((field) => ({ ...keptField(one.desired, 'invalid', field, policy), problems })),
        );
    }
    const wanted = here.filter(
      ({ desired, pulled }) => pulled.taken.length > 0 && !invalid.has(desired.schedule.name),
    );
    if (wanted.length === 0) continue;
    const edits = wanted.map(({ source, pulled }) => ({ manifest: source.manifest, value: pulled.value }));
    const edited = edit(file, edits, fieldOrder);
    const schedules: PulledSchedule[] = [];
    for (const [index, { desired, pulled }] of wanted.entries()) {
      const refused = edited.manifests[index]?.refused ?? [];
      const faultAt = (path: FieldPath) => refused.find((other) => related(other.path, path))?.why;
      const fields: FieldChange[] = [];
      for (const field of pulled.taken) {
        const fault = faultAt(field.path);
        if (fault === undefined) fields.push(swapped(field));
        else kept.push(keptField(desired, fault, field, policy));
      }
      secrets.push(...pulled.secrets.filter(({ path }) => faultAt(path) === undefined));
      const { name } = desired.schedule;
      if (fields.length > 0) schedules.push({ name, fields, hiding: hiddenBy(policy, desired) });
    }
    if (edited.text !== file.text)
      made.push({ path: file.path, before: file.text, after: edited.text, schedules });
  }
  for (const { name, path, text, secrets: needed } of newcomers) {
    if (invalid.has(name)) continue;
    made.push({ path, after: text, schedules: [{ name, fields: [], hiding: hiddenBy(policy) }] });
    secrets.push(...needed);
  }
  const touched = new Set(made.map(({ path }) => path));
  return {
    files: made.sort((a, b) => (a.path < b.path ? -1 : 1)),
    all: [
      ...files.filter(({ path }) => !touched.has(path)),
      ...made.map(({ path, after }) => ({ path, text: after })),
    ],
    kept,
    secrets: secrets.sort((a, b) => (a.name < b.name ? -1 : 1)),
  };
}

/** A difference that stays, the manifest's side first. */
export function keptField(
  desired: DesiredSchedule,
  reason: KeptReason,
  field: FieldChange,
  policy: Policy,
): KeptField {
  return {
    name: desired.schedule.name,
    reason,
    file: desired.origin.file,
    field: swapped(field),
    hiding: hiddenBy(policy, desired),
    problems: [],
  };
}

function writtenElsewhere(
  { desired }: Drifted,
  { field, reason, source }: Kept,
  find: Written['find'],
  policy: Policy,
): KeptField {
  const kept = keptField(desired, reasonOf(reason, source, desired.origin.file), field, policy);
  const found = source && find({ kind: 'field', origin: source.origin, path: source.at, at: 'value' });
  if (found === undefined) return kept;
  const { file, line, column } = found;
  return {
    ...kept,
    at: { file, ...present({ line, column }) },
  };
}

function reasonOf(reason: Kept['reason'], source: Kept['source'], file: string): KeptReason {
  if (reason !== 'elsewhere') return reason;
  if (source === undefined || source.isTemplate || source.origin.file === file) return 'variable';
  if (isDefault(source)) return 'default';
  return source.at.includes('variables') ? 'variable' : 'overlay';
}

/** The manifest's side first: that is what changes here. */
function swapped({ path, before, after }: FieldChange): FieldChange {
  return {
    path,
    ...present({ before: after, after: before }),
  };
}
