/**
 * How a step speaks to the runner: commands in its log, and files. The form of both is the runner's
 * (actions/toolkit, packages/core: command.ts, file-command.ts).
 */

export interface Annotation {
  readonly severity: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly text: string;
  /** The line of a file of the repository beside which it is shown; lines and columns count from 1. */
  readonly at?: { readonly file: string; readonly line?: number; readonly column?: number };
}

/** A line for the log; nothing in the texts can end it or begin another. */
export function annotation({ severity, title, text, at }: Annotation): string {
  const place = Object.entries({ file: at?.file, line: at?.line, col: at?.column })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${property(String(value))},`);
  return `::${severity} ${place.join('')}title=${property(title)}::${data(text)}\n`;
}

/** The entry of an output for the file at `GITHUB_OUTPUT`. */
export function outputEntry(name: string, value: string, random: () => number): string {
  let delimiter: string;
  // One that the value does not have: then nothing in the value can end the entry and begin another.
  do delimiter = `downbeat_${random().toString(36).slice(2)}${random().toString(36).slice(2)}`;
  while (value.includes(delimiter));
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
}

function data(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function property(text: string): string {
  return data(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
