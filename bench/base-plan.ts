import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Bench, finding, node, planning, type RowResult, withServer } from './bench.ts';
import { manifestText, wireList, writeManifests } from './generate.ts';
import { type Command, measure } from './measure.ts';
import { cleanEnvironment } from './processes.ts';
import { prints } from './proofs.ts';

const fleet = { count: 1000, tagEvery: 0 };
const changedEvery = 10;
const found = prints('Plan: 0 to create, 100 to update, 0 to delete');

/** A thousand schedules in a commit and in the working directory, a tenth of them changed, beside the same plan against a server. */
export async function basePlan(bench: Bench): Promise<RowResult> {
  const checkout = join(bench.folder, 'row-19');
  const manifests = join(checkout, 'schedules');
  mkdirSync(checkout);
  writeManifests(manifests, fleet);
  const git = (...args: readonly string[]): void => {
    const identity = [
      '-c',
      'user.name=Ann',
      '-c',
      'user.email=ann@example.com',
      '-c',
      'commit.gpgsign=false',
    ];
    execFileSync('git', ['-C', checkout, ...identity, ...args], { stdio: 'ignore', env: cleanEnvironment() });
  };
  git('init', '-q');
  git('add', '-A');
  git('commit', '-q', '-m', 'base');
  for (let index = 0; index < fleet.count; index += changedEvery)
    writeFileSync(
      join(manifests, `${String(index).padStart(6, '0')}.yaml`),
      manifestText(index, fleet).replace(/^description: .*$/m, 'description: Changed here'),
    );
  return withServer(bench, 'oss', async (server) => {
    await server.setList(wireList(fleet, 'oss'));
    const plan: Command = {
      label: 'plan 1000, 100 changed',
      program: { ...planning(bench, manifests, server), folder: checkout },
      server,
      wrong: found,
    };
    const base: Command = {
      label: 'plan --base of 1000 and 1000, 100 changed',
      program: { ...node(bench, [bench.cli, 'plan', '--base', 'HEAD']), folder: checkout },
      wrong: found,
    };
    const samples = await measure([plan, base], bench.rounds);
    return { samples, findings: [finding(19, samples, base.label, plan.label, 1.5)] };
  });
}
