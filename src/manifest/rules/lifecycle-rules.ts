import { isObject, type Json } from '../../model/json.ts';
import { hasMarkerLine, markerKeys } from '../../model/marks/marker.ts';
import { endsInNote } from '../../model/marks/renaming.ts';
import { requestFields, scheduleFields } from '../../model/normal.ts';
import { present } from '../../model/present.ts';
import { type Diagnostic, problem } from '../../problems/diagnostic.ts';
import { at, key, type Manifest, nameIn } from '../manifest.ts';
import { nearestKey } from '../nearest.ts';
import { writtenTags } from '../resolve/tags.ts';

/** Protection lives in the owner's marker. */
export function unprotectable({ fields, origin }: Manifest): readonly Diagnostic[] {
  const { lifecycle } = fields;
  if (!isObject(lifecycle) || lifecycle.protect !== true) return [];
  return [problem('protect-without-owner', { name: nameIn(fields) }, at(origin, ['lifecycle', 'protect']))];
}

export function ownMarker({ fields, origin }: Manifest): readonly Diagnostic[] {
  const fromTags = writtenTags(fields.tags)
    .filter(({ key: tag }) => markerKeys.includes(tag))
    .map(({ keyPath, keyAt }) => (keyAt === 'key' ? key(origin, keyPath) : at(origin, keyPath)));
  const inText = textFields.filter((field) => isOurs(fields[field])).map((field) => at(origin, [field]));
  if (fromTags.length + inText.length === 0) return [];
  return [...fromTags, ...inText].map((place) =>
    problem('marker-in-manifest', { name: nameIn(fields) }, place),
  );
}

const textFields: readonly string[] = ['description', 'pausedReason'];

function isOurs(text: Json | undefined): boolean {
  return typeof text === 'string' && (hasMarkerLine(text) || endsInNote(text));
}

/** A misspelled path would ignore nothing, without a message. */
export function lifecyclePaths({ fields, origin }: Manifest): readonly Diagnostic[] {
  const { lifecycle } = fields;
  const paths = isObject(lifecycle) ? lifecycle.ignoreChanges : undefined;
  if (!Array.isArray(paths)) return [];
  return paths.flatMap((path: Json, index) => {
    if (typeof path !== 'string') return [];
    const [first = '', second, ...rest] = path.split('.');
    // A path with an empty part is the schema's business.
    if ([first, second, ...rest].includes('')) return [];
    const wrong = !scheduleFields.includes(first)
      ? first
      : first === 'startWorkflowRequest' && second !== undefined && !requestFields.includes(second)
        ? second
        : undefined;
    if (wrong === undefined) return [];
    const nearest = nearestKey(wrong, wrong === first ? scheduleFields : requestFields);
    const args = { path, key: wrong, ...present({ nearest }) };
    return [problem('unknown-path', args, at(origin, ['lifecycle', 'ignoreChanges', String(index)]))];
  });
}
