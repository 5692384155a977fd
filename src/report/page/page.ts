import type { AnyDocument } from '../documents/document.ts';
import type { FailureDocument } from '../documents/generated/documents.ts';
import { notCheckedText } from '../text/phrases.ts';
import { createColors } from '../text/style.ts';
import { failureLines } from '../text/trouble.ts';
import { basePage } from './base-page.ts';
import { driftPage } from './drift-page.ts';
import { type PageParts, renderPage } from './frame.ts';
import { html } from './markup.ts';
import { planPage } from './plan-page.ts';
import { problemSections } from './problems.ts';

/** A document as a page of its own. Only those of commands with `--output html` have one; any may fail. */
export function renderHtml(document: AnyDocument): string {
  switch (document.kind) {
    case 'plan':
      return renderPage(planPage(document));
    case 'base-plan':
      return renderPage(basePage(document));
    case 'drift':
      return renderPage(driftPage(document));
    case 'failure':
      return renderPage(failurePage(document));
    default:
      throw new Error(`a ${document.kind} has no page`);
  }
}

function sentences(...texts: readonly (string | undefined)[]): string {
  return texts.filter((text) => text !== undefined).join(' ');
}

const plain = { width: 100, colors: createColors(false) };

function failurePage({ problems, failure, notChecked }: FailureDocument): PageParts {
  return {
    title: 'Failed',
    facts: [],
    summary: { tone: 'bad', text: sentences('There is no result.', notCheckedText(notChecked)) },
    body: [
      failure === undefined
        ? ''
        : html`<section class="errors"><pre tabindex="0">${failureLines(failure, '', plain).map((line) => html`${line}\n`)}</pre></section>`,
      ...problemSections(problems),
    ],
    notes: [],
  };
}
