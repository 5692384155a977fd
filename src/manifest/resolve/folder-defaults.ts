import { type Diagnostic, problem } from '../../problems/diagnostic.ts';
import { validateDefaults } from '../read/generated/validate-defaults.js';
import { parse } from '../read/parse-file.ts';
import { plainNumbers, schemaProblems } from '../read/schema-problems.ts';
import type { SourceFile } from '../read/source.ts';
import type { Defaults } from './defaults.ts';
import { resolveDefaults } from './fill.ts';
import type { Scope } from './substitute.ts';

/** Names of the files that hold the defaults of their folder, and no manifests. */
export const folderDefaultsNames: readonly string[] = ['_defaults.yaml', '_defaults.yml', '_defaults.json'];

export function isFolderDefaults({ path }: Pick<SourceFile, 'path'>): boolean {
  const start = path.lastIndexOf('/') + 1;
  return path[start] === '_' && folderDefaultsNames.includes(path.slice(start).toLowerCase());
}

/** The defaults of folders, ready to be looked up. */
export interface FolderDefaults {
  /** Those for a manifest, the nearest folder's first. */
  readonly for: (path: string) => readonly Defaults[];
  /** Whether a file of defaults for a manifest has errors, so that what it fills in is not known. */
  readonly isDoubtful: (path: string) => boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** Of values that were most likely meant otherwise. */
  readonly warnings: readonly Diagnostic[];
}

/** Reads the files of defaults among some files. A folder has one. `unread`: paths of those that cannot be read. */
export function folderDefaultsIn(
  files: readonly SourceFile[],
  scope: Scope,
  unread: readonly string[] = [],
): FolderDefaults {
  const byFolder = new Map<string, Defaults>();
  const seen = new Map<string, string>();
  const diagnostics: Diagnostic[] = [];
  const warnings: Diagnostic[] = [];
  const doubtful = new Set(unread.filter((path) => isFolderDefaults({ path })).map(folderOf));
  for (const file of files) {
    const folder = folderOf(file.path);
    const other = seen.get(folder);
    if (other !== undefined) {
      diagnostics.push(problem('two-defaults', { other }, { kind: 'file', file: file.path }));
      doubtful.add(folder);
      continue;
    }
    seen.set(folder, file.path);
    const read = readOne(file, scope);
    diagnostics.push(...read.diagnostics);
    warnings.push(...read.warnings);
    if (read.diagnostics.length > 0) doubtful.add(folder);
    if (read.defaults !== undefined) byFolder.set(folder, read.defaults);
  }
  const known = new Map<string, readonly Defaults[]>();
  const below = (folder: string): readonly Defaults[] => {
    const found = known.get(folder);
    if (found !== undefined) return found;
    const own = byFolder.get(folder);
    const above = folder === '' ? [] : below(folderOf(folder));
    const all = own === undefined ? above : [own, ...above];
    known.set(folder, all);
    return all;
  };
  const isBelowDoubt = (folder: string): boolean =>
    doubtful.has(folder) || (folder !== '' && isBelowDoubt(folderOf(folder)));
  return {
    for: (path) => (byFolder.size === 0 ? [] : below(folderOf(path))),
    isDoubtful: (path) => doubtful.size > 0 && isBelowDoubt(folderOf(path)),
    diagnostics,
    warnings,
  };
}

function readOne(
  file: SourceFile,
  scope: Scope,
): Pick<FolderDefaults, 'diagnostics' | 'warnings'> & { readonly defaults?: Defaults } {
  const { manifests: documents, diagnostics, warnings } = parse(file);
  const [document] = documents;
  if (diagnostics.length > 0)
    return {
      diagnostics: diagnostics.map((one) =>
        one.code === 'not-a-manifest' ? problem('not-defaults', {}, one.place) : one,
      ),
      warnings,
    };
  if (document === undefined) return { diagnostics, warnings };
  const { value, origin } = document;
  if (documents.length > 1 || origin.item !== undefined) {
    const place = { kind: 'field', origin, path: [], at: 'value' } as const;
    return { diagnostics: [problem('not-defaults', {}, place)], warnings };
  }
  if (!validateDefaults(plainNumbers(value))) {
    const misfits = schemaProblems(
      validateDefaults.errors ?? [],
      { value, origin },
      { isRequired: () => false },
    );
    return { diagnostics: misfits, warnings };
  }
  return { ...resolveDefaults({ value, origin, at: [] }, scope), warnings };
}

/** `a/b/c.yaml` → `a/b`; '' at the top. */
function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}
