import { type ExitCode, exitCodes } from '../model/exit.ts';
import { driftDocument } from '../report/documents/drift.ts';
import { compared } from '../run/compare-with-server.ts';
import type { Run } from '../run/run.ts';

/** Asks whether the server still is as the manifests say. */
export async function run(run: Run): Promise<ExitCode> {
  const { online = false, showSensitive = false, strict = false } = run.options;
  const found = await compared(run, online ? 'all' : 'nothing', { judges: false });
  if (found.kind === 'ended') return found.code;
  const { plan, problems } = found.value;
  const document = driftDocument(plan, problems, { showSensitive, strict });
  run.report(document);
  return document.drifted ? exitCodes.changes : exitCodes.fine;
}
