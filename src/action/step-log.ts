import { annotation } from '../github/runner.ts';
import type { Io } from '../io/io.ts';
import { exitCodes } from '../model/exit.ts';
import { isRunDocument } from '../report/documents/document.ts';
import { renderMarkdown, summaryLimit } from '../report/formats/markdown.ts';
import { terminalText } from '../report/text/escape.ts';
import type { Ran } from './invocation.ts';

/** Annotations and job summary. A wrong command line has neither, and is said in one annotation. */
export function report(io: Io, { code, document, markdown, annotations, said }: Ran): void {
  io.out(annotations);
  if (document === undefined && code !== exitCodes.fine)
    io.out(annotation({ severity: 'error', title: 'Downbeat', text: said.trim() }));
  summarize(
    io,
    document !== undefined && isRunDocument(document) ? renderMarkdown(document, mostSummary) : markdown,
  );
}

/** A comment has less room than a summary, which is to have it all; the rest is for the lines of `remark`. */
const mostSummary = summaryLimit - 16_384;

/** One line in the log, shown beside the run, and in the summary. */
export function remark(io: Io, severity: 'error' | 'warning' | 'notice', text: string): void {
  io.out(annotation({ severity, title: 'Downbeat', text: terminalText(text) }));
  summarize(io, `\n> ${asMarkdown(terminalText(text))}\n`);
}

/** What Markdown or GitHub would make something of is written so that it stays what it is. */
function asMarkdown(text: string): string {
  return text.replace(/[&<>\\`*_~[\](){}#|!@]/g, (character) => `&#${character.charCodeAt(0)};`);
}

function summarize(io: Io, markdown: string): void {
  const file = io.env.GITHUB_STEP_SUMMARY ?? '';
  if (file !== '' && markdown !== '') write(io, file, markdown);
}

/** Adds to a file of the runner's. */
export function write(io: Io, file: string, text: string): void {
  const why = io.appendFile(file, text);
  if (why !== undefined) io.err(`error: ${file} could not be written: ${why}\n`);
}
