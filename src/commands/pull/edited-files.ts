import { edit } from '../../manifest/edit/edit.ts';
import {
  fieldOrder,
  fieldsByTag,
  isDefault,
  type Kept,
  type ManifestSource,
  type PulledValue,
  related,
} from '../../manifest/edit/pull-edits.ts';
import type { SourceFile } from '../../manifest/read/source.ts';
import type { NewSecret } from '../../model/generated/report-parts.ts';
import { present } from '../../model/present.ts';
import type { Policy } from '../../model/run-policy.ts';
import type { DesiredSchedule, FieldChange, FieldPath } from '../../model/schedule.ts';
import { hiddenBy } from '../../plan/field-changes.ts';
import type { LocatedDiagnostic } from '../../problems/diagnostic.ts';
import type { KeptReason } from '../../report/documents/generated/documents.ts';
import type { KeptField, PulledSchedule } from '../../report/documents/pull-result.ts';
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
  /** The manifest with some of the fields from the server. */
  readonly pull: (fields: readonly FieldChange[]) => PulledValue;
}

/** What the server has and no manifest may say. */
export interface Invalid {
  readonly problems: readonly LocatedDiagnostic[];
  /** The fields that it is about; all = it cannot be told. */
  readonly fields: readonly FieldPath[] | 'all';
}

export interface PullFiles {
  /** By path. */
  readonly files: readonly PullFile[];
  /** All manifests as they would then be. */
  readonly all: readonly SourceFile[];
  readonly kept: readonly KeptField[];
  readonly secrets: readonly NewSecret[];
}

/** The files that hold what was pulled. The fields of `invalid` stay as they are. */
export function pullFiles(
  drifted: readonly Drifted[],
  newcomers: readonly Newcomer[],
  { files, find }: Written,
  invalid: ReadonlyMap<string, Invalid>,
  policy: Policy,
): PullFiles {
  const made: PullFile[] = [];
  const kept: KeptField[] = [];
  const secrets: NewSecret[] = [];
  for (const file of files) {
    const here = drifted.flatMap(({ desired, source, fields, pull }) => {
      if (desired.origin.file !== file.path) return [];
      const found = invalid.get(desired.schedule.name);
      const isInvalid = ({ path }: FieldChange): boolean =>
        found?.fields === 'all' || found?.fields.some((one) => related(one, path)) === true;
      const [valid, others] = found === undefined ? [fields, []] : parted(fieldsByTag(fields), isInvalid);
      for (const field of others)
        kept.push({
          ...keptField(desired, 'invalid', field, policy),
          problems: found?.problems.filter((problem) => isAbout(problem, field)) ?? [],
        });
      const pulled = pull(valid);
      kept.push(...pulled.kept.map((stays) => writtenElsewhere(desired, stays, find, policy)));
      return [{ desired, source, pulled }];
    });
    const wanted = here.filter(({ pulled }) => pulled.taken.length > 0);
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
  for (const { name, path, text, secrets: needed, tags, textWithoutTags } of newcomers) {
    const found = invalid.get(name);
    if (found?.fields === 'all') continue;
    const hiding = hiddenBy(policy);
    made.push({
      path,
      after: found === undefined ? text : textWithoutTags,
      schedules: [{ name, fields: [], hiding }],
    });
    secrets.push(...needed);
    if (found !== undefined)
      kept.push({
        name,
        reason: 'invalid',
        file: path,
        field: { path: ['tags'], after: tags },
        hiding,
        problems: found.problems,
      });
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

/** Where a problem of a manifest is, by the fields that differ: a tag by its key, in either form. */
export function fieldOf({ diagnostic }: LocatedDiagnostic): FieldPath | undefined {
  if (diagnostic.code === 'bad-tag') return ['tags', diagnostic.args.key];
  return diagnostic.place.kind === 'field' ? diagnostic.place.path : undefined;
}

function isAbout(problem: LocatedDiagnostic, { path }: FieldChange): boolean {
  const at = fieldOf(problem);
  return at === undefined || related(at, path);
}

function parted<T>(list: readonly T[], isSecond: (one: T) => boolean): readonly [readonly T[], readonly T[]] {
  return [list.filter((one) => !isSecond(one)), list.filter(isSecond)];
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
  desired: DesiredSchedule,
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
  if (source.at.includes('variables')) return 'variable';
  return source.at[0] === 'environments' ? 'environment' : 'overlay';
}

/** The manifest's side first: that is what changes here. */
function swapped({ path, before, after }: FieldChange): FieldChange {
  return {
    path,
    ...present({ before: after, after: before }),
  };
}
