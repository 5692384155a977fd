import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Bench, type Finding, node, planning, proven, type RowResult, withServer } from './bench.ts';
import { wireList, writeManifests } from './generate.ts';
import { type Command, measure, ratio, runChecked, type Samples } from './measure.ts';
import { cleanEnvironment, type Program } from './processes.ts';
import { prints } from './proofs.ts';

const packages = ['octodns==1.22.0', 'conductor-python==2.0.0'];
const counts = [1000, 10_000];

/**
 * Plans without changes by programs of others, beside ours and the floor that all are held against: a script with
 * Conductor's Python SDK on the same manifests and the same server, and octoDNS with as many records in one zone, its
 * own files on both sides. They have no bound. pip fetches them into the bench's folder.
 */
export async function peers(bench: Bench): Promise<RowResult> {
  const bin = await install(bench);
  const findings: Finding[] = [];
  const samples = new Map<string, readonly number[]>();
  for (const count of counts) {
    const measured = await besideFloor(bench, bin, count);
    for (const [label, times] of measured) {
      samples.set(label, times);
      if (label !== floorOf(count)) findings.push(besides(measured, label, floorOf(count)));
    }
  }
  return { findings, samples };
}

/** Answers the folder of their programs. */
async function install({ folder, signal }: Bench): Promise<string> {
  const environment = join(folder, 'python');
  const bin = join(environment, 'bin');
  const run = promisify(execFile);
  await run('python3', ['-m', 'venv', environment], { signal });
  const quiet = ['--quiet', '--no-input', '--disable-pip-version-check'];
  await run(join(bin, 'python'), ['-m', 'pip', 'install', ...quiet, ...packages], { signal });
  return bin;
}

function besideFloor(bench: Bench, bin: string, count: number): Promise<Samples> {
  const fleet = { count, tagEvery: 0 };
  const manifests = `row-22-${count}`;
  writeManifests(join(bench.folder, manifests), fleet);
  return withServer(bench, 'oss', async (server) => {
    const script = join(bench.sources, 'peers', 'sdk_plan.py');
    const onServer = await proven(
      [
        {
          label: floorOf(count),
          program: node(bench, [join(bench.programs, 'floors', 'js-yaml.cjs'), manifests, server.url]),
        },
        { label: `Downbeat, plan ${count}`, program: planning(bench, manifests, server) },
        {
          label: `Python SDK, list and compare ${count}`,
          program: program(bench, join(bin, 'python'), [script, manifests, server.url]),
        },
      ],
      server,
      wireList(fleet, 'oss'),
    );
    return measure([...onServer, await octodns(bench, join(bin, 'octodns-sync'), count)], bench.rounds);
  });
}

/** octoDNS writes its plan to its log. */
function logs(...texts: readonly string[]): Command['wrong'] {
  return (ran) => prints(...texts)({ ...ran, stdout: ran.stderr });
}

/** Once with a record that differs, so that its "No changes" is one. */
async function octodns(bench: Bench, file: string, count: number): Promise<Command> {
  const zone = (changed?: number): string =>
    Array.from({ length: count }, (_, index) => {
      const address = [index >> 16, (index >> 8) & 255, index & 255].join('.');
      return `r${String(index).padStart(6, '0')}:\n  ttl: ${index === changed ? 60 : 300}\n  type: A\n  value: 10.${address}\n`;
    }).join('');
  const setting = `octodns-${count}`;
  const write = (side: string, text: string): void =>
    writeFileSync(join(bench.folder, setting, side, 'example.com.yaml'), `---\n${text}`);
  const provider = (side: string): object => ({
    class: 'octodns.provider.yaml.YamlProvider',
    directory: join(setting, side),
  });
  for (const side of ['desired', 'observed'])
    mkdirSync(join(bench.folder, setting, side), { recursive: true });
  // Of YAML, JSON is a part.
  writeFileSync(
    join(bench.folder, setting, 'config.yaml'),
    JSON.stringify({
      providers: { desired: provider('desired'), observed: provider('observed') },
      zones: { 'example.com.': { sources: ['desired'], targets: ['observed'] } },
    }),
  );
  const sync = {
    label: `octoDNS, plan ${count}`,
    program: program(bench, file, ['--config-file', join(setting, 'config.yaml')]),
  };
  write('desired', zone());
  write('observed', zone(7));
  await runChecked({ ...sync, wrong: logs('Updates=1', 'r000007.example.com.') });
  write('observed', zone());
  return { ...sync, wrong: logs('No changes were planned') };
}

function program(bench: Bench, file: string, args: readonly string[]): Program {
  return { file, args, folder: bench.folder, env: cleanEnvironment(), signal: bench.signal };
}

function floorOf(count: number): string {
  return `floor ${count}, js-yaml (row 22)`;
}

function besides(samples: Samples, label: string, floor: string): Finding {
  const { median, least, most } = ratio(samples, label, floor);
  return {
    row: 22,
    what: `${label} against ${floor}`,
    bound: '',
    measured: `${median.toFixed(2)} (${least.toFixed(2)} to ${most.toFixed(2)})`,
    met: true,
  };
}
