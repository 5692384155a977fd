import { agendaOf } from '../fires/agenda.ts';
import { calendarEvents } from '../fires/calendar-events.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import { present } from '../model/present.ts';
import type { Schedule } from '../model/schedule.ts';
import { agendaDocument } from '../report/documents/agenda.ts';
import { renderCalendar } from '../report/formats/calendar.ts';
import { documentJson } from '../report/formats/document-json.ts';
import { renderAgendaPage } from '../report/page/agenda-page.ts';
import { renderAgenda } from '../report/text/agenda.ts';
import { asWritten, done, ended, loadOffline, openAlone, type Stage } from '../run/prologue.ts';
import type { Run } from '../run/run.ts';
import { intervalOf } from '../run/typed-times.ts';
import { zoneOf } from '../run/typed-zone.ts';

const dayMs = 86_400_000;

/** Prints every fire of an interval: by the manifests, offline; or of what a server has, with its pauses. */
export async function run(run: Run): Promise<ExitCode> {
  const { options } = run;
  const interval = intervalOf(options, run.now(), dayMs);
  if (!interval.ok) return run.refuse(interval.usage);
  const zone = zoneOf(options.zone);
  if (!zone.ok) return run.fail(zone.problems);
  const schedules = options.server === undefined ? await manifestsOf(run) : await onServer(run);
  if (schedules.kind === 'ended') return schedules.code;
  const agenda = agendaOf(schedules.value, interval.value);
  const draws = run.outputs.some(({ format }) => format === 'ics');
  const events = draws ? calendarEvents(schedules.value, interval.value) : undefined;
  const document = agendaDocument({ ...agenda, ...present({ tz: run.tz, events }) }, zone.zone, zone.id);
  run.write(document, (masked, format, style) => {
    if (format === 'html') return renderAgendaPage(masked);
    if (format === 'ics') return renderCalendar(masked);
    return format === 'json' ? documentJson(masked) : renderAgenda(masked, style);
  });
  return exitCodes.fine;
}

async function manifestsOf(run: Run): Promise<Stage<readonly Schedule[]>> {
  const loaded = await loadOffline(run);
  return loaded.kind === 'ended' ? loaded : done(loaded.value.desired.map(asWritten));
}

/** All that the server has, in a manifest or not, paused where it is paused. */
async function onServer(run: Run): Promise<Stage<readonly Schedule[]>> {
  if (run.request.argument !== undefined) {
    return ended(
      run.refuse({
        message: '--server cannot be used with a directory: it shows what the server has',
        hint: 'remove one of the two',
      }),
    );
  }
  const opened = openAlone(run);
  if (opened.kind === 'ended') return opened;
  const list = await opened.value.connection.reader.list();
  if (!list.ok) return ended(run.fail([], list.failure));
  return done(list.value.schedules.map(({ schedule }) => schedule));
}
