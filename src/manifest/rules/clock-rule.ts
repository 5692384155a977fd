import { pastAnswers } from '../../cron/fire/past-answers.ts';
import type { Cron } from '../../cron/parse/cron.ts';
import { civilDate } from '../../cron/zone/civil.ts';
import { type ShiftedFires, shiftedFires } from '../../cron/zone/clock-changes.ts';
import { clearOfChanges } from '../../cron/zone/clock-window.ts';
import { utcText } from '../../cron/zone/utc.ts';
import type { Zone } from '../../cron/zone/zone.ts';
import { type Diagnostic, problem } from '../../problems/diagnostic.ts';
import type { ClockShift } from '../../problems/timing-problems.ts';
import { at, type Manifest } from '../manifest.ts';
import type { Timer, Timers } from './crons.ts';
import type { OptionalRule } from './rule.ts';
import { type Window, windowOf } from './window-rules.ts';

const days = 400;

/** Fires that changes of the clock skip or double in the next 400 days: one warning for each schedule. */
export function clockRule(timers: Timers, now: number): OptionalRule {
  const to = now + days * 86_400_000;
  const shiftsOf = ({ cron, zone }: Timer): readonly ShiftedFires[] => shiftsFrom(cron, zone, now);
  return {
    codes: ['clock-change'],
    judge({ fields, origin }: Manifest): readonly Diagnostic[] {
      const window = windowOf(fields) ?? {};
      const catchup = fields.runCatchupScheduleInstances === true;
      for (const timer of timers.of(fields)) {
        const shifts = shiftsOf(timer).filter((shift) => catchup || isIn(window, shift));
        const clear = shifts.length === 0 ? undefined : clearOfChanges(timer.zone, now, to);
        if (clear === undefined) continue;
        const args = { zone: timer.zone.id, shifts: shifts.map(shown), days, safeFrom: timeText(clear) };
        return [problem('clock-change', args, at(origin, [...timer.path, 'cronExpression']))];
      }
      return [];
    },
  };
}

type KnownShifts = { readonly zone: string; readonly now: number; readonly shifts: readonly ShiftedFires[] };

// Many manifests have one cron, and the two sides of a comparison have most of theirs in common.
const knownShifts = new WeakMap<Cron, KnownShifts>();

function shiftsFrom(cron: Cron, zone: Zone, now: number): readonly ShiftedFires[] {
  const found = knownShifts.get(cron);
  if (found?.zone === zone.id && found.now === now) return found.shifts;
  const shifts = shiftedFires(cron, zone, now, now + days * 86_400_000);
  knownShifts.set(cron, { zone: zone.id, now, shifts });
  return shifts;
}

/** Fires after which the server fires about every second: one error for each cron of a schedule. */
export function runawayHours(timers: Timers, now: number): OptionalRule {
  const to = now + days * 86_400_000;
  return {
    codes: ['runaway-hour'],
    judge({ fields, origin }: Manifest): readonly Diagnostic[] {
      const window = windowOf(fields) ?? {};
      const catchup = fields.runCatchupScheduleInstances === true;
      return timers.of(fields).flatMap(({ cron, zone, path }) => {
        const first = pastAnswers(cron, zone, now, to).find(
          ({ from }) => catchup || isIn(window, { at: from }),
        );
        if (first === undefined) return [];
        const [from, until] = [utcText(first.from), utcText(first.to)];
        const args = { expression: cron.expression, zone: zone.id, from, to: until };
        return [problem('runaway-hour', args, at(origin, [...path, 'cronExpression']))];
      });
    },
  };
}

function isIn(
  { start = Number.NEGATIVE_INFINITY, end = Number.POSITIVE_INFINITY }: Window,
  { at }: Pick<ShiftedFires, 'at'>,
): boolean {
  return at >= start && at <= end;
}

function shown({ kind, day, first, count }: ShiftedFires): ClockShift {
  const { year, month, day: ofMonth } = civilDate(day);
  return { kind, date: `${year}-${pad(month)}-${pad(ofMonth)}`, time: timeText(first), count };
}

/** Seconds of a day as `02:30`, with seconds only when there are any. */
function timeText(second: number): string {
  const parts = [Math.floor(second / 3600), Math.floor(second / 60) % 60];
  if (second % 60 !== 0) parts.push(second % 60);
  return parts.map(pad).join(':');
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
