import { type Origin, pathText } from '../../model/schedule.ts';
import type { ChangeEntry } from '../documents/generated/documents.ts';
import { placeText } from './codeframe.ts';
import { terminalText } from './escape.ts';
import type { Style } from './style.ts';
import { wrap } from './wrap.ts';

/** Where a manifest is, as people say it: `a.yaml, document 2`. */
export function originText({ file, document, item }: Origin): string {
  const parts = [
    terminalText(file),
    ...(document > 0 ? [`document ${document + 1}`] : []),
    ...(item === undefined ? [] : [`item ${item + 1}`]),
  ];
  return parts.join(', ');
}

/** Which values of a change were not written in its manifest, a line for each place that they come from. */
export function sourceLines({ sources = [] }: ChangeEntry, { width, colors }: Style): readonly string[] {
  const fields = new Map<string, string[]>();
  for (const { path, at } of sources) {
    const place = placeText(at);
    const label = terminalText(pathText(path));
    fields.set(place, [...(fields.get(place) ?? []), label]);
  }
  return [...fields].flatMap(([place, labels]) =>
    wrap(`from ${place}: ${labels.join(', ')}`, width, '    ').map(colors.dim),
  );
}
