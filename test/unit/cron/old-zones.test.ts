import { describe, expect, it } from 'vitest';
import { zoneInPlaceOf } from '../../../src/cron/zone/old-zones.ts';
import { wallAt } from '../../../src/cron/zone/wall.ts';
import { parseZone, type Zone } from '../../../src/cron/zone/zone.ts';
import { zoneIds } from '../../../src/cron/zone/zone-ids.ts';

const old = [...zoneIds].flatMap((id) => {
  const now = zoneInPlaceOf(id);
  return now === undefined ? [] : [[id, now] as const];
});

function zone(id: string): Zone {
  const parsed = parseZone(id);
  if (!parsed.ok) throw new Error(parsed.why);
  return parsed.zone;
}

describe('old names of zones', () => {
  it('are many, and map to current names', () => {
    expect(old.length).toBeGreaterThan(100);
    expect(old.filter(([, now]) => zoneInPlaceOf(now) !== undefined)).toEqual([]);
  });

  it.each(old)('%s keeps the clock of %s', (id, now) => {
    // Each week of the years that a schedule may still see.
    for (let week = 0; week < 520; week += 1) {
      const second = Date.UTC(2024, 6) / 1000 + week * 604_800;
      expect(wallAt(zone(id), second, false).offset).toBe(wallAt(zone(now), second, false).offset);
    }
  });

  it('do not include current names', () => {
    for (const id of ['Europe/Berlin', 'America/New_York', 'Arctic/Longyearbyen', 'UTC', 'toString'])
      expect(zoneInPlaceOf(id)).toBeUndefined();
  });
});
