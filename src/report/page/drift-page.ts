import type { DriftClass, DriftDocument, DriftEntry } from '../documents/generated/documents.ts';
import {
  asManifestsSay,
  driftSides,
  isPauseField,
  lacksRightText,
  lastChangeText,
  many,
  oldNameText,
  overdueText,
  pauseText,
  stoppedText,
  unmanagedText,
  unmanagedWords,
} from '../text/phrases.ts';
import { type Card, cardGroups } from './card.ts';
import { fieldList } from './fields.ts';
import { moment, type PageParts } from './frame.ts';
import { html, type Piece } from './markup.ts';
import { problemSections } from './problems.ts';
import { targetFact } from './target.ts';

const titles: { readonly [C in DriftClass]: string } = {
  overdue: 'Overdue: a fire was missed',
  missing: 'Missing on the server',
  changed: 'Changed on the server',
  paused: 'Paused on the server',
  renamed: 'Under their old names',
  orphan: 'Orphans: yours, but no longer in a manifest',
};

/** What on the server differs from its manifest, a card for each schedule; `server → manifest` in every field. */
export function driftPage(document: DriftDocument): PageParts {
  const { target, at, drifted, counts, entries, problems, stopped, overdueUnknown } = document;
  const classes = Object.keys(titles) as DriftClass[];
  return {
    title: drifted ? 'Drift' : 'No drift',
    facts: [targetFact(target), ...(at === undefined ? [] : [html`seen ${moment(at)}`])],
    summary:
      stopped === undefined
        ? drifted
          ? undefined
          : { tone: 'good', text: `${asManifestsSay(counts.unchanged)}${unmanagedWords(counts)}.` }
        : { tone: 'bad', text: stoppedText(stopped) },
    body: [
      html`<ul class="counts">${classes.map((one) =>
        counts[one] === 0 ? '' : html`<li class="k-${one}"><strong>${counts[one]}</strong> ${one}</li>`,
      )}<li class="rest"><strong>${counts.unchanged}</strong> as their manifests say</li><li class="rest">${unmanagedText(counts)}</li></ul>`,
      overdueUnknown === undefined
        ? ''
        : html`<p class="summary bad">Whether schedules are overdue is not known: ${overdueUnknown.message}</p>`,
      ...problemSections(problems),
      counts.changed === 0 ? '' : html`<p class="soft note">In every field: server → manifest.</p>`,
      ...cardGroups(
        classes.map((one) => ({
          id: `group-${one}`,
          title: titles[one],
          cards: entries.filter((entry) => entry.class === one).map(cardOf),
        })),
        'Counted as drift only',
      ),
    ],
    notes: [`${many(entries.length, 'schedule')} listed.`],
  };
}

const asIs = (text: string): string => text;

function cardOf(entry: DriftEntry): Card {
  const { name, origin, subject, counts, fields, pause } = entry;
  const isPaused = pause !== undefined && pause.action !== 'pause';
  const facts = factsOf(entry);
  return {
    kind: entry.class,
    name,
    ...(origin === undefined ? {} : { origin }),
    ...(subject === undefined ? {} : { subject }),
    isDangerous: counts,
    gist: gistOf(entry),
    content: [
      facts.length === 0 ? '' : html`<ul class="what">${facts.map((fact) => html`<li>${fact}</li>`)}</ul>`,
      entry.class === 'missing'
        ? ''
        : fieldList(
            isPaused ? fields.filter(({ path }) => !isPauseField(path)) : fields,
            driftSides[entry.class],
          ),
    ],
  };
}

function factsOf({
  class: kind,
  since,
  previous,
  pause,
  lastChange,
  lacksRight,
  counts,
}: DriftEntry): readonly string[] {
  if (since !== undefined) return [overdueText(since)];
  if (kind === 'missing') return ['the server has no schedule of this name'];
  const isPaused = pause !== undefined && pause.action !== 'pause';
  return [
    ...(previous === undefined ? [] : [oldNameText(previous, asIs)]),
    ...(isPaused ? [pauseText(pause, asIs)] : []),
    ...(lastChange === undefined ? [] : [lastChangeText(lastChange, asIs)]),
    ...(lacksRight ? [lacksRightText] : []),
    ...(isPaused && !counts ? ['not counted as drift without --strict'] : []),
  ];
}

function gistOf({ class: kind, fields }: DriftEntry): Piece {
  if (kind !== 'changed' && kind !== 'renamed') return '';
  const names = [...new Set(fields.map(({ path }) => path.at(-1) ?? ''))];
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${many(names.length - 3, 'other field')}` : shown;
}
