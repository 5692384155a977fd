import type { ScheduleFiresEntry } from '../documents/change-fires.ts';
import type { ChangeEntry, DriftEntry } from '../documents/generated/documents.ts';
import type { MaskedField } from '../documents/mask.ts';
import {
  isPauseField,
  lastChangeText,
  leftText,
  newNameText,
  oldNameText,
  overdueText,
  pauseText,
  proofTexts,
} from '../text/phrases.ts';

type Show = (text: string) => string;

/** What a change comes to, the most important first, each piece a few words. `show` makes text of others safe for where it goes. */
export function changeGist(change: ChangeEntry, show: Show): readonly string[] {
  const { kind, pause, previous, lastChange, proof, fields, fires } = change;
  const who = lastChange === undefined ? [] : [lastChangeText(lastChange, show)];
  const held = pause === undefined ? [] : [pauseText(pause, show)];
  if (kind === 'delete') return [...proofTexts(proof, show), ...who];
  const left = leftText(change);
  if (kind === 'leave') return [...(left === '' ? held : [left]), ...who];
  const isSwitched = pause !== undefined && pause.action !== 'stays';
  const words = wordsOf(fires?.before, fires?.after, kind === 'create');
  return [
    ...(previous === undefined ? [] : [newNameText(previous, show)]),
    ...(isSwitched ? held : []),
    ...(pause?.action === 'resume' ? who : []),
    ...(words === undefined ? [] : [show(words)]),
    ...(kind === 'create' ? [] : fieldNames(fields, words !== undefined).map(show)),
    ...(pause?.action === 'stays' ? ['stays paused'] : []),
  ];
}

/** The same for an entry of drift. */
export function driftGist(entry: DriftEntry, show: Show): readonly string[] {
  const { since, previous, pause, lastChange, fields } = entry;
  if (since !== undefined) return [overdueText(since)];
  const isPaused = pause !== undefined && pause.action !== 'pause';
  const names = entry.class === 'changed' || entry.class === 'renamed' ? fieldNames(fields, false) : [];
  return [
    ...(previous === undefined ? [] : [oldNameText(previous, show)]),
    ...(isPaused ? [pauseText(pause, show)] : []),
    ...names.map(show),
    ...(lastChange === undefined || names.length > 0 ? [] : [lastChangeText(lastChange, show)]),
  ];
}

/** `at 02:00 every day → at 03:30 every day`; undefined where that does not change. */
function wordsOf(
  before: ScheduleFiresEntry | undefined,
  after: ScheduleFiresEntry | undefined,
  isNew: boolean,
): string | undefined {
  if (after === undefined) return undefined;
  const next = sideWords(after);
  if (before === undefined) return isNew ? next : undefined;
  const old = sideWords(before);
  return old === next ? undefined : `${old} → ${next}`;
}

function sideWords({ timers }: ScheduleFiresEntry): string {
  const [first, ...rest] = timers;
  if (first === undefined) return 'without a cron';
  return `${first.words ?? 'never'}${rest.length === 0 ? '' : ` and ${rest.length} more`}`;
}

const ofTimers: ReadonlySet<string> = new Set(['cronExpression', 'cronSchedules', 'zoneId']);

/** `input.batchSize` for what is in the start request. A pause has words of its own. */
function fieldNames(fields: readonly MaskedField[], wordsAreThere: boolean): readonly string[] {
  const names = fields
    .filter(({ path }) => !isPauseField(path) && !(wordsAreThere && ofTimers.has(path[0] ?? '')))
    .map(({ path }) =>
      (path[0] === 'startWorkflowRequest' && path.length > 1 ? path.slice(1) : path).join('.'),
    );
  return [...new Set(names)];
}
