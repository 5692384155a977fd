import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, type Finding, finding, node, type RowResult } from './bench.ts';
import { writeManifests } from './generate.ts';
import { type Command, measure, type Samples } from './measure.ts';
import { cleanEnvironment, run } from './processes.ts';
import { prints } from './proofs.ts';

const count = 1000;
const parallelism = 16;

/** What `status` and `audit` ask of a server 20 ms away, and how long beside a program that sends the same requests. */
export async function reads(bench: Bench): Promise<RowResult> {
  writeManifests(join(bench.folder, 'row-16'), { count, tagEvery: 0 });
  const server = fork(join(bench.programs, 'late-server.mjs'), [String(count)], {
    env: cleanEnvironment(),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  try {
    const [{ url }] = (await once(server, 'message')) as [{ readonly url: string }];
    const asked = async (): Promise<readonly string[]> => {
      const told = once(server, 'message') as Promise<[{ readonly asked: readonly string[] }]>;
      server.send('asked');
      return (await told)[0].asked;
    };
    const findings: Finding[] = [];
    const samples = new Map<string, readonly number[]>();
    for (const name of ['status', 'audit'] as const) {
      const args = [bench.cli, name, '--server', url, '--output', 'json'];
      const program = node(bench, args, { CONDUCTOR_SERVER_URL: url });
      await asked();
      const first = await run(program);
      if (first.code !== 0) throw new Error(`${name} ended with ${first.code}: ${first.stderr}`);
      const requests = await asked();
      const file = join(bench.folder, `row-16-${name}.json`);
      writeFileSync(file, JSON.stringify(requests.map((line) => line.replace(/^\S+ /, ''))));
      const command: Command = {
        label: `${name} of ${count}`,
        program,
        wrong: (ran) => prints('ledger_region_000999')(ran),
      };
      const floor = (how: string, atOnce: number): Command => ({
        label: `bare requests of ${name}, ${how}`,
        program: node(bench, [
          join(bench.programs, 'floors', 'requests.cjs'),
          new URL(url).origin,
          file,
          String(atOnce),
        ]),
        wrong: prints(`Read ${requests.length}.`),
      });
      // What kind of server it is says how past runs are asked for, so the command cannot ask all at once.
      const floors = [floor('all at once', parallelism), floor('one after the other', 1)];
      const measured: Samples = await measure([command, ...floors], bench.rounds);
      for (const [label, values] of measured) samples.set(label, values);
      const writes = requests.filter((line) => !line.startsWith('GET '));
      findings.push(...floors.map(({ label }) => finding(16, measured, command.label, label, 1.5)), {
        row: 16,
        what: `requests of \`${name}\` of ${count} schedules`,
        bound: '≤ 10, none a write',
        measured: `${requests.length}, ${writes.length} writes`,
        met: requests.length <= 10 && writes.length === 0,
      });
    }
    return { findings, samples };
  } finally {
    server.disconnect();
  }
}
