import { RE2JS } from 're2js';
import { type LinearPattern, plainPattern } from './plain-pattern.ts';

export type ReadPattern =
  | { readonly ok: true; readonly pattern: LinearPattern }
  | { readonly ok: false; readonly why: string };

/**
 * Reads a regular expression in RE2's grammar, JavaScript's own spellings of it included. Without lookaround and
 * backreferences nothing is tried twice, so that a pattern such as `^(a+)+$` cannot hold up a run.
 */
export function linearPattern(source: string): ReadPattern {
  const plain = plainPattern(source);
  if (plain !== undefined) return { ok: true, pattern: plain };
  try {
    const compiled = RE2JS.compile(RE2JS.translateRegExp(source));
    return { ok: true, pattern: { source, test: (text) => compiled.test(text) } };
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    return { ok: false, why: words.replace(/^error parsing regexp: /, '') };
  }
}
