import {
  canHappen,
  drawnFaults,
  type FaultKind,
  type FaultRate,
  faultKinds,
  faultMaker,
} from '../fault-kinds.ts';
import type { Fault } from '../faults.ts';
import { seededNumbers } from '../random.ts';
import type { ServedType } from '../server-types.ts';
import type { WireRequest } from '../wire.ts';

/** What can be made to go wrong: a request, or a fire that cannot start its workflow. */
export type LocalFault = FaultKind | 'failed-run';

export type FailOptions = {
  /** How many requests, or fires, meet it. Default: 1. */
  readonly times?: number;
  /** Only requests for which this is true count. Default: every request that the fault can happen to. */
  readonly on?: (request: WireRequest) => boolean;
};

/** Faults that can be switched on and off while the scheduler runs. */
export type SwitchableFaults = {
  /** For a scheduler's `fault` and `failsRun`. */
  plan(request: WireRequest): Fault | undefined;
  failsRun(): boolean;
  /** The kind that the last planned request met. */
  last(): FaultKind | undefined;
  /** Those that can happen on this server type, with the share that meets them, 0 to 1. */
  rates(): readonly { readonly kind: LocalFault; readonly rate: number }[];
  /** False, and nothing changes: it cannot happen here, or all shares would add up to more than 1. */
  setRate(kind: LocalFault, rate: number): boolean;
  /** Lets the next requests or fires fail. Returns how to take it back. */
  fail(kind: LocalFault, options?: FailOptions): () => void;
  /** As at the start. */
  reset(): void;
};

/** What is left of one call of `fail`. */
type Pending = {
  readonly kind: LocalFault;
  readonly on: (request: WireRequest) => boolean;
  left: number;
};

export type FaultsOptions = {
  readonly seed: number;
  readonly serverType: ServedType;
  readonly rates?: readonly FaultRate[];
  /** The share of the fires that fail, 0 to 1. */
  readonly failedRuns?: number;
};

// Ten times 0.1 is a little more or less than 1.
const mostRates = 1.000001;

export function switchableFaults({
  seed,
  serverType,
  rates: first = [],
  failedRuns = 0,
}: FaultsOptions): SwitchableFaults {
  const make = faultMaker(serverType);
  const possible: readonly LocalFault[] = [
    ...faultKinds.filter((kind) => canHappen(kind, serverType)),
    'failed-run',
  ];
  let pending: Pending[] = [];
  let rates: readonly FaultRate[] = first;
  let runRate = failedRuns;
  let last: FaultKind | undefined;
  let chance = seededNumbers(seed);
  let unlucky = seededNumbers(seed);
  // One sequence for all rates, so that a switch does not begin it again.
  let byRates = drawnFaults({ seed, serverType, rates: () => rates });

  /** Takes one from the first `fail` that is about this. */
  function take(isAbout: (one: Pending) => boolean): boolean {
    const one = pending.find(isAbout);
    if (one === undefined) return false;
    one.left -= 1;
    if (one.left <= 0) pending = pending.filter((other) => other !== one);
    return true;
  }

  return {
    plan(request) {
      last = undefined;
      let fault: Fault | undefined;
      const isHit = take(({ kind, on }) => {
        if (kind === 'failed-run' || !on(request)) return false;
        fault = make(kind, request, chance());
        if (fault !== undefined) last = kind;
        return fault !== undefined;
      });
      if (isHit) return fault;
      const found = byRates(request);
      last = found?.kind;
      return found?.fault;
    },
    failsRun: () => take(({ kind }) => kind === 'failed-run') || unlucky() < runRate,
    last: () => last,
    rates: () =>
      possible.map((kind) => ({
        kind,
        rate: kind === 'failed-run' ? runRate : (rates.find((one) => one.kind === kind)?.rate ?? 0),
      })),
    setRate(kind, rate) {
      if (!possible.includes(kind) || !(rate >= 0 && rate <= 1)) return false;
      if (kind === 'failed-run') {
        runRate = rate;
        return true;
      }
      const next = [...rates.filter((one) => one.kind !== kind), ...(rate > 0 ? [{ kind, rate }] : [])];
      if (next.reduce((sum, one) => sum + one.rate, 0) > mostRates) return false;
      rates = next;
      return true;
    },
    fail(kind, { times = 1, on = () => true } = {}) {
      if (!possible.includes(kind))
        throw new RangeError(`${kind} cannot happen on ${serverType}; there are ${possible.join(', ')}`);
      const one: Pending = { kind, on, left: times };
      if (times > 0) pending.push(one);
      return () => {
        pending = pending.filter((other) => other !== one);
      };
    },
    reset() {
      pending = [];
      rates = first;
      runRate = failedRuns;
      last = undefined;
      chance = seededNumbers(seed);
      unlucky = seededNumbers(seed);
      byRates = drawnFaults({ seed, serverType, rates: () => rates });
    },
  };
}
