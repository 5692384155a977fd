import type { Request } from '../argv/program.ts';
import type { Io } from '../io/io.ts';
import type { ExitCode } from '../model/exit.ts';
import { exitOfPlan } from '../plan/exit-of-plan.ts';
import { firesOfChanges } from '../plan/fires-of-changes.ts';
import { withRun } from '../report/documents/document.ts';
import { planDocument } from '../report/documents/plan.ts';
import { withoutSecrets } from '../report/documents/secrets.ts';
import { compared } from '../run/compare-with-server.ts';
import { emit, usageError } from '../run/emit.ts';

/** Shows what apply would do, and saves it to a file if asked. */
export async function run(request: Request, io: Io): Promise<ExitCode> {
  const { out, showSensitive, detailedExitcode } = request.options;
  const saving = out === undefined ? undefined : await import('./save-plan.ts');
  const usage = out === undefined ? undefined : saving?.wrongUsage(out, request.options);
  if (usage !== undefined) return usageError(io, usage);
  const found = await compared(request, io, { online: 'changes' });
  if (found.kind === 'ended') return found.code;
  const { plan, observed, problems, outputs, secretValues } = found;
  const kept = out === undefined ? undefined : saving?.save(found, out, io);
  const all = [...(kept?.problems ?? []), ...problems];
  const document = withoutSecrets(
    withRun(
      planDocument(plan, all, {
        showSensitive: showSensitive === true,
        fires: firesOfChanges(plan, observed.schedules, observed.at),
      }),
      found.run,
    ),
    secretValues,
  );
  const written = emit(io, outputs, document);
  io.err(kept?.note ?? '');
  return written || kept?.code || exitOfPlan(plan, detailedExitcode === true);
}
