import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, finding, node, type RowResult } from './bench.ts';
import { writeManifests } from './generate.ts';
import { measure } from './measure.ts';
import { prints } from './proofs.ts';

/**
 * `validate` with every rule beside reading and parsing the same files and nothing else, and beside itself with every
 * rule off.
 */
export async function everyRule(bench: Bench): Promise<RowResult> {
  const fleet = { count: 10_000, tagEvery: 0 };
  const manifests = 'row-11';
  writeManifests(join(bench.folder, manifests), fleet);
  const validate = {
    label: 'validate 10000',
    program: node(bench, [bench.cli, 'validate', manifests]),
    wrong: prints('10000'),
  };
  const parsing = (['js-yaml', 'yaml'] as const).map((floor) => ({
    label: `parsing 10000, ${floor}`,
    program: node(bench, [join(bench.programs, 'floors', `${floor}.cjs`), manifests]),
    wrong: prints('Read 10000.'),
  }));
  const off = join(bench.folder, 'row-11-off.yaml');
  writeFileSync(off, 'rules: {all: off}\n');
  const without = {
    label: 'validate 10000, rules off',
    program: node(bench, [bench.cli, 'validate', manifests, '--config', off]),
    wrong: prints('10000'),
  };
  const samples = await measure([validate, without, ...parsing], bench.rounds);
  const floors = [...parsing, without].map(({ label }) => label);
  return { findings: floors.map((label) => finding(11, samples, validate.label, label, 1.5)), samples };
}
