import { definitions } from './codes.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { Words } from './family.ts';

/** The words for a problem. */
export function explain({ code, args }: Diagnostic): Words {
  return definitions[code].words(args);
}
