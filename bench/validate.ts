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

/** Patterns for the names of every fourth schedule, from this one on: those in one zone. */
function everyFourth(first: number): string {
  return JSON.stringify(
    Array.from({ length: 25 }, (_, index) => `*${String(first + index * 4).padStart(2, '0')}`),
  );
}

/** Ten policies of every kind, which 10,000 schedules keep: nothing is found early. */
const policies = `- name: teams-are-named
  require: {description: true, zoneId: true}
- name: names
  match: {name: "^[a-z][a-z0-9_]*$"}
- name: not-too-often
  limit: {every: 5m}
- name: quiet-hours
  where: {name: ${everyFourth(0)}}
  forbid: {between: ["02:00", "03:00"], zone: Europe/Berlin}
- name: quiet-nights
  where: {name: ${everyFourth(1)}}
  forbid: {between: ["22:30", "23:30"], zone: America/New_York}
- name: herd
  limit: {firesPerMinute: 500}
- name: known-workflows
  allow: {workflows: [reconcile_ledger, refresh_prices, "export_*"]}
- name: daily-at-most
  where: {name: "ledger_*"}
  limit: {every: 12h}
- name: no-team
  except: {tags: {team: platform}}
  require: {description: true}
- name: house-schema
  schema: row-21.schema.json
`;
const houseSchema = `{
  "properties": {
    "description": {"minLength": 10},
    "startWorkflowRequest": {"required": ["version"], "properties": {"priority": {"maximum": 99}}}
  }
}
`;

/** \`validate\` with ten policies beside itself without. */
export async function tenPolicies(bench: Bench): Promise<RowResult> {
  const manifests = 'row-21';
  writeManifests(join(bench.folder, manifests), { count: 10_000, tagEvery: 0 });
  writeFileSync(join(bench.folder, 'row-21-policies.yaml'), policies);
  writeFileSync(join(bench.folder, 'row-21.schema.json'), houseSchema);
  const config = join(bench.folder, 'row-21.yaml');
  writeFileSync(config, `manifests: ${manifests}\npolicies: row-21-policies.yaml\n`);
  const validate = {
    label: 'validate 10000, ten policies',
    program: node(bench, [bench.cli, 'validate', '--config', config]),
    wrong: prints('10000'),
  };
  const without = {
    label: 'validate 10000, no policies',
    program: node(bench, [bench.cli, 'validate', manifests]),
    wrong: prints('10000'),
  };
  const samples = await measure([validate, without], bench.rounds);
  return { findings: [finding(21, samples, validate.label, without.label, 1.3)], samples };
}
