import type { CommitFiles } from '../../io/io.ts';
import type { ServerIdentity } from '../../model/port.ts';
import { present } from '../../model/present.ts';
import { type Applied, asApplied } from '../../plan/base/as-applied.ts';
import type { LocatedDiagnostic } from '../../problems/diagnostic.ts';
import type { BaseState } from '../../report/documents/generated/documents.ts';
import { type Configured, configure } from '../../settings/configure.ts';
import { isSamePath } from '../../settings/paths.ts';
import { policyOf } from '../../settings/run-policy.ts';
import { type Loaded, load } from '../load-manifests.ts';
import { repositoryWorkflowProblems } from '../look-up-workflows.ts';
import type { Run } from '../run.ts';
import { leftOutTexts, mostReasons } from './left-out-texts.ts';
import { goneNamesakes, olderPlace } from './older-place.ts';
import {
  allowing,
  demandedOf,
  located,
  type Reading,
  type Side,
  secretPathsOf,
  withoutSecrets,
} from './side.ts';

export type BaseSide = {
  /** Absent = there is no configuration of this environment. */
  readonly side?: Side;
  readonly state: BaseState;
  readonly problems: readonly LocatedDiagnostic[];
  /** Absent = what it asks for is not known. */
  readonly applied?: Applied;
  /** Why not, a line each. */
  readonly reasons?: readonly string[];
  /** Where it has the manifests, when that is another directory than now. */
  readonly directory?: string;
};

/** What the commit asks for, as a server has it once it was applied. */
export async function baseSide(
  run: Run,
  files: CommitFiles,
  server: ServerIdentity,
  rules: Reading['rules'],
  head: Side,
  commit: string,
): Promise<BaseSide> {
  const { request, options, env, trust, now, masker } = run;
  /** What this checkout cannot tell of it does not count against the base. */
  const unknown = (side: Omit<BaseSide, 'problems'> & Partial<Pick<BaseSide, 'problems'>>): BaseSide => {
    const missing = leftOutTexts(files, side.problems ?? []);
    return missing.length === 0
      ? { problems: [], ...side }
      : { state: 'unread', problems: [], reasons: missing, ...present({ side: side.side }) };
  };
  const configured = configure(request, { ...files, env }, trust);
  // It cannot be read, or has no such environment or file: that says nothing about what was applied.
  if (configured.kind === 'usage')
    return unknown({ state: 'unconfigured', reasons: [configured.usage.message] });
  if (configured.kind === 'broken') return unknown({ state: 'broken', problems: configured.problems });
  const policy = policyOf(options, configured.value.config, env);
  if (!policy.ok) return unknown({ state: 'unconfigured', reasons: [policy.usage.message] });
  const place = { commit, ask: (args: readonly string[]) => run.files.git('.', args), exists: existsIn(run) };
  const movedFile =
    configured.value.source === undefined && head.configured.source !== undefined
      ? goneNamesakes(nameIn(head.configured.source.path), place)
      : [];
  if (movedFile === undefined || movedFile.length > 0)
    return unknown({ state: 'unconfigured', reasons: (movedFile ?? []).map(goneText) });
  const read = { env, now, masker, trust, files, ...present({ tz: run.tz }) };
  const loadFrom = async (from: Configured): Promise<Loaded> =>
    load(read, from, { ...rules, allowEmpty: true, allowMissing: true });

  let from = configured.value;
  let found = await loadFrom(from);
  let directory: string | undefined;
  if (found.files === 0 && !found.broken) {
    const { configuredDirectory } = from.config;
    const older =
      head.configured.config.isWholeDirectory &&
      !isSamePath(configuredDirectory, from.config.directory) &&
      files.readTree(configuredDirectory, []).kind === 'read'
        ? ({ kind: 'at', directory: configuredDirectory } as const)
        : olderPlace({ ...place, here: head.loaded.paths(), noManifests: from.noManifests });
    if (older.kind === 'unknown') return unknown({ state: 'moved', reasons: goneTexts(older.gone) });
    if (older.kind === 'at' && !isSamePath(older.directory, from.config.directory)) {
      directory = older.directory;
      from = { ...from, config: { ...from.config, directory } };
      found = await loadFrom(from);
    }
  }
  const secretsOf = secretPathsOf(found);
  const loaded = withoutSecrets(found);
  const side: Side = { configured: from, loaded, policy: policy.value, secretsOf };
  const demanded = await demandedOf(run, files, loaded);
  if (loaded.broken || demanded.problems.length > 0)
    return unknown({ state: 'broken', side, problems: [...demanded.problems, ...loaded.problems] });
  const workflows = await repositoryWorkflowProblems(files, from.config, loaded);
  const applied = asApplied({
    desired: loaded.desired,
    server,
    policy: policy.value,
    now: now(),
    allows: allowing(loaded),
    ...present({ demanded: demanded.value }),
  });
  const problems = [
    ...located(applied.diagnostics, loaded.settle),
    ...workflows.problems,
    ...loaded.problems,
  ];
  // A calendar or a policy that could not be read may be in none of the problems.
  if (files.leftOut().length > 0) return unknown({ state: 'unread', side });
  return {
    state: loaded.files === 0 ? 'empty' : 'read',
    side,
    applied,
    problems,
    ...present({ directory }),
  };
}

function existsIn({ files }: Run): (path: string) => boolean {
  return (path) => files.realPath(path) !== undefined;
}

function nameIn(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function goneTexts(paths: readonly string[] | undefined): readonly string[] {
  if (paths === undefined) return ['Git did not list the files of the base'];
  const rest = paths.length - mostReasons;
  return [...paths.slice(0, mostReasons).map(goneText), ...(rest > 0 ? [`${rest} more`] : [])];
}

function goneText(path: string): string {
  return `${path} is in the base, and nothing is there now`;
}
