import { compareText, type ObservedSchedule } from '../../model/schedule.ts';
import type { Standstill } from '../../model/standstill.ts';
import { stoppedBasis } from './stopped-basis.ts';

/** The file of a record. Other runs may write it at any time. */
export type RecordKeeper = {
  /** As it is now; `undefined` = there is none. */
  readonly read: () =>
    | { readonly ok: true; readonly record: Standstill | undefined }
    | { readonly ok: false; readonly why: string };
  /** Puts it on the disk, so that it survives everything, if the file still is as it was read last. */
  readonly write: (next: Standstill) => 'written' | 'changed' | { readonly why: string };
};

/** What a change of the record came to: the record as it is on the disk, or why it is not there. */
export type Kept =
  | { readonly ok: true; readonly record: Standstill }
  | { readonly ok: false; readonly why: string };

const mostTries = 50;

/** Changes the record as it is now, and again when another run was quicker. Nothing is written where nothing changes. */
export function keep(
  keeper: RecordKeeper,
  change: (now: Standstill | undefined) => Standstill | { readonly why: string },
): Kept {
  for (let tries = 0; tries < mostTries; tries += 1) {
    const read = keeper.read();
    if (!read.ok) return read;
    const next = change(read.record);
    if ('why' in next) return { ok: false, why: next.why };
    if (next === read.record) return { ok: true, record: next };
    const written = keeper.write(next);
    if (written === 'written') return { ok: true, record: next };
    if (written !== 'changed') return { ok: false, why: written.why };
  }
  return { ok: false, why: 'other runs keep changing it' };
}

/**
 * The record that a run goes on with, which it knows as `mine`. All pauses of one file have one mark for as long as the
 * file is there, so that no run's pauses are lost to another; who finds another mark in it, or finds it resumed, stops.
 */
export function goOnWith(
  now: Standstill | undefined,
  mine: Standstill,
): Standstill | { readonly why: string } {
  if (now === undefined) return mine;
  if (now.mark !== mine.mark) return { why: 'another run has started its own record in it' };
  if (now.resumedAt !== undefined && mine.resumedAt === undefined)
    return { why: 'another run has resumed it in the meantime' };
  return now;
}

/** The record with these schedules in it, which are still running or were paused by it. */
export function withSchedules(record: Standstill, schedules: readonly ObservedSchedule[]): Standstill {
  const known = new Set(record.running.map(({ name }) => name));
  const added = schedules.filter(({ schedule }) => !known.has(schedule.name));
  if (added.length === 0) return record;
  const all = [
    ...record.running,
    ...added.map((one) => ({ name: one.schedule.name, basis: stoppedBasis(one) })),
  ];
  return { ...record, running: all.sort((a, b) => compareText(a.name, b.name)) };
}
