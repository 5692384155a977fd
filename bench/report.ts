import type { Finding, RowResult } from './bench.ts';
import { median } from './measure.ts';

/** The circumstances that a number means nothing without. */
export interface Setting {
  readonly node: string;
  readonly cpus: number;
  readonly rounds: number;
}

export function markdown(results: readonly RowResult[], { node, cpus, rounds }: Setting): string {
  const findings = results.flatMap((result) => result.findings);
  const times = results.flatMap((result) => [...result.samples]);
  return [
    `Node ${node}, ${cpus} CPUs, ${rounds} rounds; a ratio is the median of those of each round (least to most).`,
    '',
    ...table(
      ['row', 'what', 'bound', 'measured', ''],
      findings.map(({ row, what, bound, measured, met }) => [
        String(row),
        what,
        bound,
        measured,
        met ? 'met' : '**missed**',
      ]),
    ),
    ...(times.length === 0
      ? []
      : [
          '',
          ...table(
            ['program', 'median ms', 'least', 'most'],
            times.map(([label, values]) => [
              label,
              ...[median(values), Math.min(...values), Math.max(...values)].map((ms) => ms.toFixed(0)),
            ]),
          ),
        ]),
    '',
  ].join('\n');
}

/** What was measured in one setting. */
export type Section = { readonly heading: string; readonly text: string };

/** A document of such sections with this one in the place of an older one of its heading, else at the end. */
export function withSection(document: string, { heading, text }: Section): string {
  const [top = '', ...sections] = document.split(/^## /m);
  const fresh = `${heading}\n\n${text}`;
  const at = sections.findIndex((one) => one.startsWith(`${heading}\n`));
  const all = at < 0 ? [...sections, fresh] : sections.with(at, fresh);
  return `${[top, ...all].map((one) => one.trimEnd()).join('\n\n## ')}\n`;
}

/** The same as data, with every single time in milliseconds. */
export function json(results: readonly RowResult[], setting: Setting): string {
  const findings: readonly Finding[] = results.flatMap((result) => result.findings);
  const milliseconds = Object.fromEntries(results.flatMap((result) => [...result.samples]));
  return `${JSON.stringify({ format: 1, ...setting, findings, milliseconds }, null, 2)}\n`;
}

function table(head: readonly string[], lines: readonly (readonly string[])[]): readonly string[] {
  return [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`);
}
