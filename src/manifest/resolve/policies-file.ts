import type { PolicyEntry } from '../../model/generated/report-parts.ts';
import type { WrittenPolicy } from '../../model/policies/policy-entry.ts';
import { type Diagnostic, problem } from '../../problems/diagnostic.ts';
import { validatePolicy } from '../read/generated/validate-policy.js';
import { parse } from '../read/parse-file.ts';
import { plainNumbers, schemaProblems } from '../read/schema-problems.ts';
import type { SourceFile } from '../read/source.ts';

/** The policies of a file whose form is right, in their order, and what is wrong with the others. */
export type ReadPolicies = {
  readonly policies: readonly WrittenPolicy[];
  readonly diagnostics: readonly Diagnostic[];
};

/** Reads a file of policies: a list of mappings. What each of them demands is for `compilePolicies`. */
export function readPolicies(source: SourceFile): ReadPolicies {
  const { manifests: items, diagnostics: syntax } = parse(source);
  const diagnostics: Diagnostic[] = syntax.map((one) =>
    one.code === 'not-a-manifest' ? problem('not-policies', one.args, one.place) : one,
  );
  const policies: WrittenPolicy[] = [];
  for (const { value, origin } of items) {
    if (origin.item === undefined) {
      const place = { kind: 'field', origin, path: [], at: 'value' } as const;
      diagnostics.push(problem('not-policies', { found: 'a mapping' }, place));
      continue;
    }
    const plain = plainNumbers(value);
    if (validatePolicy(plain)) policies.push({ entry: plain as unknown as PolicyEntry, origin });
    else
      diagnostics.push(
        ...schemaProblems(validatePolicy.errors ?? [], { value, origin }, { isRequired: () => false }).map(
          nameless,
        ),
      );
  }
  return { policies, diagnostics };
}

/** The words for a missing name are those of a schedule. */
function nameless(one: Diagnostic): Diagnostic {
  return one.code === 'missing-key' && one.args.parent.length === 0
    ? problem('bad-policy', { policy: '', fault: 'nameless' }, one.place)
    : one;
}
