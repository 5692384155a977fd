import { join } from 'node:path';
import { type Bench, finding, node, planning, proven, type RowResult, withServer } from './bench.ts';
import { wireList, writeManifests } from './generate.ts';
import { type Command, measure } from './measure.ts';

const week = ['--from', '2026-11-23', '--to', '2026-11-30', '--output', 'json'];

/** Every fire of a thousand schedules in a week, beside a plan of them without changes. */
export async function agenda(bench: Bench): Promise<RowResult> {
  const fleet = { count: 1000, tagEvery: 0 };
  const manifests = 'row-13';
  writeManifests(join(bench.folder, manifests), fleet);
  return withServer(bench, 'oss', async (server) => {
    const plan = { label: 'plan 1000 (row 13)', program: planning(bench, manifests, server) };
    const agenda: Command = {
      label: 'agenda of 1000 for a week',
      program: node(bench, [bench.cli, 'agenda', manifests, ...week]),
      wrong: ({ code, stdout }) => {
        if (code !== 0) return 'it should end with 0';
        // One fire a day each.
        const { fires } = JSON.parse(stdout) as { readonly fires: readonly unknown[] };
        return fires.length === 7000 ? undefined : `it has ${fires.length} fires, not 7000`;
      },
    };
    const samples = await measure(
      [agenda, ...(await proven([plan], server, wireList(fleet, 'oss')))],
      bench.rounds,
    );
    return { samples, findings: [finding(13, samples, agenda.label, plan.label, 10)] };
  });
}
