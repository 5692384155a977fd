import type { NewSecret } from '../../model/generated/report-parts.ts';
import type { Json } from '../../model/json.ts';
import { present } from '../../model/present.ts';
import type { DesiredSchedule, FieldPath, Schedule, SecretUse, Tag } from '../../model/schedule.ts';
import { credentialsIn, mayBeSecret, type SecretNames } from '../secrets/credentials.ts';
import { manifestOf } from './render.ts';
import { writeYaml } from './write-yaml.ts';

const pauseNote =
  '# Paused when this was pulled, enforced from now on; remove it to leave the pause to the server.\n';

/** A schedule of a server, its marker taken off, as it goes into a manifest. */
export interface Pulled {
  readonly schedule: Schedule;
  /** Absent = not known, so not written. */
  readonly tags?: readonly Tag[];
  readonly isProtected: boolean;
}

export type NewManifest =
  | { readonly ok: true; readonly text: string; readonly secrets: readonly NewSecret[] }
  /** Paths of what looks like a credential where no `${secret.NAME}` may be. */
  | { readonly ok: false; readonly credentials: readonly FieldPath[] };

export interface NewManifestOptions {
  readonly secretName: SecretNames;
  /** Paths at which nothing is a credential. */
  readonly notSensitive: readonly FieldPath[];
  /** The first line, if there is one: where editors find the schema. */
  readonly modeline?: string;
  /** What the configuration's defaults would add: nothing of it may reach a schedule that has not got it. */
  readonly defaults: { readonly zoneId?: Json; readonly tags?: { readonly [key: string]: Json } };
}

/**
 * The text of a manifest for a schedule that has none: what is at its default left out, fields in the API's order,
 * times in UTC, texts that look like credentials as references to secrets.
 */
export function newManifest(
  { schedule, tags = [], isProtected }: Pulled,
  options: NewManifestOptions,
): NewManifest {
  const found = [
    ...credentialsIn(schedule, [], options.notSensitive),
    ...credentialsIn(tags, ['tags'], options.notSensitive),
  ];
  const exposed = found.filter((one) => !mayBeSecret(one));
  if (exposed.length > 0) return { ok: false, credentials: exposed.map(({ path }) => path) };
  const secrets = found.map(({ path }): SecretUse => {
    const name = options.secretName(schedule.name, path);
    return { path, reference: `\${secret.${name}}`, names: [name], known: false };
  });
  const { paused, pausedReason, ...rest } = schedule;
  const desired: DesiredSchedule = {
    schedule: { ...rest, paused: false },
    ...(paused ? { pause: { paused, ...present({ reason: pausedReason }) } } : {}),
    ...(tags.length === 0 ? {} : { tags }),
    lifecycle: {
      protect: isProtected,
      ignoreChanges: [],
      previousNames: [],
      sensitive: [],
      notSensitive: [],
    },
    origin: { file: '', document: 0 },
    secrets,
  };
  const { zoneId, tags: added, ...manifest } = manifestOf(desired);
  const isDefaultZone = zoneId === 'UTC' && options.defaults.zoneId === undefined;
  const missing = Object.keys(options.defaults.tags ?? {}).filter((key) =>
    tags.every((tag) => tag.key !== key),
  );
  const fields: { [key: string]: Json } = {};
  for (const [key, value] of Object.entries(manifest)) {
    if (key === 'lifecycle') addTags();
    fields[key] = value;
    if (key === 'cronExpression' && zoneId !== undefined && !isDefaultZone) fields.zoneId = zoneId;
  }
  addTags();
  const modeline = options.modeline === undefined ? '' : `${options.modeline}\n`;
  return {
    ok: true,
    text: modeline + writeYaml(fields).replace(/^(?=paused: true$)/m, pauseNote),
    secrets: secrets.map(({ path, names }) => ({ name: names[0] ?? '', schedule: schedule.name, path })),
  };

  function addTags(): void {
    if (added === undefined || fields.tags !== undefined) return;
    // An empty list keeps a default tag away.
    const none = Object.fromEntries(missing.map((key) => [key, [] as readonly Json[]]));
    fields.tags = { ...(added as { readonly [key: string]: Json }), ...none };
  }
}
