import { type Format, type Output, outputsOf, runFormats, type Settled } from '../settings/settings.ts';

/** The formats of each command; the others have text and JSON. */
const formats: { readonly [command: string]: readonly Format[] } = {
  validate: [...runFormats, 'sarif'],
  plan: runFormats,
  apply: runFormats,
  drift: runFormats,
  load: ['text', 'json', 'svg'],
};

/** Where the result of a command goes. */
export function outputsFor(
  command: string,
  typed: readonly string[] | undefined,
): Settled<readonly Output[]> {
  return outputsOf(typed, formats[command] ?? ['text', 'json']);
}
