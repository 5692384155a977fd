import type { Reader } from '../../model/port.ts';
import { compareText } from '../../model/schedule.ts';
import type { PauseLook } from '../../report/documents/switch.ts';

/** Reads the list once more after an emergency pause: which of the schedules that it was for run anyway. */
export async function lookAtRunning(
  { list }: Pick<Reader, 'list'>,
  isMeant: (name: string) => boolean,
  isIgnored: (name: string) => boolean,
): Promise<PauseLook> {
  const found = await list();
  if (!found.ok) return { outcome: 'failed', failure: found.failure };
  const running = found.value.schedules.filter(({ schedule }) => !schedule.paused && isMeant(schedule.name));
  return {
    outcome: 'done',
    stillRunning: running
      .map(({ schedule: { name } }) => ({ name, ...(isIgnored(name) ? { ignored: true as const } : {}) }))
      .sort((a, b) => compareText(a.name, b.name)),
  };
}
