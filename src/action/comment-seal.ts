import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Io } from '../io/io.ts';
import { sealIn, withSeal } from '../report/documents/header.ts';
import { digestKeyOf } from '../settings/run-policy.ts';

/** What a comment belongs to; on another pull request the same text is not sealed. */
type Place = { readonly repository: string; readonly number: number };

type Sealing = { readonly io: Pick<Io, 'env'> };

/** The text of a comment with a line that proves who wrote it, where there is a `DOWNBEAT_DIGEST_KEY`. */
export function sealed({ io }: Sealing, place: Place, text: string): string {
  const key = keyOf(io);
  return key === undefined ? text : withSeal(text, sealOf(key, place, text));
}

/** Whether the whole of it was written with our key, on this pull request. Without a key everything passes. */
export function isSealed({ io }: Sealing, place: Place, text: string): boolean {
  const key = keyOf(io);
  if (key === undefined) return true;
  const found = sealIn(text);
  if (found === undefined) return false;
  const [ours, theirs] = [sealOf(key, place, found.text), found.seal].map((seal) => Buffer.from(seal));
  return ours !== undefined && theirs?.length === ours.length && timingSafeEqual(ours, theirs);
}

/** GitHub may give a text back with other line ends, and without space at its end. */
function sealOf(key: string, { repository, number }: Place, text: string): string {
  const same = text.replace(/\r\n?/g, '\n').trimEnd();
  return createHmac('sha256', key)
    .update(`downbeat comment\n${repository}\n${number}\n${same}`)
    .digest('hex');
}

/** A key that cannot be used has been refused by the plan. */
function keyOf({ env }: Pick<Io, 'env'>): string | undefined {
  const key = digestKeyOf(env);
  return key.ok ? key.value : undefined;
}
