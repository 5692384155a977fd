import { hashOfText } from '../../compare/basis.ts';
import { serverUrl } from '../../http/url.ts';
import type { CommitFiles } from '../../io/io.ts';
import type { Config } from '../../model/config.ts';
import { canonicalJson, type Json } from '../../model/json.ts';
import { present } from '../../model/present.ts';
import type { SettingChange } from '../../report/documents/generated/documents.ts';
import { relativeTo } from '../../settings/paths.ts';
import type { Loaded } from '../load-manifests.ts';

/** Every setting and every policy that differs: what decides what schedules come to and where, and how they are judged. */
export async function settingChanges(before: Settings, after: Settings): Promise<readonly SettingChange[]> {
  const [was, is] = [await settingsOf(before), await settingsOf(after)];
  return [...new Set([...Object.keys(is), ...Object.keys(was)])].flatMap((setting) => {
    const [one, other] = [was[setting], is[setting]];
    return canonicalJson(one ?? null) === canonicalJson(other ?? null)
      ? []
      : [{ setting, ...present({ before: one, after: other }) }];
  });
}

type Settings = {
  readonly config: Config;
  readonly policies: Loaded['policies'] | undefined;
  readonly files: Pick<CommitFiles, 'readFile'>;
};

type Shown = { readonly [setting: string]: Json | undefined };

async function settingsOf({ config, policies, files }: Settings): Promise<Shown> {
  const shown = Object.values(shownSettings).flatMap((show) => (show === undefined ? [] : [show(config)]));
  const rules = await Promise.all(
    (policies?.policies ?? []).map(async ({ entry }): Promise<Shown> => {
      const setting = `policies.${entry.name}`;
      const { name: _name, ...rest } = entry;
      const shown: Shown = { [setting]: rest as Json };
      if (entry.schema === undefined) return shown;
      const read = await files.readFile(relativeTo(policies?.source?.path ?? '', entry.schema));
      return {
        ...shown,
        [`${setting}.schema`]:
          read.kind === 'read'
            ? `sha256 ${hashOfText(read.text.replaceAll('\r\n', '\n')).slice(0, 12)}`
            : read.kind,
      };
    }),
  );
  return Object.assign({}, ...shown, ...rules) as Shown;
}

/** How each part of a configuration is shown; undefined = it is the same for both sides, or is seen in the changes only. */
const shownSettings: { readonly [K in keyof Required<Config>]: ((config: Config) => Shown) | undefined } = {
  server: ({ server: { url, type } }) => {
    const read = serverUrl(url ?? '');
    return { 'server.url': read.ok ? read.value.base : undefined, 'server.type': type };
  },
  directory: ({ directory }) => ({ manifests: directory }),
  overlays: ({ overlays }) => ({ overlays }),
  owner: ({ owner }) => ({ owner }),
  prune: ({ prune }) => ({ prune }),
  ignore: ({ ignore }) => ({ ignore }),
  policies: ({ policies }) => ({ policies }),
  workflows: ({ workflows }) => ({ workflows }),
  rules: ({ rules }) => under('rules', rules),
  calendars: ({ calendars = {} }) => under('calendars', calendars),
  presets: ({ presets: { names, paused, tags } }) => ({ names, paused, tags }),
  defaults: ({ defaults }) => under('defaults', defaults),
  allow: ({ allow }) => under('allow', allow),
  notSensitive: ({ notSensitive }) => ({ 'sensitive.not': notSensitive.map((path) => path.join('.')) }),
  limits: ({ limits }) =>
    Object.fromEntries(
      Object.entries(limits).map(([name, limit]) => [
        `limits.${name}`,
        limit.kind === 'none' ? 'none' : limit.kind === 'percent' ? `${limit.percent}%` : limit.count,
      ]),
    ),
  // A value may be anything, and what it changes is in the changes.
  variables: undefined,
  environment: undefined,
  environments: undefined,
  file: undefined,
  isUnconfigured: undefined,
  isWholeDirectory: undefined,
  configuredDirectory: undefined,
  sources: undefined,
};

function under(prefix: string, values: { readonly [key: string]: unknown }): Shown {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [`${prefix}.${key}`, value as Json]),
  );
}
