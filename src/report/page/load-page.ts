import type { LoadDocument } from '../documents/generated/documents.ts';
import { clockForm } from './clock-form.ts';
import { type PageParts, renderPage, section } from './frame.ts';
import { loadPictures } from './heat-map.ts';

/** The load as a page, before and after where a server was asked. */
export function renderLoadPage(document: LoadDocument): string {
  const parts: PageParts = {
    title: 'Load',
    facts: [
      document.before === undefined
        ? 'by the manifests'
        : 'before: the server as it is; after: with these manifests',
    ],
    summary: undefined,
    body: [clockForm('UTC'), section('load', 'Fires per minute', loadPictures(document), 'load')],
    notes: [],
  };
  return renderPage(parts);
}
