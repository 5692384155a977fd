import type { FieldPath } from '../../model/schedule.ts';
import { type Diagnostic, type Place, problem } from '../../problems/diagnostic.ts';
import { partsOf } from '../resolve/references.ts';
import { isInInput, refusal, type Scope } from '../resolve/substitute.ts';

export interface SecretText {
  /** What is meant, if there is no problem. */
  readonly text: string;
  /** Of the secrets in it. */
  readonly values: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * A text in which nothing but secrets is left to resolve, as a `SecretUse` has it. The same rules as in a manifest hold:
 * where a secret may be, and which names are refused.
 */
export function resolveSecrets(
  reference: string,
  path: FieldPath,
  { env, allow }: Pick<Scope, 'env' | 'allow'>,
  place: Place,
): SecretText {
  const values: string[] = [];
  const diagnostics: Diagnostic[] = [];
  const texts = partsOf(reference).map((part) => {
    if (part.kind === 'text') return part.text;
    if (part.kind === 'malformed' || part.of !== 'secret') {
      diagnostics.push(problem('bad-reference', { text: reference, fault: 'form' }, place));
      return '';
    }
    const { name } = part;
    // Not a stranger's: a pull request's event ends before a plan is carried out.
    const fault = refusal('secret', name, { allow });
    const value = Object.hasOwn(env, name) ? (env[name] ?? '') : '';
    if (fault !== undefined)
      diagnostics.push(problem('refused-name', { kind: 'secret', name, fault }, place));
    else if (!isInInput(path)) diagnostics.push(problem('secret-outside-input', { name }, place));
    else if (value === '') diagnostics.push(problem('undefined-secret', { name }, place));
    else values.push(value);
    return value;
  });
  return { text: texts.join(''), values, diagnostics };
}
