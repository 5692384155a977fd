import { parseZone, type Zone } from '../cron/zone/zone.ts';
import { finderIn, locate } from '../manifest/read/locate.ts';
import { present } from '../model/present.ts';
import { type LocatedDiagnostic, problem } from '../problems/diagnostic.ts';

export type TypedZone =
  | { readonly ok: true; readonly zone: Zone; readonly id: string }
  | { readonly ok: false; readonly problems: readonly LocatedDiagnostic[] };

/** The zone of `--zone`, UTC without it. */
export function zoneOf(id = 'UTC'): TypedZone {
  const parsed = parseZone(id);
  if (parsed.ok) return { ok: true, zone: parsed.zone, id };
  const { why, nearest } = parsed;
  const args = { zone: id, why, ...present({ nearest }) };
  const place = { kind: 'span', file: '--zone', start: 0, end: id.length } as const;
  return {
    ok: false,
    problems: locate([problem('bad-zone', args, place)], finderIn([{ path: '--zone', text: id }])),
  };
}
