import type { Io } from '../io/io.ts';
import type { SourceFile } from '../manifest/read/source.ts';
import { refusal } from '../manifest/resolve/substitute.ts';
import { type Configured, configure } from '../settings/configure.ts';
import type { Files, Run } from './run.ts';

const reference = /\$\{secret\.([A-Za-z_][A-Za-z0-9_-]*)\}/g;
const endings: readonly string[] = ['.yaml', '.yml', '.json'];

/** The values of secrets that files name, whether the files are sound or not. */
export function secretsNamedIn(files: readonly SourceFile[], env: Io['env']): readonly string[] {
  const names = files.flatMap(({ text }) =>
    text.includes('${secret.') ? [...text.matchAll(reference)].map(([, name = '']) => name) : [],
  );
  return valuesOf(names, env);
}

/** The values of these names that are defined here. A name that no manifest may read stands for no secret. */
export function valuesOf(names: readonly string[], env: Io['env']): readonly string[] {
  return [...new Set(names)].flatMap((name) =>
    Object.hasOwn(env, name) && refusal('secret', name, { allow: { env: [] } }) === undefined
      ? [env[name] ?? '']
      : [],
  );
}

/** What of a run reading takes. */
type Reading = Pick<Run, 'env' | 'masker' | 'trust'> & {
  readonly files: Pick<Files, 'readFile' | 'readTree' | 'realPath'>;
};

/** For commands that read no manifests: their secrets are hidden all the same. They are read when something is said. */
export function learnFromManifests({ files, env, masker }: Reading, configured: Configured): void {
  masker.learnLater(() => secretsOf(files, env, configured));
}

/** For a command line that is wrong: what it holds may be a secret of the usual manifests. */
export function learnFromUsualManifests({ files, env, masker, trust }: Reading): void {
  masker.learnLater(() => {
    const settled = configure(
      { command: 'validate', options: {} },
      { env, readFile: files.readFile, realPath: files.realPath },
      trust,
    );
    return settled.kind === 'configured' ? secretsOf(files, env, settled.value) : [];
  });
}

function secretsOf(
  files: Reading['files'],
  env: Io['env'],
  { config, source, noManifests }: Configured,
): readonly string[] {
  const trees = [
    files.readTree(config.directory, endings, noManifests),
    ...(config.overlays === undefined ? [] : [files.readTree(config.overlays, endings)]),
  ];
  const found = trees.flatMap((tree) => (tree.kind === 'read' ? tree.files : []));
  return secretsNamedIn([...found, ...(source === undefined ? [] : [source])], env);
}
