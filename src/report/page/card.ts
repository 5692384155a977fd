import type { Origin } from '../../model/schedule.ts';
import type { SubjectEntry } from '../documents/generated/documents.ts';
import { originText } from '../text/origin.ts';
import { many } from '../text/phrases.ts';
import { clockChoice } from './clock-form.ts';
import { foreign } from './frame.ts';
import { html, type Markup, type Piece } from './markup.ts';

/** One schedule on a page. */
export type Card = {
  /** By which it is filtered, and its word: `update`. */
  readonly kind: string;
  readonly name: string;
  readonly origin?: Origin;
  readonly subject?: SubjectEntry;
  /** It takes something away, or changes whether a schedule runs. */
  readonly isDangerous: boolean;
  /** What it comes to, on one line. */
  readonly gist: Piece;
  readonly content: readonly Piece[];
};

/** Cards under one heading. */
export type Group = { readonly id: string; readonly title: string; readonly cards: readonly Card[] };

/** With more cards than this on a page, only the dangerous ones are open. */
const mostOpen = 50;

/** All groups with their filters; nothing without a card. */
export function cardGroups(groups: readonly Group[], danger = 'Dangerous only'): readonly Piece[] {
  const cards = groups.flatMap((group) => group.cards);
  if (cards.length === 0) return [];
  const facets = facetsOf(cards);
  const isMany = cards.length > mostOpen;
  return [
    filterForm(cards, facets, danger),
    ...groups
      .filter((group) => group.cards.length > 0)
      .map(
        ({ id, title, cards: own }) => html`<section class="group" id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${title} <span class="count">${own.length}</span></h2>
${own.map((card) => cardOf(card, facets, !isMany || card.isDangerous))}
</section>\n`,
      ),
  ];
}

/** The distinct values of what cards are filtered by; a card names them by their place, so that no text is in a selector. */
type Facets = {
  readonly directory: ReadonlyMap<string, number>;
  readonly owner: ReadonlyMap<string, number>;
  readonly tag: ReadonlyMap<string, number>;
};

function facetsOf(cards: readonly Card[]): Facets {
  const numbered = (values: readonly string[]): ReadonlyMap<string, number> =>
    new Map([...new Set(values)].sort().map((value, index) => [value, index]));
  return {
    directory: numbered(cards.flatMap(directoryOf)),
    owner: numbered(cards.flatMap(ownerOf)),
    tag: numbered(cards.flatMap(tagsOf)),
  };
}

function directoryOf({ origin }: Card): readonly string[] {
  if (origin === undefined) return [];
  const end = origin.file.lastIndexOf('/');
  return [end < 0 ? '.' : origin.file.slice(0, end)];
}

function ownerOf({ subject }: Card): readonly string[] {
  return subject?.owner === undefined ? [] : [subject.owner];
}

function tagsOf({ subject }: Card): readonly string[] {
  return (subject?.tags ?? []).map(({ key, value }) => `${key}=${value}`);
}

const facetTitles: { readonly [F in keyof Facets]: string } = {
  directory: 'Directory',
  owner: 'Owner',
  tag: 'Tag',
};

/** Hidden until the script is there to answer it. */
function filterForm(cards: readonly Card[], facets: Facets, danger: string): Markup {
  const kinds = [...new Set(cards.map(({ kind }) => kind))];
  const count = (kind: string): number => cards.filter((card) => card.kind === kind).length;
  const dangerous = cards.filter(({ isDangerous }) => isDangerous).length;
  return html`<form class="filters" id="filters" role="search" aria-label="Filter the schedules" hidden>
<label class="search"><span>Search</span><input type="search" name="text" autocomplete="off" spellcheck="false" placeholder="Name, workflow or file"></label>
<div class="kinds" role="group" aria-labelledby="kinds"><span id="kinds">Kind</span><div>${kinds.map(
    (kind) =>
      html`<label class="pill k-${kind}"><input type="checkbox" name="kind" value="${kind}"><span>${kind} <span class="count">${count(kind)}</span></span></label>`,
  )}</div></div>
${(Object.keys(facetTitles) as (keyof Facets)[]).map((facet) =>
  facets[facet].size < 2
    ? ''
    : html`<label class="choice"><span>${facetTitles[facet]}</span><select name="${facet}"><option value="">All</option>${[
        ...facets[facet],
      ].map(([value, index]) => html`<option value="${index}">${value}</option>`)}</select></label>`,
)}
${dangerous === 0 || dangerous === cards.length ? '' : html`<label class="pill danger"><input type="checkbox" name="danger" value="1"><span>${danger} <span class="count">${dangerous}</span></span></label>`}
${clockChoice('the schedule’s zone')}
<div class="actions"><button type="button" name="open">Open all</button><button type="button" name="close">Close all</button><button type="reset">Reset</button>
<output id="shown" aria-live="polite">${many(cards.length, 'schedule')}</output></div>
</form>
<p class="nothing" id="nothing" hidden>No schedule fits these filters.</p>\n`;
}

function cardOf(card: Card, facets: Facets, isOpen: boolean): Markup {
  const { kind, name, origin, subject, isDangerous, gist, content } = card;
  const places = (facet: keyof Facets, values: readonly string[]): string =>
    values.map((value) => ` ${facets[facet].get(value)} `).join('');
  return html`<details class="card k-${kind}" data-kind="${kind}" data-directory="${places('directory', directoryOf(card))}" data-owner="${places('owner', ownerOf(card))}" data-tag="${places('tag', tagsOf(card))}"${isDangerous ? html` data-danger="1"` : ''}${isOpen ? html` open` : ''}>
<summary><span class="kind">${kind}</span><h3>${foreign(name)}</h3><span class="gist">${gist}</span>${origin === undefined ? '' : html`<span class="origin">${originText(origin)}</span>`}</summary>
<div class="content">${content}${subject === undefined ? '' : aboutOf(subject)}</div>
</details>\n`;
}

function aboutOf({ workflow, owner, tags = [] }: SubjectEntry): Markup {
  return html`<p class="about"><span class="workflow">workflow ${foreign(workflow)}</span>${owner === undefined ? '' : html`<span>owner ${foreign(owner)}</span>`}${tags.map(
    ({ key, value }) => html`<span class="tag">${foreign(`${key}=${value}`)}</span>`,
  )}</p>`;
}
