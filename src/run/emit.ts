import type { Io } from '../io/io.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import { type AnyDocument, isRunDocument } from '../report/documents/document.ts';
import { renderAnnotations } from '../report/formats/annotations.ts';
import { renderJson } from '../report/formats/document-json.ts';
import { renderMarkdown } from '../report/formats/markdown.ts';
import { renderSarif } from '../report/formats/sarif.ts';
import { createColors, type Style } from '../report/text/style.ts';
import { renderDocument } from '../report/text/text.ts';
import type { Format, Output, UsageError } from '../settings/settings.ts';

/** For files and pipes. */
const plain: Style = { colors: createColors(false), width: 80 };

/** How text looks on one of the two streams: NO_COLOR, CLICOLOR-less terminals and the width are respected. */
export function styleOf(io: Io, stream: 'out' | 'err'): Style {
  const { NO_COLOR = '', TERM } = io.env;
  const coloured = io.terminal[stream] && NO_COLOR === '' && TERM !== 'dumb';
  return { colors: createColors(coloured), width: io.terminal[stream] ? io.terminal.columns : plain.width };
}

/** Brings a document to where it was asked for. Returns `error` when a file could not be written. */
export function emit(io: Io, outputs: readonly Output[], document: AnyDocument): ExitCode {
  return write(io, outputs, (format, style) => {
    if (format === 'json') return renderJson(document);
    if (isRunDocument(document)) {
      if (format === 'markdown') return renderMarkdown(document);
      if (format === 'github') return renderAnnotations(document);
    }
    if (document.kind === 'validation' && format === 'sarif') return renderSarif(document);
    return renderDocument(document, style);
  });
}

/** The same for what has renderers of its own. */
export function write(
  io: Io,
  outputs: readonly Output[],
  render: (format: Format, style: Style) => string,
): ExitCode {
  let code: ExitCode = exitCodes.fine;
  for (const { format, to } of outputs) {
    const text = render(format, to.kind === 'file' ? plain : styleOf(io, 'out'));
    if (to.kind === 'stdout') {
      io.out(text);
      continue;
    }
    const why = io.writeFile(to.path, text);
    if (why !== undefined) {
      io.err(`error: ${to.path} could not be written: ${why}\n`);
      code = exitCodes.error;
    }
  }
  return code;
}

/** Says why there is nothing to show: text goes where problems go, and whoever asked for another form gets it in that too. */
export function emitFailure(io: Io, outputs: readonly Output[], document: AnyDocument): ExitCode {
  const machine = outputs.filter(
    ({ format, to }) => format !== 'svg' && (to.kind === 'file' || format !== 'text'),
  );
  emit(io, machine, document);
  tell(io, machine, document);
  return exitCodes.error;
}

/** A document for people on stderr, when stdout belongs to a machine. */
export function tell(io: Io, outputs: readonly Output[], document: AnyDocument): void {
  const shown = outputs.some(({ format, to }) => format === 'text' && to.kind === 'stdout');
  if (!shown) io.err(renderDocument(document, styleOf(io, 'err')));
}

export function usageError(io: Io, { message, hint }: UsageError): ExitCode {
  io.err(`error: ${message}\nhint: ${hint}\n`);
  return exitCodes.error;
}
