import { loadOf } from '../fires/load.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import type { DesiredSchedule, ObservedSchedule, Schedule } from '../model/schedule.ts';
import { loadDocument } from '../report/documents/load.ts';
import { documentJson } from '../report/formats/document-json.ts';
import { renderHeat } from '../report/formats/heat.ts';
import { renderLoadPage } from '../report/page/load-page.ts';
import { renderLoad } from '../report/text/load.ts';
import { asWritten, loadOffline, open } from '../run/prologue.ts';
import type { Run } from '../run/run.ts';
import { startOf } from '../run/typed-times.ts';

/** Prints how many schedules fire in each minute of a day; with `--server`, also before the manifests are applied. */
export async function run(run: Run): Promise<ExitCode> {
  const { options } = run;
  const start = startOf(options.from, run.now());
  if (!start.ok) return run.refuse(start.usage);
  const from = start.value;
  const loaded = await loadOffline(run);
  if (loaded.kind === 'ended') return loaded.code;
  const { desired, configured } = loaded.value;
  let document = loadDocument(loadOf(desired.map(asWritten), from), undefined, run.tz);
  if (options.server !== undefined) {
    const opened = open(run, configured);
    if (opened.kind === 'ended') return opened.code;
    const list = await opened.value.connection.reader.list();
    if (!list.ok) return run.fail([], list.failure);
    const { schedules } = list.value;
    const before = schedules.map(({ schedule }) => schedule);
    document = loadDocument(loadOf(merged(desired, schedules), from), loadOf(before, from), run.tz);
  }
  run.write(document, (masked, format, style) => {
    if (format === 'svg') return renderHeat(masked);
    if (format === 'html') return renderLoadPage(masked);
    return format === 'json' ? documentJson(masked) : renderLoad(masked, style);
  });
  return exitCodes.fine;
}

/**
 * What the server has once the manifests are applied; what is in none of them stays, except for old names of a schedule that is
 * renamed, and so do pauses that they do not set.
 */
function merged(
  desired: readonly DesiredSchedule[],
  observed: readonly ObservedSchedule[],
): readonly Schedule[] {
  const there = new Map(observed.map(({ schedule }) => [schedule.name, schedule]));
  const written = desired.map(({ schedule, pause, lifecycle }) => {
    const names = [schedule.name, ...lifecycle.previousNames];
    const before = names.map((name) => there.get(name)).find((found) => found !== undefined);
    for (const name of names) there.delete(name);
    return { ...schedule, paused: pause?.paused ?? before?.paused ?? false };
  });
  return [...written, ...there.values()];
}
