import { type DesiredSchedule, type ObservedSchedule, type Tag, tagSet } from '../model/schedule.ts';
import { onServer, type Places } from './on-server.ts';

/**
 * Schedules that leave their tags to the server but for some: with all the tags that they are to have, which are the
 * server's (of a rename the old one's) without those of the same keys, and these.
 */
export function withAddedTags(
  desired: readonly DesiredSchedule[],
  observed: readonly ObservedSchedule[],
  places: Places,
): readonly DesiredSchedule[] {
  if (!desired.some(({ addedTags }) => addedTags !== undefined)) return desired;
  const there = new Map(observed.map((raw) => [raw.schedule.name, raw]));
  return desired.map(({ addedTags, ...one }) => {
    if (addedTags === undefined) return one;
    const names = [one.schedule.name, ...one.lifecycle.previousNames];
    const raw = names.map((name) => there.get(name)).find((found) => found !== undefined);
    const theirs: readonly Tag[] = raw === undefined ? [] : (onServer(raw, places).observed.tags ?? []);
    const keys = new Set(addedTags.map(({ key }) => key));
    return { ...one, tags: tagSet([...theirs.filter(({ key }) => !keys.has(key)), ...addedTags]) };
  });
}
