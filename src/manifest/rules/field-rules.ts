import { type Diagnostic, problem } from '../../problems/diagnostic.ts';
import { at, key, type Manifest, nameIn } from '../manifest.ts';
import { writtenTags } from '../resolve/tags.ts';

export function reasonWithoutPause({ fields, origin }: Manifest): readonly Diagnostic[] {
  if (fields.pausedReason === undefined || fields.paused === true) return [];
  return [problem('reason-without-pause', { name: nameIn(fields) }, key(origin, ['pausedReason']))];
}

export function tags({ fields, origin }: Manifest): readonly Diagnostic[] {
  return writtenTags(fields.tags).flatMap((tag) => {
    const found: Diagnostic[] = [];
    const keyPlace = tag.keyAt === 'key' ? key(origin, tag.keyPath) : at(origin, tag.keyPath);
    if (tag.key === '') found.push(problem('bad-tag', { key: tag.key, fault: 'empty-key' }, keyPlace));
    if (tag.key.includes(':'))
      found.push(problem('bad-tag', { key: tag.key, fault: 'colon-in-key' }, keyPlace));
    if (tag.value.includes(':'))
      found.push(problem('bad-tag', { key: tag.key, fault: 'colon-in-value' }, at(origin, tag.valuePath)));
    return found;
  });
}
