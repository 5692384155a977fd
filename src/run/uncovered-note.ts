import type { MaskedValue } from '../model/plan.ts';
import { pathText } from '../model/schedule.ts';
import { terminalText } from '../report/text/escape.ts';

/** So many are named, the rest is counted. */
const most = 10;

/** What whoever relies on a digest has to know: the masked values that it does not cover. Empty when there are none, or it covers them. */
export function uncoveredNote(values: readonly MaskedValue[], digestKey: string | undefined): string {
  if (digestKey !== undefined || values.length === 0) return '';
  const named = values
    .slice(0, most)
    .map(({ name, field }) => `${pathText(field)} of ${JSON.stringify(name)}`);
  const more = values.length > most ? ` and ${values.length - most} more` : '';
  return `\nnote: without DOWNBEAT_DIGEST_KEY, the digest does not cover ${values.length === 1 ? 'this masked value' : 'these masked values'}: ${terminalText(named.join(', '))}${more}\n`;
}
