import type { Format } from '../argv/commands.ts';
import type { Request } from '../argv/program.ts';
import type { Io } from '../io/io.ts';
import type { FiresView } from '../plan/fires-of-changes.ts';
import { type AnyDocument, isRunDocument } from '../report/documents/document.ts';
import type { AuditDocument } from '../report/documents/generated/documents.ts';
import { isNews } from '../report/documents/on-call/audit.ts';
import { renderAnnotations } from '../report/formats/annotations.ts';
import { renderJson } from '../report/formats/document-json.ts';
import { renderMarkdown } from '../report/formats/markdown.ts';
import { renderNoMetrics } from '../report/formats/openmetrics.ts';
import { renderSarif } from '../report/formats/sarif.ts';
import { renderHtml } from '../report/page/page.ts';
import { isTable } from '../report/tables/change-table.ts';
import { createColors, type Style } from '../report/text/style.ts';
import { renderDocument } from '../report/text/text.ts';
import type { Output } from '../settings/settings.ts';

/** What a plan has to tell of fires: a table in text shows the words for its crons and nothing else of them. */
export function firesToTell(
  { options }: Pick<Request, 'options'>,
  outputs: readonly Pick<Output, 'format'>[],
  changes: readonly unknown[],
): FiresView {
  const isText = outputs.every(({ format }) => format === 'text');
  return isText && isTable(changes.length, options.details) ? 'words' : 'times';
}

/** For files and pipes. */
export const plainStyle: Style = { colors: createColors(false), width: 80 };

/** How text looks on one of the two streams: NO_COLOR, CLICOLOR-less terminals and the width are respected. */
export function styleOf({ env, terminal }: Pick<Io, 'env' | 'terminal'>, stream: 'out' | 'err'): Style {
  const { NO_COLOR = '', TERM } = env;
  const isColored = terminal[stream] && NO_COLOR === '' && TERM !== 'dumb';
  return { colors: createColors(isColored), width: terminal[stream] ? terminal.columns : plainStyle.width };
}

/** A document in one of the formats that it has; text where it has not this one. */
export function renderAs(document: AnyDocument, format: Format, style: Style): string {
  if (format === 'json') return renderJson(document);
  if (format === 'openmetrics') return renderNoMetrics();
  if (format === 'html') return renderHtml(document);
  if (isRunDocument(document)) {
    if (format === 'markdown') return renderMarkdown(document);
    if (format === 'github') return renderAnnotations(document);
  }
  if (document.kind === 'validation' && format === 'sarif') return renderSarif(document);
  return renderDocument(document, style);
}

/**
 * What `--quiet` leaves of a result that no `--output` asks for: no warnings (unless they fail the run), and of a check
 * that found nothing, nothing at all. undefined = nothing is printed.
 */
export function quieted<D>(document: D, { warnings }: { readonly warnings: boolean }): D | undefined {
  const known = document as AnyDocument | AuditDocument;
  if (known.kind === 'audit') return isNews(known) ? document : undefined;
  if (!('problems' in known)) return document;
  const problems = known.problems.filter(({ severity }) => severity === 'error' || warnings);
  return problems.length > 0 || hasFound(known) ? { ...document, problems } : undefined;
}

/** Whether a check has something to tell besides its problems; what checks nothing always has. */
function hasFound(document: AnyDocument): boolean {
  switch (document.kind) {
    case 'validation':
      return false;
    case 'plan':
      return document.verdict !== 'nothing-to-do';
    case 'drift':
      return document.drifted || document.stopped !== undefined || document.overdueUnknown !== undefined;
    default:
      return true;
  }
}
