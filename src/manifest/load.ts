import type { Diagnostic, LocatedDiagnostic } from '../model/diagnostic.ts';
import { compareText, type DesiredSchedule } from '../model/schedule.ts';
import { withoutLeftOut } from './left-out.ts';
import { finderIn, locate } from './locate.ts';
import { parse } from './parse.ts';
import { resolve } from './resolve.ts';
import { judge, judgeTogether, type Manifest } from './rules.ts';
import type { SourceFile } from './source.ts';
import { meantFields, validate } from './validate.ts';

export interface Loaded {
  /** In the order of files, documents and array items. Manifests with an error are not among them. */
  readonly desired: readonly DesiredSchedule[];
  /** All problems of all files, in order. Any error among them means: refuse. */
  readonly diagnostics: readonly LocatedDiagnostic[];
}

/** Manifest files → what they ask for, and everything that is wrong with them. */
export function loadManifests(files: readonly SourceFile[]): Loaded {
  const diagnostics: Diagnostic[] = [];
  const manifests: Manifest[] = [];
  const desired: DesiredSchedule[] = [];
  for (const file of [...files].sort((a, b) => compareText(a.path, b.path))) {
    const parsed = parse(file);
    diagnostics.push(...parsed.diagnostics);
    for (const raw of parsed.manifests) {
      const misfits = validate(raw);
      const { value, origin } = raw;
      const manifest = { fields: withoutLeftOut(value), origin, meant: meantFields(misfits) };
      manifests.push(manifest);
      const found = [...misfits, ...judge(manifest)];
      diagnostics.push(...found);
      if (!found.some(({ severity }) => severity === 'error')) desired.push(resolve(manifest));
    }
  }
  const find = finderIn(files);
  diagnostics.push(...judgeTogether(manifests, find));
  return { desired, diagnostics: locate(diagnostics, find) };
}
