import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { validateDraft07 } from './generated/validate-draft-07.js';
import { validateDraft2020 } from './generated/validate-draft-2020-12.js';
import type { Misfit } from './judge-policies.ts';
import type { ReadsPattern } from './policy.ts';

/** A team's own JSON Schema, ready to be asked; or why it cannot be. Values have plain numbers. */
export type HouseSchema =
  | { readonly ok: true; readonly misfits: (value: unknown) => readonly Misfit[] }
  | { readonly ok: false; readonly why: string };

/** Patterns of a schema take no longer than those of policies. The text of each is its key. */
function engineOf(reads: ReadsPattern): (source: string) => { readonly test: (text: string) => boolean } {
  return (source) => {
    const read = reads(source);
    if (!read.ok)
      throw new Error(`${JSON.stringify(source)} is not a usable regular expression: ${read.why}`);
    return { test: read.pattern.test, toString: () => source };
  };
}

const options = {
  allErrors: true,
  // What a team writes for its editor too is not a reason to refuse it: unknown keywords, formats, union types.
  strict: false,
  validateFormats: false,
  logger: false,
} as const;

/** Judges a schema: made at build time, for to compile one takes 100 ms. Absent = Ajv has to find out by itself. */
function judgeOfDraft(draft: string): typeof validateDraft07 | undefined {
  switch (draft) {
    case 'http://json-schema.org/draft-07/schema':
    case 'http://json-schema.org/draft-07/schema#':
      return validateDraft07;
    case '':
    case 'https://json-schema.org/draft/2020-12/schema':
    case 'https://json-schema.org/draft/2020-12/schema#':
      return validateDraft2020;
    default:
      return undefined;
  }
}

/** Reads a schema of draft-07 if it says so, else of 2020-12. References into other files are not followed. */
export function houseSchema(schema: unknown, reads: ReadsPattern): HouseSchema {
  if (typeof schema !== 'boolean' && (typeof schema !== 'object' || schema === null || Array.isArray(schema)))
    return { ok: false, why: 'it is not a mapping' };
  // Its answer would come later, and nothing would be said of what does not fit.
  if (typeof schema === 'object' && '$async' in schema)
    return { ok: false, why: '$async is not a keyword of JSON Schema: remove it' };
  const draft = typeof schema === 'object' && '$schema' in schema ? String(schema.$schema) : '';
  try {
    // Ajv names the engine in code that is only written out.
    const code = { regExp: Object.assign(engineOf(reads), { code: 'linearPattern' }) };
    const judge = judgeOfDraft(draft);
    // The schemas of schemas take 2 ms to add, and few schemas refer to one.
    const isAlone = judge !== undefined && !refersElsewhere(schema);
    const all = { ...options, code, validateSchema: judge === undefined, meta: !isAlone };
    const ajv = draft.includes('draft-07') ? new Ajv(all) : new Ajv2020(all);
    if (judge !== undefined && !judge(schema))
      return { ok: false, why: `schema is invalid: ${ajv.errorsText(judge.errors)}` };
    const validate = ajv.compile(schema);
    return {
      ok: true,
      misfits: (value) => {
        if (validate(value)) return [];
        const found = new Map<string, Misfit>();
        for (const { instancePath, message = 'does not fit', params, keyword } of validate.errors ?? []) {
          const path = instancePath.split('/').slice(1).map(unescaped);
          const key = 'additionalProperty' in params ? [String(params.additionalProperty)] : [];
          const why = `${message}${allowedText(keyword, params)}`;
          const place = [...path, ...key];
          // A value may fail several branches of one choice: its first failure says it best.
          if (!found.has(place.join('/'))) found.set(place.join('/'), { path: place, why });
        }
        return [...found.values()];
      },
    };
  } catch (error) {
    return { ok: false, why: error instanceof Error ? error.message : String(error) };
  }
}

/** Whether a schema may name another than itself. */
function refersElsewhere(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false;
  return Object.entries(schema).some(
    ([key, value]) =>
      key === '$id' ||
      ((key === '$ref' || key === '$dynamicRef') && typeof value === 'string' && !value.startsWith('#')) ||
      refersElsewhere(value),
  );
}

function allowedText(keyword: string, params: { readonly [name: string]: unknown }): string {
  if (keyword === 'enum' && Array.isArray(params.allowedValues))
    return `: ${params.allowedValues.map((value) => JSON.stringify(value)).join(', ')}`;
  return keyword === 'const' ? `: ${JSON.stringify(params.allowedValue)}` : '';
}

/** A part of a JSON Pointer. */
function unescaped(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~');
}
