import type { ProblemEntry } from '../documents/entries.ts';
import { placeText } from '../text/codeframe.ts';
import { section } from './frame.ts';
import { html, type Markup, type Piece } from './markup.ts';

type Shown = ProblemEntry & { readonly isNew?: true };

/** Errors and warnings, each with the line of the file that it is about. */
export function problemSections(problems: readonly Shown[]): readonly (Markup | undefined)[] {
  const of = (severity: Shown['severity']): readonly Piece[] =>
    problems.filter((problem) => problem.severity === severity).map(problemItem);
  const [errors, warnings] = [of('error'), of('warning')];
  return [
    section('errors', html`Errors <span class="count">${errors.length}</span>`, listOf(errors), 'errors'),
    section(
      'warnings',
      html`Warnings <span class="count">${warnings.length}</span>`,
      listOf(warnings, true),
      'warnings',
    ),
  ];
}

/** More than these are closed until somebody opens them: errors never are. */
const mostOpen = 4;

function listOf(items: readonly Piece[], mayClose = false): readonly Piece[] {
  if (items.length === 0) return [];
  const list = html`<ul class="problems">${items}</ul>`;
  if (!mayClose || items.length <= mostOpen) return [list];
  return [
    html`<ul class="problems">${items.slice(0, mostOpen - 1)}</ul>
<details class="more"><summary>${items.length - mostOpen + 1} more</summary><ul class="problems">${items.slice(mostOpen - 1)}</ul></details>`,
  ];
}

function problemItem({ code, message, hint, at, severity, isNew }: Shown): Markup {
  return html`<li class="${severity}"><p><strong>${message}</strong>${isNew ? html` <span class="kind">new</span>` : ''} <code class="soft">${code}</code></p>
${at === undefined ? '' : html`<p class="place">${placeText(at)}</p>${sourceLine(at)}`}
${hint === undefined ? '' : html`<p class="hint">${hint}</p>`}</li>\n`;
}

function sourceLine({
  line,
  column = 1,
  endLine = line,
  endColumn = column,
  source,
}: NonNullable<ProblemEntry['at']>): Piece {
  if (line === undefined || source === undefined) return '';
  const characters = [...source.replaceAll('\t', '  ')];
  // A tab has become two spaces.
  const tabs = (upTo: number): number => [...source].slice(0, upTo).filter((one) => one === '\t').length;
  const from = column - 1 + tabs(column - 1);
  const end = endLine === line ? Math.max(endColumn - 1 + tabs(endColumn - 1), from + 1) : characters.length;
  const part = (start: number, stop?: number): string => characters.slice(start, stop).join('');
  const meant = part(from, end);
  return html`<pre tabindex="0"><span class="soft">${line} | </span>${part(0, from)}${meant === '' ? '' : html`<mark>${meant}</mark>`}${part(end)}</pre>`;
}
