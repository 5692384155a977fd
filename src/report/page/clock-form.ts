import { html, type Markup } from './markup.ts';

/** On which clock times are read; hidden until the script is there to turn them. `own`: the clock that they are written on. */
export function clockForm(own: string): Markup {
  return html`<form class="filters plain" id="clock" aria-label="Clock" hidden>${clockChoice(own)}</form>\n`;
}

export function clockChoice(own: string): Markup {
  return html`<label class="choice"><span>Times in</span><select name="clock"><option value="">${own}</option><option value="viewer">your zone</option>${own === 'UTC' ? '' : html`<option value="utc">UTC</option>`}</select></label>`;
}
