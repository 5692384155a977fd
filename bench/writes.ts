import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startRealServer } from '../test/support/real-server.ts';
import { type Bench, finding, node, type RowResult } from './bench.ts';
import { wireSchedule, writeManifests } from './generate.ts';
import { type Command, measure, median, type Samples } from './measure.ts';
import { cleanEnvironment } from './processes.ts';
import { prints } from './proofs.ts';

/** As `apply` without the flag. */
const parallelism = 16;

/** Creating a thousand on a server 20 ms away, beside a bare loop of the same requests. */
export async function creates(bench: Bench): Promise<RowResult> {
  const server = localServer(bench, ['--latency', '20']);
  try {
    const { samples, apply, saves } = await applyBesideSaves(
      bench,
      9,
      1000,
      await server.restart(),
      async () => {
        await server.restart();
      },
    );
    return { samples, findings: [finding(9, samples, apply, saves, 1.3)] };
  } finally {
    await server.stop();
  }
}

/** The same on Conductor itself, which then is what limits both. */
export async function realServer(bench: Bench): Promise<RowResult> {
  const server = await startRealServer();
  try {
    const api = `${server.url}/api`;
    const { samples, apply, saves } = await applyBesideSaves(bench, 10, 1000, api, () => removeAll(api));
    // 0.9 of the rate is 1 / 0.9 of the time.
    return { samples, findings: [finding(10, samples, apply, saves, 1.11)] };
  } finally {
    await server.stop();
  }
}

/** How fast the local scheduler answers: no ratio, for it is what other rows stand on. */
export async function localScheduler(bench: Bench): Promise<RowResult> {
  const server = localServer(bench, []);
  try {
    const url = await server.restart();
    const count = 10_000;
    const saves: Command = {
      label: `${count} saves to the local scheduler`,
      program: node(bench, [
        join(bench.programs, 'floors', 'saves.cjs'),
        url,
        bodies(bench, 12, count),
        String(parallelism),
      ]),
      wrong: prints(`Saved ${count}.`),
    };
    const samples = new Map(await measure([saves], bench.rounds));
    const rate = count / (median(samples.get(saves.label) ?? []) / 1000);
    const lists: number[] = [];
    for (let round = 0; round < bench.rounds; round += 1) lists.push(await timedList(url, count));
    samples.set(`list of ${count} from the local scheduler`, lists);
    return {
      samples,
      findings: [
        { row: 12, what: 'saves a second', bound: '≥ 2000', measured: rate.toFixed(0), met: rate >= 2000 },
        {
          row: 12,
          what: `list of ${count}`,
          bound: '< 50 ms',
          measured: `${median(lists).toFixed(0)} ms`,
          met: median(lists) < 50,
        },
      ],
    };
  } finally {
    await server.stop();
  }
}

async function timedList(url: string, count: number): Promise<number> {
  const started = performance.now();
  const response = await fetch(`${url}/scheduler/schedules`);
  const text = await response.text();
  const milliseconds = performance.now() - started;
  const { length } = JSON.parse(text) as readonly unknown[];
  if (length !== count) throw new Error(`the list has ${length} schedules, not ${count}`);
  return milliseconds;
}

interface Beside {
  readonly samples: Samples;
  readonly apply: string;
  readonly saves: string;
}

async function applyBesideSaves(
  bench: Bench,
  row: number,
  count: number,
  url: string,
  before: () => Promise<void>,
): Promise<Beside> {
  const manifests = `row-${row}`;
  writeManifests(join(bench.folder, manifests), { count, tagEvery: 0 });
  const apply: Command = {
    label: `apply ${count} (row ${row})`,
    program: node(bench, [bench.cli, 'apply', manifests, '--auto-approve', '--server', url]),
    before,
    wrong: prints(`Applied: ${count} done, 0 failed`),
  };
  const saves: Command = {
    label: `bare loop of ${count} looks and saves (row ${row})`,
    program: node(bench, [
      join(bench.programs, 'floors', 'saves.cjs'),
      url,
      bodies(bench, row, count),
      String(parallelism),
      'looks',
    ]),
    before,
    wrong: prints(`Saved ${count}.`),
  };
  return { samples: await measure([apply, saves], bench.rounds), apply: apply.label, saves: saves.label };
}

/** A file with what a client would post for the generated manifests. */
function bodies(bench: Bench, row: number, count: number): string {
  const file = join(bench.folder, `row-${row}-bodies.json`);
  const list = Array.from({ length: count }, (_, index) => {
    const { createTime, updatedTime, createdBy, updatedBy, ...body } = wireSchedule(
      index,
      { count, tagEvery: 0 },
      'oss',
    );
    return body;
  });
  writeFileSync(file, JSON.stringify(list));
  return file;
}

async function removeAll(api: string): Promise<void> {
  const list = (await (await fetch(`${api}/scheduler/schedules`)).json()) as { readonly name: string }[];
  const remove = async (): Promise<void> => {
    for (let one = list.pop(); one !== undefined; one = list.pop()) {
      const { ok, status } = await fetch(`${api}/scheduler/schedules/${one.name}`, { method: 'DELETE' });
      if (!ok) throw new Error(`a delete was answered with ${status}`);
    }
  };
  await Promise.all(Array.from({ length: parallelism }, remove));
}

/** `serve`, begun anew on one port as often as wanted. */
function localServer(
  bench: Bench,
  flags: readonly string[],
): { restart(): Promise<string>; stop(): Promise<void> } {
  let child: ChildProcess | undefined;
  let port = '0';
  const stop = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  process.once('exit', () => child?.kill('SIGKILL'));
  return {
    stop,
    restart: async () => {
      await stop();
      const started = spawn(process.execPath, [bench.cli, 'serve', '--port', port, ...flags], {
        cwd: bench.folder,
        env: cleanEnvironment(),
        stdio: ['ignore', 'pipe', 'ignore'],
        signal: bench.signal,
      });
      child = started;
      for await (const text of started.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
        const found = /http:\/\/127\.0\.0\.1:(\d+)\/api/.exec(String(text));
        if (found === null) continue;
        port = found[1] ?? port;
        started.stdout.resume();
        return found[0];
      }
      throw new Error('the local scheduler did not start');
    },
  };
}
