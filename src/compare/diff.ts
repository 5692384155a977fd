import { isObject, type Json, type JsonObject } from '../model/json.ts';
import { scheduleFields } from '../model/normal.ts';
import type { Keeping } from '../model/port.ts';
import { present } from '../model/present.ts';
import { compareText, type FieldChange, type FieldPath, type Schedule } from '../model/schedule.ts';
import { containsDefinition } from './inline-workflow.ts';
import { inLettersOf, isIdentical, same } from './same.ts';

/** These differ as a whole: their parts mean nothing by themselves. */
const wholes = new Set(['startWorkflowRequest.workflowDef']);

/**
 * Every field in which two normal forms differ, in reading order. Objects are entered (input key by key, at any
 * depth), arrays and the inline workflow differ as a whole. `null` = the schedule does not exist. Numbers of two kinds
 * differ: where a server does not tell them apart, `complete` has given both sides the same letters.
 */
export function diff(before: Schedule | null, after: Schedule | null): readonly FieldChange[] {
  const changes: FieldChange[] = [];
  // Nearly all of a large directory are as they should be.
  if (!isIdentical(asJson(before), asJson(after))) walk(asJson(before), asJson(after), [], changes);
  return changes;
}

function asJson(schedule: Schedule | null): JsonObject {
  return schedule === null ? {} : schedule;
}

function walk(before: JsonObject, after: JsonObject, path: FieldPath, changes: FieldChange[]): void {
  for (const key of keysOf(before, after, path)) {
    const old = Object.hasOwn(before, key) ? before[key] : undefined;
    const next = Object.hasOwn(after, key) ? after[key] : undefined;
    if (old === next) continue;
    const here = [...path, key];
    if (isObject(old) && isObject(next) && !wholes.has(here.join('.'))) walk(old, next, here, changes);
    else if (!same(old, next, 'kind')) changes.push(fieldChange(here, old, next));
  }
}

function keysOf(before: JsonObject, after: JsonObject, path: FieldPath): readonly string[] {
  if (path.length === 0) return scheduleFields;
  const [ours, theirs] = [Object.keys(before), Object.keys(after)];
  const all = ours.length === 0 ? theirs : theirs.length === 0 ? ours : [...new Set([...ours, ...theirs])];
  return all.sort(compareText);
}

/** A side that is absent has no key of its own. */
export function fieldChange(path: FieldPath, before: Json | undefined, after: Json | undefined): FieldChange {
  return { path, ...present({ before, after }) };
}

/**
 * What of a sent schedule a server did not keep, as seen in its answer or a read. Defaults that it filled into an
 * inline workflow do not count, nor does a missing reason of a pause, unless the server is known to keep reasons.
 */
export function unkept(
  sent: Schedule,
  got: Schedule,
  { numbers, pauseReason }: Keeping,
): readonly FieldChange[] {
  const stored = got.startWorkflowRequest.workflowDef;
  const written = sent.startWorkflowRequest.workflowDef;
  const filled =
    stored !== undefined && written !== undefined && containsDefinition(stored, written, numbers)
      ? { ...got, startWorkflowRequest: { ...got.startWorkflowRequest, workflowDef: written } }
      : got;
  const reasoned =
    pauseReason !== 'kept' && filled.paused && filled.pausedReason === undefined
      ? { ...filled, ...present({ pausedReason: sent.pausedReason }) }
      : filled;
  return diff(sent, inLettersOf(asJson(sent), asJson(reasoned), numbers) as unknown as Schedule);
}
