import { sameTags, tagsWithout } from '../compare/tags.ts';
import type { Outcome } from '../model/port.ts';
import type { Tag } from '../model/schedule.ts';
import { changedMeanwhile, failedBy, isRepeated, type StepEnd, unchecked } from './end.ts';
import type { ApplyOptions } from './options.ts';

/** What a write of tags rests on. */
export interface Tagging {
  /** The tags, when they were read just now. */
  readonly read: readonly Tag[] | undefined;
  /** Whether tags like these may be changed; others are somebody else's. */
  readonly may: (tags: readonly Tag[]) => boolean;
}

/**
 * Gives a schedule exactly these tags: read, PUT the full list, read, DELETE the exact leftovers, read. What PUT does to
 * other tags (replace, upsert by key, append) differs between servers, and this is right under each. Tags grant
 * access, so at no time is the schedule without them: nothing is deleted first. A tag that somebody else adds
 * in the meantime stays, and is reported.
 */
export async function setTags(
  name: string,
  wanted: readonly Tag[],
  tagging: Tagging,
  options: ApplyOptions,
): Promise<StepEnd> {
  const before = await tagsBefore(name, tagging, options);
  if (before.kind === 'ended') return before.end;
  if (sameTags(before.tags, wanted)) return { outcome: 'already' };
  const put = await untilSeen(
    () => options.writer.putTags(name, wanted),
    (tags) => tagsWithout(wanted, tags).length === 0,
    name,
    [...before.tags, ...wanted],
    options,
  );
  if (put.kind === 'ended') return put.end;
  const leftovers = tagsWithout(put.tags, wanted);
  const added = tagsWithout(leftovers, before.tags);
  const old = tagsWithout(leftovers, added);
  if (old.length === 0) return setOr(put.tags, wanted);
  const cleared = await untilSeen(
    () => options.writer.deleteTags(name, old),
    (tags) => tagsWithout(old, tags).length === old.length,
    name,
    [...before.tags, ...wanted],
    options,
  );
  if (cleared.kind === 'seen') return setOr(cleared.tags, wanted);
  // The first half is done, whatever became of the second.
  const { failure, outcome } = cleared.end;
  const halfDone = 'the new tags are set; old ones may remain';
  if (outcome === 'not-run') return { outcome: 'failed', notKept: [['tags']], note: halfDone };
  return failure === undefined ? cleared.end : unchecked(failure, halfDone);
}

/** After the last write: these tags, or somebody else's beside them or in their place. */
function setOr(now: readonly Tag[], wanted: readonly Tag[]): StepEnd {
  return sameTags(now, wanted)
    ? { outcome: 'done' }
    : { outcome: 'failed', notKept: [['tags']], note: 'somebody else changed them at the same time' };
}

/** Takes exactly these pairs away from a schedule. */
export async function removeTags(
  name: string,
  unwanted: readonly Tag[],
  tagging: Tagging,
  options: ApplyOptions,
): Promise<StepEnd> {
  const before = await tagsBefore(name, tagging, options);
  if (before.kind === 'ended') return before.end;
  const removed = await untilSeen(
    () => options.writer.deleteTags(name, unwanted),
    (tags) => tagsWithout(unwanted, tags).length === unwanted.length,
    name,
    before.tags,
    options,
  );
  return removed.kind === 'ended' ? removed.end : { outcome: 'done' };
}

type Seen =
  | { readonly kind: 'seen'; readonly tags: readonly Tag[] }
  | { readonly kind: 'ended'; readonly end: StepEnd };

async function tagsBefore(name: string, { read, may }: Tagging, options: ApplyOptions): Promise<Seen> {
  if (read !== undefined) return { kind: 'seen', tags: read };
  const fresh = await options.reader.tags(name);
  if (!fresh.ok) return ended(failedBy(fresh.failure));
  if (!may(fresh.value)) return ended({ outcome: 'stale', note: 'somebody else changed its tags' });
  return { kind: 'seen', tags: fresh.value };
}

/** Both tag writes may be sent twice without harm, so a lost answer needs no more than a look and another try. */
async function untilSeen(
  write: () => Promise<Outcome<null>>,
  isSo: (tags: readonly Tag[]) => boolean,
  name: string,
  /** Others are somebody else's: then there is no further try. */
  known: readonly Tag[],
  options: ApplyOptions,
): Promise<Seen> {
  for (let tries = 0; ; tries += 1) {
    const answer = await write();
    if (!answer.ok && answer.failure.effect === 'none') return ended(failedBy(answer.failure));
    const read = await options.reader.tags(name);
    if (!read.ok)
      return ended(
        unchecked(answer.ok ? read.failure : answer.failure, 'its tags could not be read to check them'),
      );
    if (isSo(read.value)) return { kind: 'seen', tags: read.value };
    if (answer.ok) return ended({ outcome: 'failed', notKept: [['tags']] });
    if (tagsWithout(read.value, known).length > 0)
      return ended({ outcome: 'failed', failure: answer.failure, note: changedMeanwhile });
    if (!isRepeated(answer.failure, tries, options)) return ended(failedBy(answer.failure));
    await options.wait(options.retryDelay(tries));
    if (options.stopped()) return ended(failedBy(answer.failure));
  }
}

function ended(end: StepEnd): Seen {
  return { kind: 'ended', end };
}
