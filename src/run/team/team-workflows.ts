import { workflowInputs } from '../../conductor/workflows.ts';
import { finderIn, locate } from '../../manifest/read/locate.ts';
import { parse } from '../../manifest/read/parse-file.ts';
import { plainNumbers } from '../../manifest/read/schema-problems.ts';
import type { SourceFile } from '../../manifest/read/source.ts';
import type { Config } from '../../model/config.ts';
import { isObject, type Json } from '../../model/json.ts';
import { succeed, type WorkflowInputs, type WorkflowReader } from '../../model/port.ts';
import { bySettings } from '../../problems/codes.ts';
import { type Diagnostic, type LocatedDiagnostic, problem } from '../../problems/diagnostic.ts';
import { manifestEndings } from '../../settings/usual-inputs.ts';
import type { Files } from '../run.ts';

/** The workflow definitions of the repository: by name and version, what each says of its input. */
export type TeamWorkflows = {
  readonly definitions: ReadonlyMap<string, ReadonlyMap<number, WorkflowInputs>>;
  /** Something was not read, so what is not among them may exist anyway. */
  readonly isIncomplete: boolean;
  readonly problems: readonly LocatedDiagnostic[];
};

/** Reads the files and directories that `workflows` names; undefined when it names none. */
export function teamWorkflowsOf(
  files: Pick<Files, 'readTree' | 'readFile'>,
  { workflows: paths, rules }: Pick<Config, 'workflows' | 'rules'>,
): TeamWorkflows | undefined {
  if (paths === undefined) return undefined;
  const sources: SourceFile[] = [];
  const found: Diagnostic[] = [];
  const unread = (path: string, why: string): void => {
    found.push(problem('workflows-not-read', { path, why }, { kind: 'file', file: path }));
  };
  for (const path of paths) {
    const tree = files.readTree(path, manifestEndings, [], 'taskReferenceName');
    if (tree.kind === 'missing') unread(path, 'it does not exist');
    if (tree.kind === 'not-a-directory') {
      const file = files.readFile(path);
      if (file.kind === 'read') sources.push({ path, text: file.text });
      else unread(path, file.kind === 'unreadable' ? file.why : 'the file does not exist');
    }
    if (tree.kind !== 'read') continue;
    sources.push(...tree.files);
    for (const one of tree.unreadable) unread(one.path, one.why);
    for (const one of tree.unread) unread(one.path, unreadWords[one.fault]);
    for (const one of tree.hidden) unread(one.path, 'names that begin with a dot are not read');
  }
  const definitions = new Map<string, Map<number, WorkflowInputs>>();
  const doubled: Diagnostic[] = [];
  for (const source of sources) {
    const { manifests, diagnostics } = parse(source);
    const [first] = diagnostics;
    if (first !== undefined)
      found.push(
        problem(
          'workflows-not-read',
          { path: source.path, why: 'it is not valid YAML or JSON' },
          first.place,
        ),
      );
    for (const { value, origin } of manifests) {
      const definition = plainNumbers(value);
      if (!isObject(definition) || !Array.isArray(definition.tasks)) continue;
      const at = (path: readonly string[], why: string): Diagnostic =>
        problem(
          'workflows-not-read',
          { path: source.path, why },
          { kind: 'field', origin, path, at: 'value' },
        );
      const { name } = definition;
      const version = versionOf(definition.version);
      if (typeof name !== 'string' || name === '') found.push(at(['name'], '`name` must be text'));
      else if (version === undefined) found.push(at(['version'], '`version` must be a whole number'));
      else if (!definition.tasks.every(isObject))
        found.push(at(['tasks'], '`tasks` must be a list of tasks'));
      else {
        const versions = definitions.get(name) ?? new Map<number, WorkflowInputs>();
        if (versions.has(version))
          doubled.push(
            at(['name'], `version ${version} of "${name}" is defined twice; which one counts is not known`),
          );
        const inputs = versions.has(version) ? undefined : workflowInputs(definition);
        versions.set(version, inputs ?? takesAnything);
        definitions.set(name, versions);
      }
    }
  }
  const problems = locate(bySettings([...found, ...doubled], rules), finderIn(sources));
  return { definitions, isIncomplete: found.length > 0, problems };
}

const unreadWords = {
  'leads-out': 'it is a link out of the directory',
  'leads-nowhere': 'it is a link to nothing',
  'git-files': "it is a link into Git's own files",
  'empty-submodule': 'it is a submodule that is not checked out',
  special: 'it is not an ordinary file',
} as const;

/** Of definitions that disagree, nothing is known but that they are there. */
const takesAnything: WorkflowInputs = { required: [] };

/** As servers read the version of a definition (WorkflowDef, an `int`): left out it is 1, null is 0, and text may hold a number. */
function versionOf(written: Json | undefined): number | undefined {
  if (written === undefined) return 1;
  if (written === null) return 0;
  const version = typeof written === 'string' && /^-?\d+$/.test(written.trim()) ? Number(written) : written;
  return typeof version === 'number' && Number.isInteger(version) ? version : undefined;
}

/** The definitions in the form of a server's answer, without a request. */
export function offlineReader({ definitions }: TeamWorkflows): WorkflowReader {
  return {
    versions: async () => succeed(versionsIn(definitions)),
    inputs: async (name, version) => succeed(definitionOf(definitions, name, version) ?? null),
    run: async () => succeed(null),
  };
}

/**
 * A server's workflows as they are once those of the repository are registered: what ships in the same merge counts. What
 * the server cannot tell is still known of those of the repository.
 */
export function withTeamWorkflows(reader: WorkflowReader, { definitions }: TeamWorkflows): WorkflowReader {
  const own = versionsIn(definitions);
  let known: ReadonlyMap<string, readonly number[]> = own;
  return {
    ...reader,
    versions: async () => {
      const listed = await reader.versions();
      if (!listed.ok) return listed;
      const names = new Set([...listed.value.keys(), ...own.keys()]);
      known = new Map(
        [...names].map((name) => {
          const both = new Set([...(listed.value.get(name) ?? []), ...(own.get(name) ?? [])]);
          return [name, [...both].sort((a, b) => a - b)];
        }),
      );
      return succeed(known);
    },
    inputs: async (name, version) => {
      const here = definitionOf(definitions, name, version ?? known.get(name)?.at(-1));
      return here === undefined ? reader.inputs(name, version) : succeed(here);
    },
  };
}

function versionsIn(definitions: TeamWorkflows['definitions']): ReadonlyMap<string, readonly number[]> {
  return new Map(
    [...definitions].map(([name, versions]) => [name, [...versions.keys()].sort((a, b) => a - b)]),
  );
}

/** Without a version the latest. */
function definitionOf(
  definitions: TeamWorkflows['definitions'],
  name: string,
  version: number | undefined,
): WorkflowInputs | undefined {
  const versions = definitions.get(name);
  if (versions === undefined) return undefined;
  return versions.get(version ?? Math.max(...versions.keys()));
}
