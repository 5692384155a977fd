import type { Io } from '../io/io.ts';
import type { SourceFile } from '../manifest/read/source.ts';
import { refusal } from '../manifest/resolve/substitute.ts';
import type { Configured } from '../settings/configure.ts';
import { filesOf, type InputsReading, usualInputs } from '../settings/usual-inputs.ts';
import type { Run } from './run.ts';

const reference = /\$\{secret\.([A-Za-z_][A-Za-z0-9_-]*)\}/g;

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
type Reading = InputsReading & Pick<Run, 'masker'>;

/** For commands that read no manifests: their secrets are hidden anyway. They are read when something is said. */
export function learnFromManifests({ files, env, masker }: Reading, configured: Configured): void {
  masker.learnLater(() => [
    ...secretsNamedIn(filesOf(files, configured), env),
    ...valuesOf(configured.config.allow.secrets ?? [], env),
  ]);
}

/** For a command line that is wrong: what it holds may be a secret of the usual manifests. */
export function learnFromUsualManifests({ files, env, masker, trust }: Reading): void {
  masker.learnLater(() => secretsNamedIn(usualInputs({ files, env, trust }, { options: {} }), env));
}
