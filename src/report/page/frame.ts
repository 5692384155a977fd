import { packageName } from '../../model/generated/package.ts';
import { policy, script, style } from './generated/assets.ts';
import { html, type Markup, markupText, type Piece, verbatim } from './markup.ts';

export type PageParts = {
  /** Of the window, and in large letters. */
  readonly title: string;
  /** Below the title: server, times. */
  readonly facts: readonly Piece[];
  /** How it ended, in one sentence. */
  readonly summary?: { readonly tone: 'good' | 'bad' | 'plain'; readonly text: Piece } | undefined;
  readonly body: readonly Piece[];
  /** What is at the end: digest, zone rules. */
  readonly notes: readonly Piece[];
};

/**
 * The whole page: one file that asks for nothing, under a policy that allows nothing but its own style and script. It is
 * read without the script; that filters, and turns times to the viewer's zone.
 */
export function renderPage({ title, facts, summary, body, notes }: PageParts): string {
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${verbatim(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="${packageName}">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${verbatim(style)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<header class="top">
<h1>${title}</h1>
${facts.length === 0 ? '' : html`<p class="facts">${joined(facts, ' · ')}</p>`}
${summary === undefined ? '' : html`<p class="summary ${summary.tone}">${summary.text}</p>`}
</header>
<main id="main" tabindex="-1">
${joined(body, html`\n`)}
</main>
${notes.length === 0 ? '' : html`<footer>\n${notes.map((note) => html`<p>${note}</p>\n`)}</footer>`}
<script>${verbatim(script)}</script>
</body>
</html>
`;
  return markupText(page);
}

/** Pieces with the same between them. */
export function joined(pieces: readonly Piece[], between: Piece): Piece {
  return pieces.flatMap((piece, index) => (index === 0 ? [piece] : [between, piece]));
}

/** Text of others: isolated, so that letters that run from right to left stay where they belong. */
export function foreign(text: string, empty = '(empty)'): Markup {
  return text === '' ? html`<i class="soft">${empty}</i>` : html`<bdi>${text}</bdi>`;
}

/** A section with its heading; nothing without content. */
export function section(
  id: string,
  heading: Piece,
  content: readonly Piece[],
  kind = '',
): Markup | undefined {
  if (content.length === 0) return undefined;
  return html`<section id="${id}" class="${kind}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${heading}</h2>
${content}
</section>`;
}

/** One time: its text as the document has it, and the script may show it on another clock. */
export function moment(iso: string, text: string = iso): Markup {
  return html`<time datetime="${iso}">${text}</time>`;
}
