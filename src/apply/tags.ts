import { sameTags, tagsWithout } from '../compare/tags.ts';
import type { Outcome } from '../model/port.ts';
import type { Tag } from '../model/schedule.ts';
import { failedBy, isRepeated, type StepEnd, unchecked } from './end.ts';
import type { ApplyOptions } from './options.ts';

/**
 * Gives a schedule exactly these tags: PUT the full list, read, DELETE the exact leftovers, read. What PUT does to
 * other tags (replace, upsert by key, append) differs between servers, and this is right under each. Tags grant
 * access, so at no moment is the schedule without them: nothing is deleted first.
 */
export async function setTags(name: string, wanted: readonly Tag[], options: ApplyOptions): Promise<StepEnd> {
  const put = await untilSeen(
    () => options.writer.putTags(name, wanted),
    (tags) => tagsWithout(wanted, tags).length === 0,
    name,
    options,
  );
  if (put.kind === 'ended') return put.end;
  const leftovers = tagsWithout(put.tags, wanted);
  if (leftovers.length === 0) return { outcome: 'done' };
  const cleared = await untilSeen(
    () => options.writer.deleteTags(name, leftovers),
    (tags) => sameTags(tags, wanted),
    name,
    options,
  );
  if (cleared.kind === 'seen') return { outcome: 'done' };
  const { failure } = cleared.end;
  // The first half is done, whatever became of the second.
  return failure === undefined
    ? cleared.end
    : unchecked(failure, 'the new tags are there, old ones may be too');
}

/** Takes exactly these pairs away from a schedule. */
export async function removeTags(
  name: string,
  unwanted: readonly Tag[],
  options: ApplyOptions,
): Promise<StepEnd> {
  const removed = await untilSeen(
    () => options.writer.deleteTags(name, unwanted),
    (tags) => tagsWithout(unwanted, tags).length === unwanted.length,
    name,
    options,
  );
  return removed.kind === 'ended' ? removed.end : { outcome: 'done' };
}

type Seen =
  | { readonly kind: 'seen'; readonly tags: readonly Tag[] }
  | { readonly kind: 'ended'; readonly end: StepEnd };

/** Both tag writes may be sent twice without harm, so a lost answer needs no more than a look and another try. */
async function untilSeen(
  write: () => Promise<Outcome<null>>,
  isSo: (tags: readonly Tag[]) => boolean,
  name: string,
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
    if (!isRepeated(answer.failure, tries, options)) return ended(failedBy(answer.failure));
    await options.wait(options.retryDelay(tries));
  }
}

function ended(end: StepEnd): Seen {
  return { kind: 'ended', end };
}
