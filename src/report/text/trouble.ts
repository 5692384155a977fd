import { type FieldPath, pathText } from '../../model/schedule.ts';
import type { FailureEntry } from '../documents/entries.ts';
import type { StepEntry } from '../documents/generated/documents.ts';
import { terminalText } from './escape.ts';
import { many } from './phrases.ts';
import type { Style } from './style.ts';
import { wrap } from './wrap.ts';

/** What went wrong with a step, or what else is to know of it: nothing for most. */
export function troubleLines(entry: StepEntry, style: Style, indent = '    '): readonly string[] {
  const { outcome, failure, notKept = [], differs = [], note } = entry;
  const say = (words: string): readonly string[] => wrap(words, style.width, indent);
  const hint = (words: string): readonly string[] => hintLines(words, indent, style);
  const lines = failure === undefined ? [] : [...failureLines(failure, indent, style)];
  if (notKept.length > 0)
    lines.push(
      ...say(`the server reported success but did not keep ${pathsText(notKept)}`),
      ...hint(
        'the server does not know these fields, or somebody else wrote at the same time: plan again to see which',
      ),
    );
  if (differs.length > 0) lines.push(...say(`changed after this step: ${pathsText(differs)}`));
  if (note !== undefined) lines.push(...say(terminalText(note)));
  if (outcome === 'stale')
    lines.push(
      ...say('it changed after the plan was made, so it was not written'),
      ...hint('plan again to see what changed on the server'),
    );
  if (outcome === 'overwritten' || outcome === 'lost')
    lines.push(
      ...hint(
        'find out who else writes to this schedule before you apply again: another run, another owner, a person',
      ),
    );
  return lines;
}

function pathsText(paths: readonly FieldPath[]): string {
  return paths.map((path) => terminalText(pathText(path))).join(', ');
}

/** A failed request that ends a run. */
export function errorLines(failure: FailureEntry, style: Style): readonly string[] {
  const lines = wrap(terminalText(`error: ${failure.message}`), style.width, '');
  return [...lines.map(style.colors.red), ...requestLines(failure, '', style)];
}

/** A failed request: what it was, why it failed, what to do. */
export function failureLines(failure: FailureEntry, indent: string, style: Style): readonly string[] {
  return [
    ...wrap(terminalText(failure.message), style.width, indent),
    ...requestLines(failure, indent, style),
  ];
}

function requestLines(failure: FailureEntry, indent: string, style: Style): readonly string[] {
  const effect = failure.effect === 'unknown' ? '; it is unknown whether the server applied it' : '';
  const request = `${failure.method} ${failure.url}, ${many(failure.attempts, 'attempt')}${effect}`;
  return [
    ...wrap(terminalText(request), style.width, indent).map(style.colors.dim),
    ...(failure.hint === undefined ? [] : hintLines(failure.hint, indent, style)),
  ];
}

function hintLines(hint: string, indent: string, { width, colors }: Style): readonly string[] {
  return wrap(`hint: ${terminalText(hint)}`, width, indent).map(colors.cyan);
}
