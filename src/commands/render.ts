import { explainedManifests } from '../manifest/edit/explained.ts';
import { renderManifests } from '../manifest/edit/render.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import { validationDocument } from '../report/documents/validation.ts';
import { load } from '../run/load-manifests.ts';
import { settle } from '../run/prologue.ts';
import type { Run } from '../run/run.ts';

/** Prints what the manifests ask for, with everything filled in but secrets; offline. */
export async function run(run: Run): Promise<ExitCode> {
  const settled = settle(run);
  if (settled.kind === 'ended') return settled.code;
  const { desired, problems, files, broken, sourcesOf } = await load(run, settled.value, {
    allowEmpty: run.options.allowEmpty === true,
    missingSecrets: 'opaque',
  });
  if (problems.length > 0) run.tell(validationDocument({ files, manifests: desired.length }, problems), []);
  if (broken) return exitCodes.error;
  const asked = run.options.compiled === true ? desired.map(({ days: _days, ...one }) => one) : desired;
  const shown = run.hidden(asked);
  run.print(
    run.options.explain === true
      ? explainedManifests(shown, ({ origin }) => sourcesOf(origin, [[]]))
      : renderManifests(shown),
  );
  return exitCodes.fine;
}
