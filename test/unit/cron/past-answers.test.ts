import { describe, expect, it } from 'vitest';
import { answersWithPast } from '../../../src/cron/fire/next.ts';
import { pastAnswers } from '../../../src/cron/fire/past-answers.ts';
import type { Cron } from '../../../src/cron/parse/cron.ts';
import { parseCron } from '../../../src/cron/parse/parse-cron.ts';
import { nextChange } from '../../../src/cron/zone/offsets.ts';
import { parseZone, type Zone } from '../../../src/cron/zone/zone.ts';
import { zoneIds } from '../../../src/cron/zone/zone-ids.ts';

const from = Date.UTC(2026, 10, 23, 12);
const to = from + 400 * 86_400_000;

function found(expression: string, zoneId: string): readonly string[] {
  const [cron, zone] = [cronOf(expression), zoneOf(zoneId)];
  return pastAnswers(cron, zone, from, to).map((one) => `${utc(one.from)} to ${utc(one.to)}`);
}

function cronOf(expression: string): Cron {
  const parsed = parseCron(expression);
  if (!parsed.ok) throw new Error(expression);
  return parsed.cron;
}

function zoneOf(id: string): Zone {
  const parsed = parseZone(id);
  if (!parsed.ok) throw new Error(id);
  return parsed.zone;
}

/** In epoch seconds. */
function changesOf(zone: Zone): readonly number[] {
  const changes: number[] = [];
  if (zone.kind === 'fixed') return changes;
  for (let start = from / 1000; ; ) {
    const change = nextChange(zone.rules, start, to / 1000);
    if (change === undefined) return changes;
    changes.push(change.at);
    start = change.at;
  }
}

const utc = (ms: number): string => new Date(ms).toISOString().replace(':00.000Z', 'Z');

describe('fires after which Spring answers with the past', () => {
  // Lord Howe goes from 02:00 back to 01:30 at 15:00Z, Chatham from 03:45 back to 02:45 at 14:00Z.
  it.each<readonly [expression: string, zone: string, times: readonly string[]]>([
    ['0 0 * * * *', 'Australia/Lord_Howe', ['2027-04-03T14:00Z to 2027-04-03T14:30Z']],
    ['0 15 1 * * *', 'Australia/Lord_Howe', ['2027-04-03T14:15Z to 2027-04-03T14:30Z']],
    ['0 0 * * * *', 'Australia/LHI', ['2027-04-03T14:00Z to 2027-04-03T14:30Z']],
    ['0 */15 * * * *', 'Australia/Lord_Howe', []],
    ['0 30 * * * *', 'Australia/Lord_Howe', []],
    ['0 0 9 * * *', 'Australia/Lord_Howe', []],
    ['0 45 * * * *', 'Pacific/Chatham', ['2027-04-03T13:00Z to 2027-04-03T13:15Z']],
    ['0 */10 * * * *', 'Pacific/Chatham', ['2027-04-03T13:05Z to 2027-04-03T13:15Z']],
    ['0 50 2 * * *', 'NZ-CHAT', ['2027-04-03T13:05Z to 2027-04-03T13:15Z']],
    ['0 0 * * * *', 'Pacific/Chatham', []],
    ['* * * * * *', 'Pacific/Chatham', []],
    ['0 0 * * * *', 'Europe/Berlin', []],
    ['0 0 * * * *', '+10:30', []],
  ])('%s in %s', (expression, zone, times) => {
    expect(found(expression, zone)).toEqual(times);
  });

  it('do not exist in other crons', () => {
    const crons = ['0 0 * * * *', '0 45 * * * *'].map(cronOf);
    const zones = [...zoneIds].filter((id) => {
      const zone = zoneOf(id);
      return changesOf(zone).some((change) => {
        for (let at = change - 3 * 3600; at < change + 3 * 3600; at += 300)
          if (crons.some((cron) => answersWithPast(cron, zone, at * 1000))) return true;
        return false;
      });
    });
    expect(zones.sort()).toEqual(['Australia/LHI', 'Australia/Lord_Howe', 'NZ-CHAT', 'Pacific/Chatham']);
  });
});
