import { type DiagnosticCode, definitions } from './codes.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Words } from './family.ts';

/** What to do about problems of this code, whatever the facts. With backticks around code; not a sentence. */
export function remedyOf(code: DiagnosticCode): string {
  const definition = definitions[code];
  return definition.fix ?? definition.remedy ?? ('hint' in definition ? definition.hint : '');
}

/** The words for a problem. */
export function explain({ code, args }: Diagnostic): Words {
  const definition = definitions[code];
  if ('words' in definition) return definition.words(args);
  const { message, hint } = definition;
  return { message: typeof message === 'string' ? message : message(args), hint };
}
