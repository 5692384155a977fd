import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, finding, node, type RowResult, withServer } from './bench.ts';
import { manifestText, type WireSchedule, wireSchedule } from './generate.ts';
import { type Command, measure } from './measure.ts';
import type { ListServer } from './processes.ts';

const fleet = { count: 1000, tagEvery: 0 };

/** So many schedules, each with a description of so many lines of 40 bytes. */
type Texts = { readonly label: string; readonly count: number; readonly lines: number };

const small: Texts = { label: 'plan of 300 changed texts of a line', count: 300, lines: 1 };

/** `most`: how often a plan of small texts. 5 seconds on a machine where that one takes 400 ms. */
type Largest = Texts & { readonly most: number };

const long: readonly Largest[] = [
  { label: 'plan of 300 × 20 kB changed', count: 300, lines: 500, most: 8 },
  { label: 'plan of 1,000 × 2 kB changed', count: 1000, lines: 50, most: 8 },
  { label: 'plan of one text of 1 MB changed', count: 1, lines: 25_000, most: 4 },
];

/** Plans that show long texts of which every line changed, beside one that shows short texts. */
export function longTexts(bench: Bench): Promise<RowResult> {
  return besideSmall(bench, 20, long);
}

/** The same for many texts of a common size only. */
export function manyTexts(bench: Bench): Promise<RowResult> {
  return besideSmall(bench, 18, long.slice(0, 1));
}

async function besideSmall(bench: Bench, row: number, long: readonly Largest[]): Promise<RowResult> {
  const servers: ListServer[] = [];
  const plan = async (texts: Texts, index: number, at: number): Promise<Command> => {
    const server = servers[at];
    if (server === undefined) throw new Error('a list server for each plan');
    const manifests = `row-${row}-${index}`;
    write(join(bench.folder, manifests), texts);
    await server.setList(listOf(texts));
    return {
      label: texts.label,
      server,
      program: node(bench, [bench.cli, 'plan', manifests, '--details', '--server', server.url]),
      wrong: ({ code, stdout, requests }) => {
        if (code !== 0) return 'it should end with 0';
        if (requests.lists !== 1) return 'it should ask for the list once';
        if (!stdout.includes(`${texts.count} to update`)) return `it should find ${texts.count} changes`;
        const shown = stdout.split('line 0 of schedule').length - 1;
        // Too large to show; cut after 200 lines, before the new ones; or both sides.
        const wanted = texts.count * (texts.lines > 1000 ? 0 : texts.lines > 200 ? 1 : 2);
        return shown === wanted ? undefined : `it shows ${shown} first lines, not ${wanted}`;
      },
    };
  };
  const all: readonly Texts[] = [small, ...long];
  return withServers(bench, servers, all.length, async () => {
    const commands = await Promise.all(all.map((texts, index) => plan(texts, index, index)));
    const samples = await measure(commands, bench.rounds);
    return {
      samples,
      findings: long.map(({ label, most }) => finding(row, samples, label, small.label, most)),
    };
  });
}

async function withServers<T>(
  bench: Bench,
  servers: ListServer[],
  count: number,
  use: () => Promise<T>,
): Promise<T> {
  if (servers.length === count) return use();
  return withServer(bench, 'oss', (server) => {
    servers.push(server);
    return withServers(bench, servers, count, use);
  });
}

function write(folder: string, texts: Texts): void {
  mkdirSync(folder);
  for (let index = 0; index < texts.count; index += 1) {
    const description = `description: ${JSON.stringify(textOf(index, texts, 'new'))}`;
    const manifest = manifestText(index, fleet).replace(/^description: .*$/m, () => description);
    writeFileSync(join(folder, `${index}.yaml`), manifest);
  }
}

function listOf(texts: Texts): readonly WireSchedule[] {
  return Array.from({ length: texts.count }, (_, index) => ({
    ...wireSchedule(index, fleet, 'oss'),
    description: textOf(index, texts, 'old'),
  }));
}

function textOf(index: number, { lines }: Texts, version: 'old' | 'new'): string {
  return Array.from({ length: lines }, (_, line) =>
    `line ${line} of schedule ${index}, ${version}`.padEnd(39, '.'),
  ).join('\n');
}
