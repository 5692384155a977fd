import type { DesiredSchedule, Origin } from '../model/schedule.ts';
import type { LocatedDiagnostic } from '../problems/diagnostic.ts';
import type { Configured } from '../settings/configure.ts';
import { load } from './load-manifests.ts';
import type { Run } from './run.ts';

/**
 * Manifests as somebody on call has them: what they say is worth knowing, and their errors must not keep them from
 * the server.
 */
export type ManifestsIfValid =
  | {
      readonly kind: 'read';
      readonly desired: readonly DesiredSchedule[];
      /** Calendars that are about to end: what they say now will soon be wrong. */
      readonly ending: readonly LocatedDiagnostic[];
      /** The line that a manifest begins at; only where it was asked for. */
      readonly lineOf?: (origin: Origin) => number | undefined;
    }
  /** There is no directory of them, or nothing in it. */
  | { readonly kind: 'none' }
  | { readonly kind: 'invalid' };

/** Reads the manifests, if they are there and sound; says on standard error when they are not sound. */
export async function manifestsIfValid(
  run: Run,
  configured: Configured,
  keepSources = false,
): Promise<ManifestsIfValid> {
  const { desired, problems, broken, written } = await load(run, configured, {
    allowEmpty: true,
    missingSecrets: 'opaque',
    keepSources,
  });
  if (!broken) {
    const lineOf = (origin: Origin): number | undefined =>
      written?.find({ kind: 'field', origin, path: ['name'], at: 'key' })?.line;
    return desired.length === 0
      ? { kind: 'none' }
      : {
          kind: 'read',
          desired,
          ending: problems.filter(({ diagnostic }) => diagnostic.code === 'calendar-horizon'),
          ...(keepSources ? { lineOf } : {}),
        };
  }
  const missing = problems.some(({ diagnostic }) => diagnostic.code === 'no-directory');
  if (missing && configured.config.sources.get('manifests')?.kind === 'default') return { kind: 'none' };
  run.say('note: the manifests have errors and are left out; `downbeat validate` lists the errors\n');
  return { kind: 'invalid' };
}
