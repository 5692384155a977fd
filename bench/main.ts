import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Bench, Finding, RowResult } from './bench.ts';
import { cleanEnvironment, run } from './processes.ts';
import { json, markdown, type Section, withSection } from './report.ts';
import { rows } from './rows.ts';

export interface Start {
  readonly argv: readonly string[];
  /** The package's folder. */
  readonly root: string;
  /** A folder that is removed afterwards; its `programs` holds the bundled floors and the list server. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

interface Options {
  readonly rounds: number;
  readonly rows: readonly number[];
  readonly cli?: string;
  readonly json?: string;
  /** Also write bench/RESULTS.md. */
  readonly record: boolean;
  /** A ratio fails only above so many times its bound: for machines on which others work, too. */
  readonly slack: number;
}

/** Runs the rows asked for and prints them. Exit codes as `run.mjs` has them. */
export async function main({ argv, root, folder, signal }: Start): Promise<number> {
  const options = optionsOf(argv);
  if (typeof options === 'string') {
    console.error(
      `${options}\nusage: run.mjs [--rounds N] [--rows ${known.join(',')}] [--cli FILE] [--peers] [--json FILE] [--record] [--slack N]`,
    );
    return 1;
  }
  if (options.cli === undefined) {
    const trouble = await build(root);
    signal.throwIfAborted();
    if (trouble !== undefined) {
      console.error(trouble);
      return 1;
    }
  }
  const work = join(folder, 'work');
  mkdirSync(work);
  const bench: Bench = {
    cli: resolve(options.cli ?? join(root, 'dist', 'cli.cjs')),
    version: versionOf(root),
    folder: work,
    programs: join(folder, 'programs'),
    sources: join(root, 'bench'),
    rounds: options.rounds,
    signal,
  };
  const results: RowResult[] = [];
  let failed = false;
  for (const row of options.rows) {
    console.error(`row ${row} …`);
    try {
      results.push(await rows.get(row)!(bench));
    } catch (error) {
      signal.throwIfAborted();
      // The other rows still say something; the exit code says that this one did not.
      console.error(`row ${row} failed: ${error instanceof Error ? error.message : error}`);
      failed = true;
    }
  }
  const setting = { node: process.version.slice(1), cpus: cpus().length, rounds: options.rounds };
  const findings = results.flatMap((result) => result.findings);
  if (findings.length === 0) return 1;
  const table = markdown(results, setting);
  process.stdout.write(table);
  if (options.record) {
    const file = join(root, 'bench', 'RESULTS.md');
    writeFileSync(file, withSection(readFileSync(file, 'utf8'), recorded(table, await commitOf(root))));
  }
  if (options.json !== undefined) writeFileSync(options.json, json(results, setting));
  const holds = ({ met, ratio, most }: Finding): boolean =>
    met || (ratio !== undefined && most !== undefined && ratio.median <= most * options.slack);
  return failed ? 1 : findings.every(holds) ? 0 : 2;
}

const known: readonly number[] = [...rows.keys()];
/** Programs of others, which pip fetches: only when they are asked for. */
const ofPeers = 22;
const own: readonly number[] = known.filter((row) => row !== ofPeers);

/** The options, or what is wrong with them. */
function optionsOf(argv: readonly string[]): Options | string {
  const text = { type: 'string' } as const;
  let values: {
    readonly rounds?: string;
    readonly rows?: string;
    readonly cli?: string;
    readonly json?: string;
    readonly record?: boolean;
    readonly peers?: boolean;
    readonly slack?: string;
  };
  try {
    values = parseArgs({
      args: [...argv],
      options: {
        rounds: text,
        rows: text,
        cli: text,
        json: text,
        slack: text,
        record: { type: 'boolean' },
        peers: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const slack = Number(values.slack ?? 1);
  if (!(slack >= 1)) return '--slack: a number of at least 1';
  const rounds = Number(values.rounds ?? 11);
  // Fewer say nothing on a machine that does other things as well, but for what is twice too slow.
  const least = slack >= 2 ? 3 : 7;
  if (!Number.isInteger(rounds) || rounds < least) return `--rounds: a whole number of at least ${least}`;
  const withoutRows = values.peers === true && values.record !== true ? [ofPeers] : own;
  const asked = values.rows === undefined ? withoutRows : values.rows.split(',').map(Number);
  if (!asked.every((row) => known.includes(row))) return `--rows: some of ${known.join(',')}`;
  return {
    rounds,
    rows: values.peers === true && !asked.includes(ofPeers) ? [...asked, ofPeers] : asked,
    record: values.record === true,
    slack,
    ...(values.cli === undefined ? {} : { cli: values.cli }),
    ...(values.json === undefined ? {} : { json: values.json }),
  };
}

/** What `npm run build` does. An interruption waits for its end, so that no half of a dist/ is left. */
async function build(root: string): Promise<string | undefined> {
  const { code, stdout, stderr } = await run({
    file: process.execPath,
    args: [join('scripts', 'build.mjs')],
    folder: root,
    env: cleanEnvironment(),
    signal: new AbortController().signal,
  });
  return code === 0 ? undefined : `the build ended with ${code}\n${stdout}${stderr}`;
}

function versionOf(root: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  return version;
}

/** What the numbers were measured on, for whoever reads them later. */
function recorded(table: string, commit: string): Section {
  const [major = ''] = process.versions.node.split('.');
  const certificates = process.env.NODE_EXTRA_CA_CERTS === undefined ? 'without' : 'with';
  const day = new Date().toISOString().slice(0, 10);
  return {
    heading: `Node ${major}, ${certificates} NODE_EXTRA_CA_CERTS`,
    text: `On ${day} at commit ${commit}.\n\n${table}`,
  };
}

async function commitOf(root: string): Promise<string> {
  const git = { file: 'git', folder: root, env: cleanEnvironment(), signal: new AbortController().signal };
  const head = await run({ ...git, args: ['rev-parse', '--short=10', 'HEAD'] });
  const changed = await run({
    ...git,
    args: ['status', '--porcelain', '--', 'src', 'bench', 'scripts', ':(exclude)bench/RESULTS.md'],
  });
  if (head.code !== 0) throw new Error(`git could not tell the commit: ${head.stderr}`);
  return head.stdout.trim() + (changed.stdout === '' ? '' : ', with changes');
}
