import { agendaOf } from '../fires/agenda.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import { agendaDocument } from '../report/documents/agenda.ts';
import { documentJson } from '../report/formats/document-json.ts';
import { renderAgenda } from '../report/text/agenda.ts';
import { asWritten, loadOffline } from '../run/prologue.ts';
import type { Run } from '../run/run.ts';
import { intervalOf } from '../run/typed-times.ts';
import { zoneOf } from '../run/typed-zone.ts';

const dayMs = 86_400_000;

/** Prints every fire of an interval; offline. */
export async function run(run: Run): Promise<ExitCode> {
  const { options } = run;
  const interval = intervalOf(options, run.now(), dayMs);
  if (!interval.ok) return run.refuse(interval.usage);
  const zone = zoneOf(options.zone);
  if (!zone.ok) return run.fail(zone.problems);
  const loaded = await loadOffline(run);
  if (loaded.kind === 'ended') return loaded.code;
  const agenda = agendaOf(loaded.value.desired.map(asWritten), interval.value);
  run.write(agendaDocument(agenda, zone.zone, zone.id), (document, format, style) =>
    format === 'json' ? documentJson(document) : renderAgenda(document, style),
  );
  return exitCodes.fine;
}
