import { join } from 'node:path';
import {
  type Bench,
  type Finding,
  finding,
  node,
  type Planning,
  planning,
  proven,
  type RowResult,
  withServer,
} from './bench.ts';
import { isMinimal, tallyText } from './counts.ts';
import { type ServerKind, wireList, writeManifests } from './generate.ts';
import { measure, runChecked } from './measure.ts';

interface Floor {
  readonly floor: 'js-yaml' | 'yaml';
  readonly bound: number;
}

/** The plan that finds nothing to do, of so many manifests. */
export async function noOpPlan(
  bench: Bench,
  row: number,
  count: number,
  floors: readonly Floor[],
): Promise<RowResult> {
  const fleet = { count, tagEvery: 0 };
  const manifests = `row-${row}`;
  writeManifests(join(bench.folder, manifests), fleet);
  return withServer(bench, 'oss', async (server) => {
    const list = wireList(fleet, 'oss');
    const plan: Planning = { label: `plan ${count}`, program: planning(bench, manifests, server) };
    const below = floors.map(({ floor, bound }) => ({
      label: `floor ${count}, ${floor}`,
      program: node(bench, [join(bench.programs, 'floors', `${floor}.cjs`), manifests, server.url]),
      bound,
    }));
    const commands = await proven([...below, plan], server, list);
    const samples = await measure(commands, bench.rounds);
    return {
      findings: below.map(({ label, bound }) => finding(row, samples, plan.label, label, bound)),
      samples,
    };
  });
}

/** What such a plan asks the server. */
export async function requests(bench: Bench): Promise<RowResult> {
  return { findings: [await requestsOn(bench, 'oss'), await requestsOn(bench, 'orkes')], samples: new Map() };
}

async function requestsOn(bench: Bench, kind: ServerKind): Promise<Finding> {
  const isOrkes = kind === 'orkes';
  const fleet = { count: 1000, tagEvery: isOrkes ? 4 : 0 };
  const manifests = `row-8-${kind}`;
  writeManifests(join(bench.folder, manifests), fleet);
  return withServer(bench, kind, async (server) => {
    const credentials = { CONDUCTOR_AUTH_KEY: 'bench', CONDUCTOR_AUTH_SECRET: 'bench-secret' };
    const plan = {
      label: `plan ${fleet.count}, ${kind}`,
      program: planning(bench, manifests, server, isOrkes ? credentials : {}),
    };
    const ran = await runChecked((await proven([plan], server, wireList(fleet, kind)))[0]!);
    return {
      row: 8,
      what: `requests of \`plan ${fleet.count}\` on ${isOrkes ? 'an Orkes-like list, every fourth with tags' : 'an OSS list'}`,
      bound: '1 list, at most 1 version and 1 token',
      measured: tallyText(ran.requests),
      met: isMinimal(ran.requests),
    };
  });
}
