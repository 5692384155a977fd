import { isRefused } from '../../model/plan.ts';
import type { PlanDocument } from '../documents/generated/documents.ts';
import { nothingToDo, refusedText, unmanagedText } from '../text/phrases.ts';
import { axisDefinitions } from './axis.ts';
import { cardGroups } from './card.ts';
import { changeGroups, planCounts } from './change-cards.ts';
import { timelineAxes } from './fire-sides.ts';
import { foreign, moment, type PageParts, section } from './frame.ts';
import { loadPictures } from './heat-map.ts';
import { html } from './markup.ts';
import { problemSections } from './problems.ts';
import { targetFact } from './target.ts';

/** A plan: what is refused and what is wrong, the load, then a card for each schedule, the dangerous ones first. */
export function planPage(document: PlanDocument): PageParts {
  const { target, at, digest, run, changes, load, problems, owner } = document;
  const zones = changes.some(({ fires }) => fires?.after.timers.some(({ zoneId }) => zoneId !== 'UTC'));
  return {
    title: 'Plan',
    facts: [
      targetFact(target),
      ...(owner === undefined ? [] : [html`owner ${foreign(owner)}`]),
      ...(run?.environment === undefined ? [] : [html`environment ${foreign(run.environment)}`]),
      ...(at === undefined ? [] : [html`made ${moment(at)}`]),
    ],
    summary: summaryOf(document),
    body: [
      planCounts(document, unmanagedText(document.counts)),
      ...problemSections(problems),
      load === undefined ? '' : section('load', 'Load', loadPictures(load), 'load'),
      axisDefinitions(timelineAxes(changes)),
      ...cardGroups(changeGroups(changes)),
    ],
    notes: [
      digest === undefined
        ? 'No digest: some secrets are not known here.'
        : html`Digest <code>${digest}</code>`,
      zones && run?.tz !== undefined ? `Zone rules: tz ${run.tz}; the server uses its own.` : '',
    ].filter((note) => note !== ''),
  };
}

function summaryOf({ verdict, changes, counts }: PlanDocument): PageParts['summary'] {
  const refused = changes.filter(isRefused).length;
  if (verdict === 'nothing-to-do')
    return { tone: refused === 0 ? 'good' : 'bad', text: nothingToDo(counts, refused) };
  if (verdict === 'blocked') return { tone: 'bad', text: 'This plan cannot be applied: see the errors.' };
  return refused === 0 ? undefined : { tone: 'bad', text: refusedText(refused) };
}
