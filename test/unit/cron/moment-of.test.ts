import { describe, expect, it } from 'vitest';
import { localText } from '../../../src/cron/zone/local.ts';
import { momentOf } from '../../../src/cron/zone/moment-of.ts';
import { utcText } from '../../../src/cron/zone/utc.ts';
import { parseZone } from '../../../src/cron/zone/zone.ts';

describe('the time that a text of a document means', () => {
  const moments = [0, -1, 1_795_399_200_000, 1_795_399_200_123, -2_000_000_000_000, 253_402_200_000_000];
  const zones = ['UTC', 'Europe/Berlin', 'Asia/Kolkata', 'America/New_York', 'Africa/Monrovia', '+18:00'];
  it.each(zones)('is what localText has written in %s', (id) => {
    const parsed = parseZone(id);
    if (!parsed.ok) throw new Error(id);
    for (const at of moments)
      expect([utcText(at), momentOf(localText(parsed.zone, at))]).toEqual([utcText(at), at]);
  });

  it.each(['', '2026', '253402300800000', '2026-11-23', '2026-11-23T12:00:00'])(
    '%j is not a time',
    (text) => {
      expect(momentOf(text)).toBeUndefined();
    },
  );
});
