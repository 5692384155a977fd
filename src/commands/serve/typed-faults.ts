import { canHappen, type FaultRate, faultKinds } from '../../scheduler/fault-kinds.ts';
import type { ServedType } from '../../scheduler/server-types.ts';
import { refuse, type Settled } from '../../settings/settings.ts';

const usualRate = 0.05;

/** The one fault that no request meets: a fire that cannot start its workflow. */
const failedRun = 'failed-run';

export type Faults = {
  /** Of the requests. */
  readonly rates: readonly FaultRate[];
  /** The share of the fires that fail, 0 to 1. */
  readonly failedRuns: number;
};

/** What `--fault KIND[=RATE]`, given any number of times, asks of a server of this server type. */
export function faultRates(typed: readonly string[], serverType: ServedType): Settled<Faults> {
  const rates: FaultRate[] = [];
  let failedRuns = 0;
  for (const text of typed) {
    const [name = '', share] = text.split(/=(.*)/s);
    const kind = faultKinds.find((known) => known === name);
    if (kind === undefined && name !== failedRun) {
      return refuse(`unknown fault '${name}'`, `there are ${[...faultKinds, failedRun].join(', ')}`);
    }
    if (kind !== undefined && !canHappen(kind, serverType)) {
      return refuse(`the fault ${kind} cannot happen on ${serverType}`, 'it can on --server-type orkes-new');
    }
    const rate = share === undefined ? usualRate : rateOf(share);
    if (rate === undefined) {
      return refuse(
        `--fault ${text} has no share of the requests from 0 to 1`,
        `for example --fault ${name}=0.1 or --fault ${name}=10%`,
      );
    }
    if (kind === undefined) failedRuns = rate;
    else rates.push({ kind, rate });
  }
  const sum = rates.reduce((total, { rate }) => total + rate, 0);
  // Ten times 0.1 is a little more or less than 1.
  return sum > 1.000001
    ? refuse(
        `the shares of all faults add up to ${Number(sum.toFixed(6))}`,
        'keep the sum at 1 or less: a request has one fault at most',
      )
    : { ok: true, value: { rates, failedRuns } };
}

function rateOf(text: string): number | undefined {
  const [, digits, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  if (digits === undefined) return undefined;
  const rate = Number(digits) / (percent === '%' ? 100 : 1);
  return rate <= 1 ? rate : undefined;
}
