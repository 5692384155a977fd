import { describe, expect, it } from 'vitest';
import { oldestRelease, ruleChangeOf, ruleChanges } from '../../../src/cron/zone/rule-changes.ts';
import { zoneIds } from '../../../src/cron/zone/zone-ids.ts';

describe('the table of changed zones', () => {
  it('has zones that Java knows, each once, in the order of the releases', () => {
    const zones = ruleChanges.flatMap((change) => change.zones);
    expect(zones.filter((zone) => !zoneIds.has(zone))).toEqual([]);
    expect(new Set(zones).size).toBe(zones.length);
    const releases = ruleChanges.map(({ release }) => release);
    expect(releases).toEqual([...releases].sort());
    for (const release of releases) {
      expect(release).toMatch(/^20\d\d[a-z]$/);
      expect(release > oldestRelease).toBe(true);
    }
  });

  it('has times, with each end after its start', () => {
    for (const { from, until } of ruleChanges) {
      expect(from).not.toBeNaN();
      if (until !== undefined) expect(until).toBeGreaterThan(Number(from));
    }
  });

  it.each<readonly [zone: string, from: string, to: string, release: string | undefined]>([
    ['America/Vancouver', '2026-11-01T08:00Z', '2026-11-01T09:00Z', undefined],
    ['America/Vancouver', '2026-11-01T08:00Z', '2026-11-01T09:01Z', '2026b'],
    ['America/Vancouver', '2036-07-01T00:00Z', '2037-08-01T00:00Z', '2026b'],
    ['Cuba', '2027-03-14T04:00Z', '2028-03-14T04:00Z', '2026f'],
    ['Cuba', '2027-03-14T05:00Z', '2028-03-14T05:00Z', undefined],
    ['America/Coyhaique', '2024-01-01T00:00Z', '2024-01-02T00:00Z', '2025b'],
    ['America/Toronto', '2026-01-01T00:00Z', '2037-01-01T00:00Z', undefined],
  ])('%s from %s to %s: %s', (zone, from, to, release) => {
    expect(ruleChangeOf(zone, Date.parse(from), Date.parse(to))?.release).toBe(release);
  });
});
