import { everFires } from '../../cron/parse/shape.ts';
import { zoneInPlaceOf } from '../../cron/zone/old-zones.ts';
import { ruleChangeOf } from '../../cron/zone/rule-changes.ts';
import { utcText } from '../../cron/zone/utc.ts';
import { present } from '../../model/present.ts';
import { type Diagnostic, problem } from '../../problems/diagnostic.ts';
import { at, type Manifest } from '../manifest.ts';
import { clockRule, runawayHours } from './clock-rule.ts';
import { ofAll, remembered, type Timer, type Timers } from './crons.ts';
import type { Judging, OptionalRule } from './rule.ts';
import { meeting } from './shared-fires.ts';
import { catchupIgnoresWindow, emptyWindow, timeInSeconds, windowOf } from './window-rules.ts';

// From so many fires an hour on, an hour without the server is a burst after it.
const fast = 12;

/** When a schedule fires, and why that may not be what was meant. */
export function timingRules(
  timers: Timers,
  { now, tz, clockChanges = false }: Judging,
): readonly OptionalRule[] {
  return [
    { codes: ['every-second'], judge: ofEach(timers, everySecond) },
    { codes: ['both-days'], judge: ofEach(timers, bothDays) },
    { codes: ['numbered-weekday'], judge: ofEach(timers, numbered) },
    { codes: ['old-zone'], judge: (manifest) => oldZone(manifest, timers) },
    { codes: ['time-in-seconds'], judge: timeInSeconds },
    { codes: ['catchup-ignores-window'], judge: catchupIgnoresWindow },
    { codes: ['catchup-burst'], judge: (manifest) => catchupBurst(manifest, timers) },
    ...(now === undefined ? [] : [...daily(timers, now), zoneRules(timers, now, tz)]),
    ...(now === undefined || !clockChanges ? [] : [clockRule(timers, now), runawayHours(timers, now)]),
  ];
}

/** The rules for which it counts what day it is. */
function daily(timers: Timers, now: number): readonly OptionalRule[] {
  const known = new Map<string, boolean>();
  const firesAtAll = ({ id, cron, zone }: Timer): boolean => {
    const before = known.get(id);
    if (before !== undefined) return before;
    const answer = everFires(cron, zone, now);
    known.set(id, answer);
    return answer;
  };
  const neverFires = (timer: Timer, { origin }: Manifest): readonly Diagnostic[] => {
    if (firesAtAll(timer)) return [];
    const args = { expression: timer.cron.expression, zone: timer.zone.id };
    return [problem('never-fires', args, at(origin, [...timer.path, 'cronExpression']))];
  };
  return [
    { codes: ['never-fires'], judge: ofEach(timers, neverFires) },
    { codes: ['crons-meet'], judge: (manifest) => cronsMeet(manifest, timers, now) },
    {
      codes: ['window-upside-down', 'window-without-fire', 'window-over'],
      judge: (manifest) => {
        const window = windowOf(manifest.fields);
        if (window?.end === undefined) return [];
        // What never fires at all has been said.
        const own = timers.of(manifest.fields).filter(firesAtAll);
        return own.length === 0 ? [] : emptyWindow(manifest, window, own, now);
      },
    },
  ];
}

function ofEach(
  timers: Timers,
  rule: (timer: Timer, manifest: Manifest) => readonly Diagnostic[],
): OptionalRule['judge'] {
  return (manifest) => ofAll(timers.of(manifest.fields), (timer) => rule(timer, manifest));
}

function everySecond({ cron, shape, path }: Timer, { origin }: Manifest): readonly Diagnostic[] {
  const { expression } = cron;
  if (!shape.takesEverySecond) return [];
  const suggestion = expression.trim().replace(/^\S+/, '0');
  return [problem('every-second', { expression, suggestion }, at(origin, [...path, 'cronExpression']))];
}

function bothDays({ cron, shape, path }: Timer, { origin }: Manifest): readonly Diagnostic[] {
  if (!shape.restrictsBothDays) return [];
  return [problem('both-days', { expression: cron.expression }, at(origin, [...path, 'cronExpression']))];
}

const dayNames: readonly string[] = [
  ...['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
];

function numbered({ numbered: found, path }: Timer, { origin }: Manifest): readonly Diagnostic[] {
  if (found === undefined) return [];
  const { number, suggestion, start, end } = found;
  const [day = '', quartz = ''] = [dayNames[number], dayNames[number - 1]];
  const args = { number, day, quartz, ...present({ suggestion }) };
  const place = at(origin, [...path, 'cronExpression']);
  return [problem('numbered-weekday', args, { ...place, within: { start, end } })];
}

function oldZone({ fields, origin }: Manifest, { written }: Timers): readonly Diagnostic[] {
  return ofAll(written(fields), ({ path, fields: { zoneId: zone } }) => {
    const now = typeof zone === 'string' ? zoneInPlaceOf(zone) : undefined;
    if (typeof zone !== 'string' || now === undefined) return [];
    return [problem('old-zone', { zone, now }, at(origin, [...path, 'zoneId']))];
  });
}

function catchupBurst({ fields, origin }: Manifest, timers: Timers): readonly Diagnostic[] {
  if (fields.runCatchupScheduleInstances !== true) return [];
  const [first] = timers.of(fields).filter(({ shape }) => shape.firesPerHour >= fast);
  if (first === undefined) return [];
  const { cron, shape } = first;
  const args = { expression: cron.expression, firesPerHour: shape.firesPerHour };
  return [problem('catchup-burst', args, at(origin, ['runCatchupScheduleInstances']))];
}

/** Zones in which the server may fire at other times than are computed here. */
function zoneRules(timers: Timers, now: number, tz: string | undefined): OptionalRule {
  const to = now + 400 * 86_400_000;
  const changeOf = remembered((id: string) => ruleChangeOf(id, now, to));
  return {
    codes: ['zone-rules-changed'],
    judge: ofEach(timers, ({ zone: { id }, path }, { origin }) => {
      const change = changeOf(id);
      if (change === undefined) return [];
      const args = { zone: id, release: change.release, isNew: change.from === 'new', ...present({ tz }) };
      return [problem('zone-rules-changed', args, at(origin, [...path, 'zoneId']))];
    }),
  };
}

function cronsMeet({ fields, origin }: Manifest, timers: Timers, now: number): readonly Diagnostic[] {
  if (!Array.isArray(fields.cronSchedules)) return [];
  const own = timers.of(fields);
  const found = meeting(own, now);
  if (found === undefined) return [];
  const [entry, other] = [found.later, found.earlier].map(({ path }) => Number(path[1]) + 1);
  const { at: moment, later } = found;
  const args = {
    entry: entry ?? 0,
    other: other ?? 0,
    ...(moment === undefined ? {} : { at: utcText(moment) }),
  };
  return [problem('crons-meet', args, at(origin, [...later.path, 'cronExpression']))];
}
