import type { Origin } from '../../model/schedule.ts';
import { terminalText } from './escape.ts';

/** Where a manifest stands, as people say it: `a.yaml, document 2`. */
export function originText({ file, document, item }: Origin): string {
  const parts = [
    terminalText(file),
    ...(document > 0 ? [`document ${document + 1}`] : []),
    ...(item === undefined ? [] : [`item ${item + 1}`]),
  ];
  return parts.join(', ');
}
