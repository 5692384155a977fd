import { type Bench, finding, node, type RowResult } from './bench.ts';
import { type Command, measure } from './measure.ts';
import { prints, printsNothing } from './proofs.ts';

/** What every start costs. */
export async function startUp(bench: Bench): Promise<RowResult> {
  const bare: Command = {
    label: 'node -e 0',
    program: node(bench, ['-e', '0']),
    wrong: printsNothing,
  };
  const flags: readonly Command[] = [
    { label: '--version', program: node(bench, [bench.cli, '--version']), wrong: prints(bench.version) },
    {
      label: '--help',
      program: node(bench, [bench.cli, '--help']),
      wrong: prints('downbeat', 'plan', 'apply'),
    },
  ];
  const samples = await measure([bare, ...flags], bench.rounds);
  return {
    findings: flags.map(({ label }) => finding(1, samples, label, bare.label, 1.15)),
    samples,
  };
}
