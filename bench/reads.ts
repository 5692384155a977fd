import { fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, type Finding, finding, node, type RowResult } from './bench.ts';
import { type Command, measure, type Samples } from './measure.ts';
import { cleanEnvironment, run } from './processes.ts';
import { prints } from './proofs.ts';

const count = 1000;

/**
 * What `status` and `audit` ask of a server 20 ms away, and how long they take beside a program that only sends the same
 * requests. What kind of server it is says how past runs are asked for, so no program can ask all at once.
 */
export async function reads(bench: Bench): Promise<RowResult> {
  const server = fork(join(bench.programs, 'late-server.mjs'), [String(count)], {
    env: cleanEnvironment(),
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  try {
    const [{ url }] = (await once(server, 'message')) as [{ readonly url: string }];
    const asked = async (): Promise<readonly (readonly string[])[]> => {
      const told = once(server, 'message') as Promise<[{ readonly waves: readonly (readonly string[])[] }]>;
      server.send('asked');
      return (await told)[0].waves;
    };
    const findings: Finding[] = [];
    const samples = new Map<string, readonly number[]>();
    for (const name of ['status', 'audit'] as const) {
      const args = [bench.cli, name, '--server', url, '--output', 'json'];
      const program = node(bench, args, { CONDUCTOR_SERVER_URL: url });
      await asked();
      const first = await run(program);
      if (first.code !== 0) throw new Error(`${name} ended with ${first.code}: ${first.stderr}`);
      const waves = await asked();
      const requests = waves.flat();
      const command: Command = {
        label: `${name} of ${count}`,
        program,
        wrong: (ran) => prints('ledger_region_000999')(ran),
      };
      const floor = (how: string, sent: typeof waves): Command => {
        const file = join(bench.folder, `row-16-${name}-${sent.length}.json`);
        writeFileSync(
          file,
          JSON.stringify(sent.map((wave) => wave.map((line) => line.replace(/^\S+ /, '')))),
        );
        return {
          label: `bare requests of ${name}, ${how}`,
          program: node(bench, [join(bench.programs, 'floors', 'requests.cjs'), new URL(url).origin, file]),
          wrong: prints(`Read ${requests.length}.`),
        };
      };
      // The same requests: as if none waited for another, as they wait for each other, and as if each waited for the last.
      const floors = [
        floor('all at once', [requests]),
        floor('as they wait for each other', waves),
        floor(
          'one after the other',
          requests.map((line) => [line]),
        ),
      ];
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
