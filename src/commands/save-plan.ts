import { type ExitCode, exitCodes } from '../model/exit.ts';
import { canonicalJson } from '../model/json.ts';
import type { SavedPlan } from '../plan/saved/saved-plan.ts';
import { savedPlanOf } from '../plan/saved/write-saved.ts';
import { type LocatedDiagnostic, problem } from '../problems/diagnostic.ts';
import { documentJson } from '../report/formats/document-json.ts';
import { terminalText } from '../report/text/escape.ts';
import type { Compared } from '../run/compare-with-server.ts';
import { placed } from '../run/load-manifests.ts';
import type { Run } from '../run/run.ts';
import { uncoveredNote } from '../run/uncovered-note.ts';
import { isSamePath } from '../settings/paths.ts';
import type { UsageError } from '../settings/settings.ts';

/** What became of `plan --out`: what to say, and the exit code if it went wrong. */
export interface Kept {
  readonly problems: readonly LocatedDiagnostic[];
  readonly note: string;
  readonly code: ExitCode;
}

/** Why `--out` does not go with the other flags. */
export function wrongUsage(out: string, { options, outputs }: Run): UsageError | undefined {
  const { allowUnknownSecrets } = options;
  if (out === '') return { message: '--out needs a file name', hint: 'for example --out plan.json' };
  if (allowUnknownSecrets === true)
    return {
      message: '--out cannot be used with --allow-unknown-secrets',
      hint: 'changes that depend on an unknown secret are not planned: set the secrets, or remove --out',
    };
  const isTaken = outputs.some(({ to }) => to.kind === 'file' && isSamePath(to.path, out));
  if (isTaken)
    return {
      message: `--out and --output both write ${out}`,
      hint: 'use two files: --output is for reading, --out is for `downbeat apply FILE`',
    };
  return undefined;
}

/** Saves a plan that may be applied, or says why not; then there is no new file. */
export function save({ files, masker }: Run, { plan, desired, digestKey }: Compared, path: string): Kept {
  const name = terminalText(path);
  // That it cannot be applied has been said; so has the exit code.
  if (plan.verdict === 'blocked')
    return {
      problems: [],
      note: `\nnote: this plan cannot be applied, so it is not saved to ${name}\n`,
      code: exitCodes.fine,
    };
  const outcome = savedPlanOf(plan, desired, digestKey);
  const refused = outcome.ok ? withSecretsInside(outcome.saved, masker) : placed(outcome.diagnostics);
  if (!outcome.ok || refused.length > 0)
    return {
      problems: refused,
      note: `\nerror: the plan is not saved to ${name}: see above\n`,
      code: exitCodes.error,
    };
  const why = files.writeFile(path, documentJson(outcome.saved), { private: true })?.why;
  return why === undefined
    ? {
        problems: [],
        note: `\nSaved to ${name}. To apply exactly this plan: downbeat apply ${name}\n${uncoveredNote(plan.masked, digestKey)}`,
        code: exitCodes.fine,
      }
    : { problems: [], note: `\nerror: ${name} could not be written: ${why}\n`, code: exitCodes.error };
}

/** A manifest can have the value of a secret elsewhere than after its reference. */
function withSecretsInside({ changes }: SavedPlan, { count }: Run['masker']): readonly LocatedDiagnostic[] {
  return placed(
    changes
      .filter((change) => count(canonicalJson(change)) > 0)
      .map(({ name }) => problem('literal-in-plan', { name }, { kind: 'nowhere' })),
  );
}
