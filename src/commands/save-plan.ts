import type { Options } from '../argv/program.ts';
import type { Io } from '../io/io.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import { canonicalJson, type JsonObject } from '../model/json.ts';
import type { SavedPlan } from '../plan/saved/saved-plan.ts';
import { savedPlanOf } from '../plan/saved/write-saved.ts';
import { type LocatedDiagnostic, problem } from '../problems/diagnostic.ts';
import { withoutSecrets } from '../report/documents/secrets.ts';
import { documentJson } from '../report/formats/document-json.ts';
import { terminalText } from '../report/text/escape.ts';
import type { Compared } from '../run/compare-with-server.ts';
import { placed } from '../run/load-manifests.ts';
import { isSamePath } from '../settings/paths.ts';
import { outputsOf, type UsageError } from '../settings/settings.ts';

/** What became of `plan --out`: what to say, and the exit code if it went wrong. */
export interface Kept {
  readonly problems: readonly LocatedDiagnostic[];
  readonly note: string;
  readonly code: ExitCode;
}

/** Why `--out` does not go with the other flags. */
export function wrongUsage(out: string, { allowUnknownSecrets, output }: Options): UsageError | undefined {
  if (out === '') return { message: '--out names no file', hint: 'for example --out plan.json' };
  if (allowUnknownSecrets === true)
    return {
      message: '--out does not go with --allow-unknown-secrets',
      hint: 'what depends on a secret that is not known here is not planned yet: set the secrets, or leave --out away',
    };
  const outputs = outputsOf(output);
  const isTaken =
    outputs.ok && outputs.value.some(({ to }) => to.kind === 'file' && isSamePath(to.path, out));
  if (isTaken)
    return {
      message: `--out and --output both write ${out}`,
      hint: 'give them two names: --output is for reading, --out is for `downbeat apply FILE`',
    };
  return undefined;
}

/** Saves a plan that may be applied, or says why not; then there is no new file. */
export function save(found: Compared & { readonly kind: 'compared' }, path: string, io: Io): Kept {
  const { plan, desired, secretValues } = found;
  const name = terminalText(path);
  // That it cannot be applied has been said; so has the exit code.
  if (plan.verdict === 'blocked')
    return {
      problems: [],
      note: `\nnote: this plan cannot be applied, so it is not saved to ${name}\n`,
      code: exitCodes.fine,
    };
  const outcome = savedPlanOf(plan, desired);
  const refused = outcome.ok ? withSecretsInside(outcome.saved, secretValues) : placed(outcome.diagnostics);
  if (!outcome.ok || refused.length > 0)
    return {
      problems: refused,
      note: `\nerror: the plan is not saved to ${name}: see above\n`,
      code: exitCodes.error,
    };
  const why = io.writeFile(path, documentJson(outcome.saved), 'private');
  return why === undefined
    ? {
        problems: [],
        note: `\nSaved to ${name}. Apply exactly this with: downbeat apply ${name}\n`,
        code: exitCodes.fine,
      }
    : { problems: [], note: `\nerror: ${name} could not be written: ${why}\n`, code: exitCodes.error };
}

/** A manifest can have the value of a secret elsewhere than behind its reference. */
function withSecretsInside(
  { changes }: SavedPlan,
  secretValues: readonly string[],
): readonly LocatedDiagnostic[] {
  const asText = (change: object): string => canonicalJson(change as unknown as JsonObject);
  return placed(
    changes
      .filter((change) => asText(change) !== asText(withoutSecrets(change, secretValues)))
      .map(({ name }) => problem('literal-in-plan', { name }, { kind: 'nowhere' })),
  );
}
