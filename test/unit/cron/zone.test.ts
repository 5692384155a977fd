import { describe, expect, it } from 'vitest';
import { hasRules, offsetAt } from '../../../src/cron/zone/offsets.ts';
import { parseZone } from '../../../src/cron/zone/zone.ts';
import { zoneIds } from '../../../src/cron/zone/zone-ids.ts';

describe('parseZone', () => {
  it.each([
    ['Z', 0],
    ['UTC', 0],
    ['GMT', 0],
    ['UT', 0],
    ['+2', 7200],
    ['-0', 0],
    ['+02', 7200],
    ['+0530', 19_800],
    ['+02:00', 7200],
    ['-18:00', -64_800],
    ['+01:00:30', 3630],
    ['-010030', -3630],
    ['UTC+1', 3600],
    ['GMT-02:30', -9000],
    ['UT+0100', 3600],
  ])('takes the offset %s', (id, offset) => {
    expect(parseZone(id)).toEqual({ ok: true, zone: { kind: 'fixed', id, offset } });
  });

  it.each([
    'America/New_York',
    'EST5EDT',
    'US/Pacific',
    'GMT0',
    'Etc/GMT+2',
    'SystemV/EST5EDT',
    'Zulu',
    'Etc/UTC',
  ])('takes the region %s', (id) => {
    expect(parseZone(id)).toEqual({ ok: true, zone: { kind: 'region', id, rules: id } });
  });

  it('takes all 604 regions, and this Node.js has rules for each', () => {
    const refused = [...zoneIds].filter((id) => !parseZone(id).ok);
    expect([zoneIds.size, refused]).toEqual([604, []]);
  });

  it.each([
    ['utc', 'case', 'UTC'],
    ['z', 'case', 'Z'],
    ['utc+1', 'case', 'UTC+1'],
    ['America/new_york', 'case', 'America/New_York'],
    [' UTC', 'spaces', 'UTC'],
    ['', 'empty', 'UTC'],
    ['EST', 'abbreviation', 'America/New_York'],
    ['pst', 'abbreviation', 'America/Los_Angeles'],
    ['Europe/Berln', 'no such zone', 'Europe/Berlin'],
    ['Berlin', 'no such zone', 'Europe/Berlin'],
    ['New York', 'no such zone', 'America/New_York'],
    ['Eastern', 'no such zone', undefined],
    ['Mars/X', 'no such zone', undefined],
    ['toString', 'no such zone', undefined],
    ['US/Pacific-New', 'no such zone', 'US/Pacific'],
    ['+2:00', 'two digits', '+02:00'],
    ['UTC+5:30', 'two digits', 'UTC+05:30'],
    ['gmt +1', 'two digits', 'GMT+01:00'],
    ['UTC+25', '18:00', undefined],
    ['ROC', 'abbreviation', 'Asia/Taipei'],
    ['Mars/Base', 'no such zone', undefined],
    ['+1:0', 'no such zone', undefined],
    ['+02:0030', 'no such zone', undefined],
    ['+02:60', '59', undefined],
    ['+18:01', '18:00', undefined],
    ['-18:00:01', '18:00', undefined],
  ])('refuses %j', (id, why, nearest) => {
    const parsed = parseZone(id);
    expect(parsed).toMatchObject({ ok: false, why: expect.stringContaining(why) });
    expect(parsed.ok ? undefined : parsed.nearest).toBe(nearest);
  });
});

describe('zones of Intl', () => {
  const known = Intl.supportedValuesOf('timeZone');

  it('are accepted, or mapped to the ID in Java', () => {
    expect(known.length).toBeGreaterThan(400);
    const lost = known.filter((id) => {
      const parsed = parseZone(id);
      return !parsed.ok && parsed.nearest === undefined;
    });
    expect(lost).toEqual([]);
  });

  it('are refused in another case, although Intl accepts them', () => {
    for (const id of known) {
      const lower = id.toLowerCase();
      if (lower === id) continue;
      expect(new Intl.DateTimeFormat('en', { timeZone: lower }).resolvedOptions().timeZone).not.toBe('');
      expect(parseZone(lower)).toMatchObject({
        ok: false,
        why: expect.stringContaining('case'),
        nearest: id,
      });
    }
  });
});

describe('offsets', () => {
  it.each([
    ['Europe/Berlin', '2026-03-29T00:59:59Z', 3600],
    ['Europe/Berlin', '2026-03-29T01:00:00Z', 7200],
    ['Australia/Lord_Howe', '2026-04-04T14:59:59Z', 39_600],
    ['Australia/Lord_Howe', '2026-04-04T15:00:00Z', 37_800],
    ['Asia/Kathmandu', '2026-01-01T00:00:00Z', 20_700],
    ['Africa/Monrovia', '1970-01-01T00:00:00Z', -2670],
    ['Pacific/Apia', '2011-12-30T09:59:59Z', -36_000],
    ['Pacific/Apia', '2011-12-30T10:00:00Z', 50_400],
    ['America/New_York', '2150-07-01T00:00:00Z', -14_400],
  ])('%s at %s', (region, time, offset) => {
    expect(offsetAt(region, Date.parse(time) / 1000)).toBe(offset);
  });

  it('do not depend on earlier calls', () => {
    const hours = Array.from(
      { length: 400 * 24 },
      (_, hour) => Date.parse('2026-01-01T00:00Z') / 1000 + hour * 3600,
    );
    const shown = new Intl.DateTimeFormat('en-US', { timeZone: 'Europe/Dublin', timeZoneName: 'longOffset' });
    const wrong = hours.filter((instant) => {
      const hour = /GMT\+01:00$/.test(shown.format(instant * 1000)) ? 3600 : 0;
      return offsetAt('Europe/Dublin', instant) !== hour;
    });
    expect(wrong).toEqual([]);
  });

  it('are unknown for unknown regions', () => {
    expect(hasRules('Mars/X')).toBe(false);
  });
});

it('this Node has rules for every region that parseZone takes', () => {
  const without = [...zoneIds].filter((id) => {
    const parsed = parseZone(id);
    return !parsed.ok || (parsed.zone.kind === 'region' && !hasRules(parsed.zone.rules));
  });
  expect(zoneIds.size).toBeGreaterThan(590);
  expect(without).toStrictEqual([]);
});
