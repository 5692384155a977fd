import { type ServedType, serverTypes } from '../../scheduler/server-types.ts';
import { assumptions, type Switches } from '../../scheduler/switches.ts';
import { refuse, type Settled } from '../../settings/settings.ts';

export type Assumed = {
  readonly switches: Switches;
  /** Every assumption as `name=word`, in the order of the table; empty where nothing is assumed. */
  readonly words: readonly string[];
};

/** What `--assume NAME=WORD`, given any number of times, sets for what is not known about a server of this type. */
export function assumed(typed: readonly string[], serverType: ServedType): Settled<Assumed> {
  // Only about Orkes anything is a guess.
  if (serverTypes[serverType].facts !== 'user') {
    return typed.length === 0
      ? { ok: true, value: { switches: {}, words: [] } }
      : refuse(`--assume: nothing is assumed about ${serverType}`, 'it is about --server-type orkes-new');
  }
  const chosen = new Map(assumptions.map(({ name, words }) => [name, Object.keys(words)[0] ?? '']));
  for (const text of typed) {
    const [name = '', word = ''] = text.split(/=(.*)/s);
    const assumption = assumptions.find((known) => known.name === name);
    if (assumption === undefined) {
      const names = assumptions.map((known) => known.name).join(', ');
      return refuse(`unknown assumption '${name}'`, `there are ${names}`);
    }
    if (!Object.hasOwn(assumption.words, word)) {
      return refuse(
        `--assume ${name} is not '${word}'`,
        `it is ${Object.keys(assumption.words).join(' or ')}`,
      );
    }
    chosen.set(name, word);
  }
  const switches = assumptions.map(({ name, words }) => words[chosen.get(name) ?? ''] ?? {});
  return {
    ok: true,
    value: {
      switches: Object.assign({}, ...switches),
      words: [...chosen].map(([name, word]) => `${name}=${word}`),
    },
  };
}
