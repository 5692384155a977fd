import type { Request } from '../argv/program.ts';
import { loadOf } from '../fires/load.ts';
import type { Io } from '../io/io.ts';
import type { ExitCode } from '../model/exit.ts';
import type { DesiredSchedule, ObservedSchedule, Schedule } from '../model/schedule.ts';
import { failureDocument } from '../report/documents/failure.ts';
import { loadDocument } from '../report/documents/load.ts';
import { documentJson } from '../report/formats/document-json.ts';
import { renderHeat } from '../report/formats/heat.ts';
import { renderLoad } from '../report/text/load.ts';
import { emitFailure, usageError, write } from '../run/emit.ts';
import { asWritten, manifests } from '../run/offline.ts';
import { open } from '../run/stages.ts';
import { startOf } from '../run/typed-times.ts';
import { outputsOf } from '../settings/settings.ts';

/** Prints how many schedules fire in each minute of a day; with `--server`, also before the manifests are applied. */
export async function run(request: Request, io: Io): Promise<ExitCode> {
  const { options } = request;
  const outputs = outputsOf(options.output, ['text', 'json', 'svg']);
  if (!outputs.ok) return usageError(io, outputs.usage);
  const start = startOf(options.from, io.now());
  if (!start.ok) return usageError(io, start.usage);
  const loaded = manifests(request, io, outputs.value);
  if (loaded.kind === 'ended') return loaded.code;
  const { desired, configured } = loaded;
  let observed: readonly ObservedSchedule[] | undefined;
  if (options.server !== undefined) {
    const opened = open(io, options, configured.config, new AbortController().signal);
    if (!opened.ok) return usageError(io, opened.usage);
    const list = await opened.connection.reader.list();
    if (!list.ok) {
      return emitFailure(io, outputs.value, failureDocument([], list.failure));
    }
    observed = list.value.schedules;
  }
  const document =
    observed === undefined
      ? loadDocument(loadOf(desired.map(asWritten), start.value))
      : loadDocument(
          loadOf(merged(desired, observed), start.value),
          loadOf(
            observed.map(({ schedule }) => schedule),
            start.value,
          ),
        );
  return write(io, outputs.value, (format, style) => {
    if (format === 'svg') return renderHeat(document);
    return format === 'json' ? documentJson(document) : renderLoad(document, style);
  });
}

/**
 * What the server has once the manifests are applied; what is in none of them stays, but for old names of a schedule that is
 * renamed, and so do pauses they do not speak of.
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
