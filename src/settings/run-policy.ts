import type { Options } from '../argv/program.ts';
import type { Io } from '../io/io.ts';
import type { Config } from '../model/config.ts';
import type { Selection } from '../model/generated/report-parts.ts';
import { ignoredBy } from '../model/ignore.ts';
import { present } from '../model/present.ts';
import type { Policy } from '../model/run-policy.ts';
import type { Tag } from '../model/schedule.ts';
import { refuse, type Settled, unconfigured } from './settings.ts';

/** What this run may do with what it finds, from configuration and flags. */
export function policyOf(options: Options, config: Config, env: Io['env']): Settled<Policy> {
  const { owner, isWholeDirectory } = config;
  // Off where strangers' files are read, whatever was typed.
  const prunes = options.prune === true && config.prune;
  if (prunes && owner === undefined) {
    return refuse(
      '--prune needs an owner',
      `only schedules with your marker are deleted: set \`owner\` in downbeat.yaml, or pass --owner NAME${unconfigured(config)}`,
    );
  }
  if (prunes && !isWholeDirectory) {
    return refuse(
      '--prune works only with the configured directory',
      'schedules from other directories would seem to have no manifest: remove DIR',
    );
  }
  const selection = selectionOf(options);
  if (!selection.ok) return selection;
  const key = digestKeyOf(env);
  if (!key.ok) return key;
  const adopt = options.adopt ?? [];
  return {
    ok: true,
    value: {
      ...present({ owner, isUnconfigured: config.isUnconfigured }),
      adopt: adopt.includes('all') ? 'all' : adopt,
      takeOver: options.takeOver ?? [],
      prune: isWholeDirectory && config.prune,
      reportsOrphans: isWholeDirectory,
      isIncomplete: false,
      allowsUncommitted: options.allowUncommitted === true,
      ...present({ selection: selection.value }),
      ignores: ignoredBy(config.ignore),
      notSensitive: config.notSensitive,
      ...(key.value === undefined ? {} : { digestKey: key.value }),
      limits: config.limits,
      rules: config.rules,
    },
  };
}

/** With fewer characters the key itself could be guessed. */
const shortestKey = 16;

/** What seals masked values in digests; undefined = nothing does. It is not a credential of the server: planning and applying may have different ones. */
export function digestKeyOf(env: Io['env']): Settled<string | undefined> {
  const key = env.DOWNBEAT_DIGEST_KEY ?? '';
  if (key === '') return { ok: true, value: undefined };
  if (key.length >= shortestKey) return { ok: true, value: key };
  return refuse(
    `DOWNBEAT_DIGEST_KEY is shorter than ${shortestKey} characters`,
    'make one with: openssl rand -hex 32',
  );
}

/** What the run is narrowed to; undefined = to nothing. */
export function selectionOf({
  target = [],
  exclude = [],
  selector = [],
}: Options): Settled<Selection | undefined> {
  if (target.length + exclude.length + selector.length === 0) return { ok: true, value: undefined };
  const tags: Tag[] = [];
  for (const text of selector) {
    const at = text.indexOf('=');
    if (at < 1)
      return refuse(
        `--selector ${JSON.stringify(text)} is not key=value`,
        'for example --selector team=payments',
      );
    tags.push({ key: text.slice(0, at), value: text.slice(at + 1) });
  }
  return { ok: true, value: { target: [...target].sort(), exclude: [...exclude].sort(), selector: tags } };
}
