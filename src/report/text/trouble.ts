import { pathText } from '../../model/schedule.ts';
import type { FailureEntry } from '../documents/entries.ts';
import type { StepEntry } from '../documents/result.ts';
import { terminalText } from './escape.ts';
import { many } from './phrases.ts';
import type { Style } from './style.ts';
import { wrap } from './wrap.ts';

/** What went wrong with a step, or what else is to know of it: nothing for most. */
export function troubleLines(entry: StepEntry, style: Style, indent = '    '): readonly string[] {
  const { width } = style;
  return [
    ...(entry.failure === undefined ? [] : failureLines(entry.failure, indent, style)),
    ...(entry.notKept === undefined
      ? []
      : [
          ...wrap(
            `the server reported success but did not keep ${entry.notKept.map((path) => terminalText(pathText(path))).join(', ')}`,
            width,
            indent,
          ),
          ...hintLines(
            'the server does not know these fields, or somebody else wrote at the same time: plan again to see which',
            indent,
            style,
          ),
        ]),
    ...(entry.differs === undefined
      ? []
      : wrap(
          `not as this step left it: ${entry.differs.map((path) => terminalText(pathText(path))).join(', ')}`,
          width,
          indent,
        )),
    ...(entry.note === undefined ? [] : wrap(terminalText(entry.note), width, indent)),
    ...(entry.outcome === 'stale'
      ? [
          ...wrap('it is no longer as the plan saw it, so it was not written', width, indent),
          ...hintLines('plan again to see what changed on the server', indent, style),
        ]
      : []),
    ...(entry.outcome === 'overwritten' || entry.outcome === 'lost'
      ? hintLines(
          'find out who else writes to this schedule before you apply again: another run, another owner, a person',
          indent,
          style,
        )
      : []),
  ];
}

/** A failed request: what it was, why it failed, what to do. */
export function failureLines(failure: FailureEntry, indent: string, style: Style): readonly string[] {
  const effect = failure.effect === 'unknown' ? '; it is unknown whether the server applied it' : '';
  const request = `${failure.method} ${failure.url}`;
  const attempts = `${many(failure.attempts, 'attempt')}${effect}`;
  return [
    ...wrap(terminalText(failure.message), style.width, indent).map(
      indent === '' ? style.colors.red : (line) => line,
    ),
    ...wrap(terminalText(`${request}, ${attempts}`), style.width, indent).map(style.colors.dim),
    ...(failure.hint === undefined ? [] : hintLines(failure.hint, indent, style)),
  ];
}

function hintLines(hint: string, indent: string, { width, colors }: Style): readonly string[] {
  return wrap(`hint: ${terminalText(hint)}`, width, indent).map(colors.cyan);
}
