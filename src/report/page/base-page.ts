import { isRefused } from '../../model/plan.ts';
import {
  allowanceText,
  baseText,
  endedText,
  newText,
  noChanges,
  noServerAsked,
  reasonTexts,
  settingText,
  stateText,
} from '../base/base-words.ts';
import type { BasePlanDocument } from '../documents/generated/documents.ts';
import { refusedText } from '../text/phrases.ts';
import { axisDefinitions } from './axis.ts';
import { cardGroups } from './card.ts';
import { changeGroups, planCounts } from './change-cards.ts';
import { timelineAxes } from './fire-sides.ts';
import { foreign, type PageParts, section } from './frame.ts';
import { loadPictures } from './heat-map.ts';
import { html } from './markup.ts';
import { problemSections } from './problems.ts';

const asIs = (text: string): string => text;

/** A plan over another commit: as one against a server, and what is another setting or no problem any more. */
export function basePage(document: BasePlanDocument): PageParts {
  const { base, owner, run, changes, picture, problems, ended, settings, allowances } = document;
  const news = newText(document);
  const reasons = reasonTexts(document, asIs);
  return {
    title: 'Plan',
    facts: [
      foreign(baseText(base, asIs)),
      ...(owner === undefined ? [] : [html`owner ${foreign(owner)}`]),
      ...(run?.environment === undefined ? [] : [html`environment ${foreign(run.environment)}`]),
    ],
    summary: summaryOf(document),
    body: [
      document.counts === undefined
        ? ''
        : planCounts({ counts: document.counts, guards: document.guards ?? [] }, undefined),
      section(
        'reasons',
        'Why the changes are not known',
        reasons.length === 0
          ? []
          : [html`<ul class="panel">${reasons.map((reason) => html`<li>${foreign(reason)}</li>`)}</ul>`],
      ),
      section(
        'settings',
        'Settings',
        settings.length === 0
          ? []
          : [
              html`<ul class="panel">${settings.map((setting) => html`<li>${settingText(setting, asIs)}</li>`)}</ul>`,
            ],
      ),
      section(
        'allowances',
        'Newly allowed',
        allowances.length === 0
          ? []
          : [
              html`<ul class="panel">${allowances.map((one) => html`<li>${foreign(allowanceText(one, asIs))}</li>`)}</ul>`,
            ],
      ),
      news === undefined ? '' : html`<p class="soft note">${news}</p>`,
      ...problemSections(problems),
      section(
        'ended',
        'Problems no longer there',
        ended.length === 0
          ? []
          : [
              html`<ul class="panel">${ended.map((problem) => html`<li>${endedText(problem, asIs)}</li>`)}</ul>`,
            ],
      ),
      picture === undefined ? '' : section('load', 'Load', loadPictures(picture), 'load'),
      axisDefinitions(timelineAxes(changes)),
      ...cardGroups(changeGroups(changes)),
    ],
    notes: [
      noServerAsked,
      ...(run?.tz === undefined ? [] : [`Zone rules: tz ${run.tz}; the server uses its own.`]),
    ],
  };
}

function summaryOf(document: BasePlanDocument): PageParts['summary'] {
  const { verdict, changes } = document;
  const refused = changes.filter(isRefused).length;
  const state = stateText(document, asIs);
  if (verdict === 'unknown') return { tone: 'bad', text: state };
  if (verdict === 'blocked') return { tone: 'bad', text: 'This plan cannot be applied: see the errors.' };
  if (refused > 0) return { tone: 'bad', text: refusedText(refused) };
  if (verdict === 'nothing-to-do') return { tone: 'good', text: noChanges(document) };
  return state === '' ? undefined : { tone: 'plain', text: state };
}
