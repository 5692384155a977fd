import type { Io } from '../io/io.ts';
import type { DesiredSchedule } from '../model/schedule.ts';
import type { Configured } from '../settings/configure.ts';
import { load } from './load-manifests.ts';

/**
 * Manifests as somebody on call has them: what they say is worth knowing, and their errors must not keep anybody from
 * the server.
 */
export type Lenient =
  | {
      readonly kind: 'read';
      readonly desired: readonly DesiredSchedule[];
      readonly secretValues: readonly string[];
    }
  /** There is no directory of them, or nothing in it. */
  | { readonly kind: 'none' }
  | { readonly kind: 'invalid' };

/** Reads the manifests, if they are there and sound; says on standard error when they are not sound. */
export function lenient(io: Io, configured: Configured): Lenient {
  const { desired, problems, broken, secretValues } = load(io, configured, {
    allowEmpty: true,
    missingSecrets: 'opaque',
  });
  if (!broken) return desired.length === 0 ? { kind: 'none' } : { kind: 'read', desired, secretValues };
  const missing = problems.some(({ diagnostic }) => diagnostic.code === 'no-directory');
  if (missing && configured.config.sources.get('manifests')?.kind === 'default') return { kind: 'none' };
  io.err('note: the manifests have errors, so nothing is said of them; `downbeat validate` shows them\n');
  return { kind: 'invalid' };
}
