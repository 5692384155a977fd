import type { Io } from '../io/io.ts';
import { type ExitCode, exitOfPlan } from '../model/exit.ts';
import { firesOfChanges } from '../plan/fires.ts';
import { planDocument } from '../report/document.ts';
import { withoutSecrets } from '../report/secrets.ts';
import { compared } from './compared.ts';
import { emit } from './emit.ts';
import type { Request } from './program.ts';

/** Shows what apply would do. */
export async function run(request: Request, io: Io): Promise<ExitCode> {
  const found = await compared(request, io);
  if (found.kind === 'ended') return found.code;
  const { plan, observed, problems, outputs, secretValues } = found;
  const document = withoutSecrets(
    planDocument(plan, problems, {
      showSensitive: request.options.showSensitive === true,
      fires: firesOfChanges(plan, observed.schedules, observed.at),
    }),
    secretValues,
  );
  return emit(io, outputs, document) || exitOfPlan(plan, request.options.detailedExitcode === true);
}
