import { join } from 'node:path';
import { type Bench, type Finding, node, proven, type RowResult, withServer } from './bench.ts';
import { wireList, writeManifests } from './generate.ts';
import { median, runChecked } from './measure.ts';

const sizes = [10, 100, 1000, 10_000, 100_000] as const;
/** The largest takes seconds, and what grows too fast does so by far. */
const rounds = 3;

interface Size {
  readonly count: number;
  readonly milliseconds: number;
  /** Peak resident memory of the process. */
  readonly mebibytes: number;
}

/** Time and peak memory of a plan without changes, from ten schedules to a hundred thousand. */
export async function growth(bench: Bench): Promise<RowResult> {
  const samples = new Map<string, readonly number[]>();
  const seen: Size[] = [];
  for (const count of sizes) {
    const fleet = { count, tagEvery: 0 };
    const manifests = `row-7-${count}`;
    writeManifests(join(bench.folder, manifests), fleet);
    const label = `plan ${count}, its memory watched`;
    const runs = await withServer(bench, 'oss', async (server) => {
      const watched = ['--require', join(bench.programs, 'peak.cjs'), bench.cli];
      const program = node(bench, [...watched, 'plan', manifests, '--server', server.url]);
      const [plan] = await proven([{ label, program }], server, wireList(fleet, 'oss'));
      if (plan === undefined) throw new Error('nothing was proven');
      const done = [];
      for (let round = 0; round < rounds; round += 1) done.push(await runChecked(plan));
      return done;
    });
    const times = runs.map(({ milliseconds }) => milliseconds);
    samples.set(label, times);
    seen.push({ count, milliseconds: median(times), mebibytes: Math.max(...runs.map(peak)) });
  }
  const [start, , , tenThousand, hundredThousand] = seen as [Size, Size, Size, Size, Size];
  const times =
    (hundredThousand.milliseconds - start.milliseconds) / (tenThousand.milliseconds - start.milliseconds);
  const memory = (hundredThousand.mebibytes - start.mebibytes) / (tenThousand.mebibytes - start.mebibytes);
  return {
    samples,
    findings: [
      atMost('peak memory at 10,000', tenThousand.mebibytes, 150, ' MiB'),
      atMost('peak memory at 100,000', hundredThousand.mebibytes, 600, ' MiB'),
      atMost('time from 10,000 to 100,000, start-up taken off', times, 11, ' ×'),
      atMost('memory from 10,000 to 100,000, start-up taken off', memory, 11, ' ×'),
      ...seen.map(({ count, milliseconds, mebibytes }) => ({
        row: 7,
        what: `at ${count}`,
        bound: '',
        measured: `${milliseconds.toFixed(0)} ms, ${mebibytes.toFixed(0)} MiB`,
        met: true,
      })),
    ],
  };
}

function peak({ stderr }: { readonly stderr: string }): number {
  const kibibytes = /^peak (\d+) KiB$/m.exec(stderr)?.[1];
  if (kibibytes === undefined) throw new Error('the run did not tell its peak memory');
  return Number(kibibytes) / 1024;
}

function atMost(what: string, value: number, bound: number, unit: string): Finding {
  return {
    row: 7,
    what,
    bound: `≤ ${bound}${unit}`,
    measured: `${value.toFixed(1)}${unit}`,
    met: value <= bound,
  };
}
