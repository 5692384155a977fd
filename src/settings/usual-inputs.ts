import type { Request } from '../argv/program.ts';
import type { Io } from '../io/io.ts';
import type { SourceFile } from '../manifest/read/source.ts';
import { present } from '../model/present.ts';
import { type Configured, configure } from './configure.ts';
import type { Trust } from './trust.ts';

/** What reading takes. */
export type InputsReading = {
  readonly files: Pick<Io, 'readFile' | 'readTree' | 'realPath'>;
  readonly env: Io['env'];
  readonly trust: Trust;
};

/** What manifests are in. */
export const manifestEndings: readonly string[] = ['.yaml', '.yml', '.json'];

/** The files that a command line is about, sound or not: configuration, manifests and overlays. */
export function usualInputs(
  { files, env, trust }: InputsReading,
  { argument, options: { config, env: environment } }: Pick<Request, 'argument' | 'options'>,
): readonly SourceFile[] {
  const configured = (options: Request['options']): readonly SourceFile[] | undefined => {
    const request: Request = { command: 'validate', ...present({ argument }), options };
    const settled = configure(request, { ...files, env }, trust);
    return settled.kind === 'configured' ? filesOf(files, settled.value) : undefined;
  };
  // There may be no such environment.
  return configured(present({ config, env: environment })) ?? configured(present({ config })) ?? [];
}

/** The same, once it is known where they are. */
export function filesOf(
  files: InputsReading['files'],
  { config, source, noManifests }: Configured,
): readonly SourceFile[] {
  const trees = [
    files.readTree(config.directory, manifestEndings, noManifests),
    ...(config.overlays === undefined ? [] : [files.readTree(config.overlays, manifestEndings)]),
  ];
  const found = trees.flatMap((tree) => (tree.kind === 'read' ? tree.files : []));
  return [...found, ...(source === undefined ? [] : [source])];
}
