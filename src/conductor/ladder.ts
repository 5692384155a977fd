/**
 * What one attempt tells about a form of an operation.
 * - `known`: the server has this form, whatever it said
 * - `unknown`: it has no such route or verb, so the next form is tried
 * - `open`: the answer tells nothing (none came, no permission, overload), and nothing is tried in its place
 */
export type Verdict = 'known' | 'unknown' | 'open';

/** What became of one form. */
export interface Tried<R> {
  readonly verdict: Verdict;
  readonly result: R;
}

/** Finds out, once per server and run, which form of an operation the server knows. */
export interface Ladder {
  /**
   * Tries the forms from number `first` on and remembers for `key` the first one that the server knows; calls that
   * come in the meantime wait for that and go straight to it. The result is the last attempt's; `undefined` = there was no
   * form to try. That every form is unknown is not remembered: a gateway says so too while its server restarts.
   */
  climb<F, R>(
    key: string,
    forms: readonly F[],
    first: number,
    attempt: (form: F) => Promise<Tried<R>>,
  ): Promise<R | undefined>;
}

export function ladder(): Ladder {
  const settled = new Map<string, number>();
  const probes = new Map<string, Promise<unknown>>();

  async function climbFrom<F, R>(
    start: number,
    key: string,
    forms: readonly F[],
    attempt: (form: F) => Promise<Tried<R>>,
  ): Promise<R | undefined> {
    let last: R | undefined;
    for (const [index, form] of forms.entries()) {
      if (index < start) continue;
      const { verdict, result } = await attempt(form);
      last = result;
      if (verdict === 'known') settled.set(key, index);
      if (verdict !== 'unknown') break;
    }
    return last;
  }

  return {
    climb: async (key, forms, first, attempt) => {
      for (;;) {
        const start = settled.get(key) ?? first;
        // On the last form there is nothing left to find out, so no request has to wait.
        if (settled.has(key) || start >= forms.length - 1) return climbFrom(start, key, forms, attempt);
        const probe = probes.get(key);
        if (probe === undefined) break;
        await probe;
      }
      const probe = climbFrom(first, key, forms, attempt).finally(() => probes.delete(key));
      probes.set(key, probe);
      return probe;
    },
  };
}
