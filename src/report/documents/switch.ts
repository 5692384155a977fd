import type { Failure } from '../../model/port.ts';
import { present } from '../../model/present.ts';
import type { ServerFacts } from '../../model/schedule.ts';
import type { LocatedDiagnostic } from '../../problems/diagnostic.ts';
import { failureEntry, heading, isoTime, problemEntry } from './entries.ts';
import type { PauseFacts, SwitchDocument, SwitchEntry, SwitchOutcome } from './generated/documents.ts';

type LookEntry = NonNullable<SwitchDocument['closingLook']>;

/** What was found running after a pause, or why it is not known. */
export type PauseLook =
  | Extract<LookEntry, { readonly outcome: 'done' }>
  | { readonly outcome: 'failed'; readonly failure: Failure };

/** What the server says of a pause. */
export function pauseFacts(reason: string | undefined, { updatedBy, updatedTime }: ServerFacts): PauseFacts {
  return present({ reason, by: updatedBy, at: isoTime(updatedTime) });
}

export type Switched = Omit<SwitchEntry, 'failure' | 'possiblyMissed'> & {
  /** In epoch milliseconds. */
  readonly possiblyMissed?: readonly number[];
  readonly failure?: Failure;
};

export type SwitchFacts = Omit<
  SwitchDocument,
  'format' | 'kind' | 'counts' | 'schedules' | 'closingLook' | 'problems'
> & {
  readonly schedules: readonly Switched[];
  readonly closingLook?: PauseLook | undefined;
};

export function switchDocument(
  { schedules, closingLook, ...facts }: SwitchFacts,
  problems: readonly LocatedDiagnostic[],
): SwitchDocument {
  const count = (wanted: SwitchOutcome): number =>
    schedules.filter(({ outcome }) => outcome === wanted).length;
  return {
    ...heading('switch'),
    ...facts,
    counts: {
      done: count('done'),
      already: count('already'),
      left: count('left'),
      failed: count('failed'),
      notRun: count('not-run'),
    },
    schedules: schedules.map(({ possiblyMissed, failure, ...rest }) => ({
      ...rest,
      ...present({ possiblyMissed: possiblyMissed?.map((at) => isoTime(at)) }),
      ...(failure === undefined ? {} : { failure: failureEntry(failure) }),
    })),
    ...(closingLook === undefined ? {} : { closingLook: lookEntry(closingLook) }),
    problems: problems.map(problemEntry),
  };
}

function lookEntry(look: PauseLook): LookEntry {
  return look.outcome === 'done' ? look : { outcome: 'failed', failure: failureEntry(look.failure) };
}
