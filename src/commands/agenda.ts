import type { Request } from '../argv/program.ts';
import { agendaOf } from '../fires/agenda.ts';
import type { Io } from '../io/io.ts';
import type { ExitCode } from '../model/exit.ts';
import { agendaDocument } from '../report/documents/agenda.ts';
import { documentJson } from '../report/formats/document-json.ts';
import { renderAgenda } from '../report/text/agenda.ts';
import { usageError, write } from '../run/emit.ts';
import { asWritten, fail, manifests } from '../run/offline.ts';
import { intervalOf } from '../run/typed-times.ts';
import { zoneOf } from '../run/typed-zone.ts';
import { outputsOf } from '../settings/settings.ts';

const dayMs = 86_400_000;

/** Prints every fire of an interval; offline. */
export async function run(request: Request, io: Io): Promise<ExitCode> {
  const { options } = request;
  const outputs = outputsOf(options.output);
  if (!outputs.ok) return usageError(io, outputs.usage);
  const interval = intervalOf(options, io.now(), dayMs);
  if (!interval.ok) return usageError(io, interval.usage);
  const zone = zoneOf(options.zone);
  if (!zone.ok) return fail(io, outputs.value, zone.problems).code;
  const loaded = manifests(request, io, outputs.value);
  if (loaded.kind === 'ended') return loaded.code;
  const document = agendaDocument(
    agendaOf(loaded.desired.map(asWritten), interval.value),
    zone.zone,
    zone.id,
  );
  return write(io, outputs.value, (format, style) =>
    format === 'json' ? documentJson(document) : renderAgenda(document, style),
  );
}
