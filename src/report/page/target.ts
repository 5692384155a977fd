import type { Target } from '../../model/generated/report-parts.ts';
import { serverText } from '../text/phrases.ts';
import { foreign } from './frame.ts';
import { html, type Markup } from './markup.ts';

export function targetFact(target: Target): Markup {
  return html`${foreign(target.url)} <span class="soft">(${serverText(target)})</span>`;
}
