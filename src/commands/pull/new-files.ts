import { fileNames } from '../../manifest/edit/file-names.ts';
import { type NewManifest, newManifest } from '../../manifest/edit/new-manifest.ts';
import { parse } from '../../manifest/read/parse-file.ts';
import type { SourceFile } from '../../manifest/read/source.ts';
import { isFolderDefaults } from '../../manifest/resolve/folder-defaults.ts';
import { writtenTags } from '../../manifest/resolve/tags.ts';
import type { SecretNames } from '../../manifest/secrets/credentials.ts';
import type { Config } from '../../model/config.ts';
import type { NewSecret } from '../../model/generated/report-parts.ts';
import { type Json, type JsonObject, objectOf } from '../../model/json.ts';
import type { Unmarked } from '../../model/marks/marker.ts';
import { present } from '../../model/present.ts';
import type { Policy } from '../../model/run-policy.ts';
import type { Tag } from '../../model/schedule.ts';
import type { SkippedSchedule } from '../../report/documents/pull-result.ts';

/** A schedule that gets a file. */
export interface Newcomer {
  readonly name: string;
  readonly path: string;
  readonly text: string;
  /** The same with the tags left to the server. */
  readonly textWithoutTags: string;
  readonly tags: Json;
  readonly secrets: readonly NewSecret[];
}

export interface NewcomerOptions {
  readonly files: readonly SourceFile[];
  readonly config: Config;
  readonly policy: Policy;
  readonly secretName: SecretNames;
  /** The JSON Schema, seen from the directory of manifests; absent = it is not there. */
  readonly schema?: string;
  /** Takes out known secrets. */
  readonly hide: (text: string) => string;
}

/** A file in the directory of manifests for each schedule; those of other owners and with bare credentials get none. */
export function newcomersOf(
  unmanaged: readonly Unmarked[],
  { files, config, policy, secretName, hide, schema }: NewcomerOptions,
): { readonly newcomers: readonly Newcomer[]; readonly skipped: readonly SkippedSchedule[] } {
  const newcomers: Newcomer[] = [];
  const skipped: SkippedSchedule[] = [];
  const within = config.directory === '.' ? '' : `${config.directory.replace(/\/+$/, '')}/`;
  const inDirectory = files.flatMap(({ path }) =>
    path.startsWith(within) ? (path.slice(within.length).split('/')[0] ?? []) : [],
  );
  const names = fileNames(
    unmanaged.map(({ observed }) => observed.schedule.name),
    // The configuration may be there too.
    ['downbeat.yaml', ...inDirectory],
    hide,
  );
  const modeline =
    modelineFrom(files, within) ??
    (schema === undefined ? undefined : `# yaml-language-server: $schema=${schema}`);
  const folderTags = tagsGivenIn(files, within);
  for (const { observed, markers } of unmanaged) {
    const { schedule, tags } = observed;
    const { name } = schedule;
    const foreign = markers.find(({ owner }) => owner !== policy.owner && !policy.takeOver.includes(owner));
    if (foreign !== undefined) {
      skipped.push({ name, reason: 'foreign-owner', owner: foreign.owner });
      continue;
    }
    const isProtected = policy.owner !== undefined && markers.some((marker) => marker.protected);
    const manifestWith = (parts: { readonly tags?: readonly Tag[] }): NewManifest =>
      newManifest(
        { schedule, ...parts, isProtected },
        {
          secretName,
          notSensitive: policy.notSensitive,
          // Where a folder has defaults, what is left out may be one of them.
          defaults: {
            ...config.defaults,
            ...(files.some(isFolderDefaults) ? { zoneId: '' } : {}),
            tags: { ...config.defaults.tags, ...folderTags },
          },
          ...present({ modeline }),
        },
      );
    const made = manifestWith(present({ tags }));
    if (!made.ok) {
      skipped.push({ name, reason: 'credential', paths: made.credentials });
      continue;
    }
    const bare = tags === undefined ? made : manifestWith({});
    const textWithoutTags = bare.ok ? bare.text : made.text;
    const path = `${within}${names.get(name) ?? ''}`;
    newcomers.push({ name, path, ...made, textWithoutTags, tags: (tags ?? []).map((tag) => ({ ...tag })) });
  }
  return { newcomers, skipped };
}

/** The tags that the defaults of the directory itself, where new files go, give to each of its manifests. */
function tagsGivenIn(files: readonly SourceFile[], within: string): JsonObject {
  const own = files.filter(
    (file) =>
      isFolderDefaults(file) && file.path.startsWith(within) && !file.path.slice(within.length).includes('/'),
  );
  const given = own.flatMap((file) => parse(file).manifests).map(({ value }) => value.tags);
  return objectOf(given.flatMap((tags) => writtenTags(tags ?? {})).map(({ key, value }) => [key, value]));
}

const modelineForm = /^# yaml-language-server: \$schema=(\S+)[ \t]*$/m;

/** The line by which editors find the schema, as other files of the directory have it, seen from the directory. */
function modelineFrom(files: readonly SourceFile[], within: string): string | undefined {
  for (const { path, text } of files) {
    const schema = modelineForm.exec(text)?.[1];
    if (schema === undefined) continue;
    if (/^(?:[a-z][a-z0-9+.-]*:|\/)/i.test(schema)) return `# yaml-language-server: $schema=${schema}`;
    const folders = path.startsWith(within) ? path.slice(within.length).split('/').length - 1 : 0;
    const up = '../'.repeat(folders);
    if (schema.startsWith(up)) return `# yaml-language-server: $schema=${schema.slice(up.length)}`;
  }
  return undefined;
}
