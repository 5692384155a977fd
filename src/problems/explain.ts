import { definitions } from './codes.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Words } from './family.ts';

/** The words for a problem. */
export function explain({ code, args }: Diagnostic): Words {
  const definition = definitions[code];
  if ('words' in definition) return definition.words(args);
  const { message, hint } = definition;
  return { message: typeof message === 'string' ? message : message(args), hint };
}
