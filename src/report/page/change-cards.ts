import type { ChangeEntry, PlanDocument } from '../documents/generated/documents.ts';
import { rankOf } from '../tables/change-table.ts';
import { changeGist } from '../tables/gist.ts';
import { sourceLines } from '../text/origin.ts';
import {
  isPauseField,
  lastChangeText,
  leftText,
  pauseText,
  proofTexts,
  renameText,
  sidesOf,
} from '../text/phrases.ts';
import { createColors } from '../text/style.ts';
import type { Card, Group } from './card.ts';
import { fieldList } from './fields.ts';
import { firesBlock } from './fire-sides.ts';
import { html, type Markup } from './markup.ts';

const countWords = [
  ['delete', 'to delete'],
  ['resume', 'to resume'],
  ['pause', 'to pause'],
  ['rename', 'to rename'],
  ['adopt', 'to adopt'],
  ['update', 'to update'],
  ['create', 'to create'],
  ['horizon', 'to move on'],
] as const;

/** The sums of a plan and its limits. `rest`: of what is not changed. */
export function planCounts(
  { counts, guards }: Pick<PlanDocument, 'counts' | 'guards'>,
  rest: string | undefined,
): Markup {
  return html`<ul class="counts">${countWords.map(([key, words]) =>
    counts[key] === 0 ? '' : html`<li class="k-${key}"><strong>${counts[key]}</strong> ${words}</li>`,
  )}<li class="rest"><strong>${counts.unchanged}</strong> unchanged</li>${rest === undefined ? '' : html`<li class="rest">${rest}</li>`}</ul>
${guards.length === 0 ? '' : html`<ul class="guards">${guards.map(({ guard, seen, limit, refused }) => html`<li class="${refused ? 'refused' : ''}">${guard.replaceAll('-', ' ')}: ${seen}${limit === undefined ? ', no limit' : ` of at most ${limit}`}${refused ? ', refused' : ''}</li>`)}</ul>`}`;
}

type Place =
  | 'delete'
  | 'resume'
  | 'pause'
  | 'refused'
  | 'rename'
  | 'adopt'
  | 'update'
  | 'create'
  | 'horizon'
  | 'left';

const places: { readonly [P in Place]: { readonly title: string; readonly isDangerous: boolean } } = {
  delete: { title: 'Deletes', isDangerous: true },
  resume: { title: 'Resumes', isDangerous: true },
  pause: { title: 'Pauses', isDangerous: true },
  refused: { title: 'Refused', isDangerous: true },
  rename: { title: 'Renames', isDangerous: true },
  adopt: { title: 'Adopts', isDangerous: false },
  update: { title: 'Updates', isDangerous: false },
  create: { title: 'Creates', isDangerous: false },
  horizon: { title: 'Calendars moved on', isDangerous: false },
  left: { title: 'Left alone', isDangerous: false },
};

/** A card for each change, the dangerous ones first. */
export function changeGroups(changes: readonly ChangeEntry[]): readonly Group[] {
  const byPlace = new Map<Place, Card[]>();
  for (const change of changes) {
    const place = rankOf(change);
    const own = byPlace.get(place) ?? [];
    own.push(cardOf(change, place));
    byPlace.set(place, own);
  }
  return (Object.keys(places) as Place[]).map((place) => ({
    id: `group-${place}`,
    title: places[place].title,
    cards: byPlace.get(place) ?? [],
  }));
}

const mostPieces = 4;
const asIs = (text: string): string => text;
const wide = { width: Number.POSITIVE_INFINITY, colors: createColors(false) };

function cardOf(change: ChangeEntry, place: Place): Card {
  const { kind, name, origin, subject, pause, fires, fields } = change;
  const switched = pause !== undefined && pause.action !== 'stays';
  const facts = factsOf(change);
  const sources = sourceLines(change, wide);
  return {
    kind: place,
    name,
    isDangerous: places[place].isDangerous,
    ...(origin === undefined ? {} : { origin }),
    ...(subject === undefined ? {} : { subject }),
    gist: gistOf(change),
    content: [
      facts.length === 0 ? '' : html`<ul class="what">${facts.map((fact) => html`<li>${fact}</li>`)}</ul>`,
      fires === undefined ? '' : firesBlock(fires, kind),
      fieldList(switched ? fields.filter(({ path }) => !isPauseField(path)) : fields, sidesOf[kind]),
      sources.length === 0
        ? ''
        : html`<ul class="sources">${sources.map((line) => html`<li>${line.trim()}</li>`)}</ul>`,
    ],
  };
}

/** Why, by whom, and what else there is to know before one says yes. */
function factsOf(change: ChangeEntry): readonly string[] {
  const { kind, previous, pause, lastChange, proof, steps } = change;
  const tells = kind === 'leave' || kind === 'delete' || previous?.length === 0 || pause !== undefined;
  const left = leftText(change);
  return [
    ...(left === '' ? [] : [left]),
    ...(previous === undefined ? [] : [renameText(steps, previous, asIs)]),
    ...(pause === undefined ? [] : [pauseText(pause, asIs)]),
    ...(tells && lastChange !== undefined && pause?.action !== 'pause'
      ? [lastChangeText(lastChange, asIs)]
      : []),
    ...proofTexts(proof, asIs),
    ...(pause?.action === 'stays' ? ['it stays paused'] : []),
  ];
}

/** On one line, cut short by the page if there is no room. */
function gistOf(change: ChangeEntry): string {
  return change.kind === 'delete' || change.kind === 'leave' || change.pause !== undefined
    ? ''
    : changeGist(change, asIs).slice(0, mostPieces).join(', ');
}
