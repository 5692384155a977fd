import { type Json, writeJson } from '../../model/json.ts';
import type { AnyDocument } from '../documents/document.ts';
import { terminalJson } from '../text/escape.ts';

/** The document as JSON text, ready for a pipe, a file or a terminal. Equal documents give equal bytes. */
export function renderJson(document: AnyDocument): string {
  return documentJson(document);
}

/** The same for a document that has renderers of its own. */
export function documentJson(document: object): string {
  return `${terminalJson(writeJson(document as unknown as Json, 2))}\n`;
}
