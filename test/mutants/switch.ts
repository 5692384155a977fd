/**
 * The switch of the mutants, which the instrumented sources ask by the names that the instrumenter of StrykerJS gives
 * them. It is a setup file, since the sources ask while they are loaded.
 */
interface Switch {
  /** The mutant that is planted; none, while it is known which test reaches which. */
  active: string | undefined;
  /** How often the active one was reached, and how often it may be: a loop without end does it more often. */
  hits: number;
  most: number;
  /** Who reached which mutant how often; asked for by `reach`, absent otherwise. */
  reached: Map<string, number> | undefined;
}

export const mutants: Switch = {
  active: undefined,
  hits: 0,
  most: Number.POSITIVE_INFINITY,
  reached: new Map(),
};

Object.assign(globalThis, {
  stryNS_9fa48: () => ({}),
  stryMutAct_9fa48: (id: string): boolean => {
    if (mutants.active !== id) return false;
    mutants.hits += 1;
    if (mutants.hits > mutants.most) throw new Error(`mutant ${id} is reached without end`);
    return true;
  },
  stryCov_9fa48: (...ids: readonly string[]): void => {
    const { reached } = mutants;
    if (reached !== undefined) for (const id of ids) reached.set(id, (reached.get(id) ?? 0) + 1);
  },
});
