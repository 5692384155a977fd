import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Timing } from '../../../src/cron/fire/entry-timers.ts';
import { firesAfter } from '../../../src/cron/fire/fires.ts';
import { nextFire } from '../../../src/cron/fire/next.ts';
import { lastDayOffsetTooLarge, parseCron } from '../../../src/cron/parse/parse-cron.ts';
import { nextFires } from '../../../src/cron/spring-cron.ts';
import { localText } from '../../../src/cron/zone/local.ts';
import { parseZone } from '../../../src/cron/zone/zone.ts';

/** Answers of Spring 6.2.19 and of Conductor's scheduler; times are ISO 8601, `from` and `now` in UTC. */
interface SpringAnswers {
  readonly cases: readonly {
    readonly expr: string;
    readonly zone: string;
    readonly from: string;
    readonly next: readonly (string | null)[];
  }[];
  readonly invalid: readonly { readonly expr: string }[];
  readonly conductor: readonly {
    readonly label: string;
    readonly crons: Timing['entries'];
    readonly now: string;
    readonly start: string | null;
    readonly end: string | null;
    readonly catchup: boolean;
    readonly preview: readonly string[];
  }[];
  readonly zones: readonly {
    readonly id: string;
    readonly ok: boolean;
    readonly offsetJan?: string;
    readonly offsetJul?: string;
  }[];
}

const answers = JSON.parse(
  readFileSync(new URL('../../data/spring-cron.json', import.meta.url), 'utf8'),
) as SpringAnswers;

function isoOf(moment: number | null): string | null {
  return moment === null ? null : new Date(moment).toISOString();
}

/** The offset that a zone has at a time, as Java writes it. */
function offsetIn(id: string, time: string): string {
  const parsed = parseZone(id);
  if (!parsed.ok) throw new Error(`${id} is refused`);
  return localText(parsed.zone, Date.parse(time)).slice(19);
}

describe('answers of Spring 6.2.19', () => {
  it('are complete', () => {
    expect({
      cases: answers.cases.length,
      invalid: answers.invalid.length,
      conductor: answers.conductor.length,
      zones: answers.zones.length,
    }).toEqual({ cases: 536, invalid: 41, conductor: 8, zones: 30 });
  });

  it('next fires', () => {
    const wrong: unknown[] = [];
    const stuck: string[] = [];
    for (const { expr, zone, from, next } of answers.cases) {
      const cron = parseCron(expr);
      const parsed = parseZone(zone);
      if (!cron.ok || !parsed.ok) {
        wrong.push({ expr, zone, cron, parsed });
        continue;
      }
      let at = Date.parse(from);
      for (const time of next) {
        const theirs = time === null ? null : Date.parse(time);
        const ours = nextFire(cron.cron, parsed.zone, at);
        if (theirs !== null && theirs <= at) {
          // Spring repeats itself for ever; ours goes on, and only for expressions that are refused for this.
          stuck.push(expr);
          if (!lastDayOffsetTooLarge(cron.cron) || ours === null || ours <= at)
            wrong.push({ expr, zone, after: isoOf(at), theirs: time, ours: isoOf(ours) });
          break;
        }
        const text = ours === null ? null : localText(parsed.zone, ours);
        if (text !== time) wrong.push({ expr, zone, after: isoOf(at), theirs: time, ours: text });
        if (theirs === null) break;
        at = theirs;
      }
    }
    expect(wrong).toEqual([]);
    expect(stuck).toEqual(Array(5).fill('0 0 0 L-30 * *'));
  });

  it('refused expressions', () => {
    const taken = answers.invalid.map(({ expr }) => expr).filter((expr) => parseCron(expr).ok);
    expect(taken).toEqual([]);
  });

  it.each(answers.conductor)('schedule: $label', ({ crons, now, start, end, catchup, preview }) => {
    const timing: Timing = {
      entries: crons,
      catchup,
      ...(start === null ? {} : { startTime: Date.parse(start) }),
      ...(end === null ? {} : { endTime: Date.parse(end) }),
    };
    const expected = preview.map((time) => Date.parse(time));
    expect(firesAfter(timing, Date.parse(now), 5).map(isoOf)).toEqual(expected.map(isoOf));
  });

  it.each(answers.zones)('zone $id', ({ id, ok, offsetJan, offsetJul }) => {
    // That JDK's tz data (2025a) was too old for this one; a server with a newer JDK takes it.
    const younger = id === 'America/Coyhaique';
    expect(parseZone(id).ok).toBe(ok || younger);
    if (!ok) return;
    expect(offsetIn(id, '2026-01-15T00:00Z')).toBe(offsetJan);
    expect(offsetIn(id, '2026-07-15T00:00Z')).toBe(offsetJul);
  });
});

it('does not compute more fires at once than fit into memory', () => {
  for (const limit of [1e9, Number.POSITIVE_INFINITY, Number.NaN])
    expect(() => nextFires('0 0 9 * * ?', { after: 0, limit })).toThrow('at most 100000');
  expect(nextFires('0 0 9 1 1 ?', { after: 0, limit: 2 })).toMatchObject({ ok: true });
});
