import { type Outcome, type ServerIdentity, type ServerType, succeed } from '../model/port.ts';
import { present } from '../model/present.ts';
import type { Tokens } from './auth.ts';
import { type Evidence, identityOf, type ListTraits, recognise } from './detect.ts';
import type { Session } from './perform.ts';

/** What a connection knows of the server. */
export interface Identity {
  /** A list was read: what it tells may save a question. */
  sawList(traits: ListTraits | undefined): void;
  /** Decided once; calls that come meanwhile share the question. */
  identify(): Promise<Outcome<ServerIdentity>>;
}

interface Decided {
  readonly serverType: ServerType;
  readonly version?: string | null;
}

export function identity({ perform }: Session, tokens: Tokens, configured: ServerType | undefined): Identity {
  let list: ListTraits | undefined;
  let deciding: Promise<Outcome<Decided>> | undefined;

  const evidence = (): Evidence => ({ token: tokens.state(), ...present({ list }) });

  const decide = async (): Promise<Outcome<Decided>> => {
    // With a key, the exchange of it tells most.
    const token = await tokens.current();
    if (!token.ok) return token;
    if (configured !== undefined) return succeed({ serverType: configured });
    const known = recognise(evidence());
    if (known !== undefined) return succeed({ serverType: known });
    const asked = await perform('version');
    // Any status is an answer here: a server that does not tell its version is taken for what it most likely is.
    if (!asked.ok && asked.failure.status === undefined) return asked;
    const text = asked.ok ? asked.value.answer.text.trim() : '';
    const version = /^v?\d[\w.+-]{0,40}$/.test(text) ? text : null;
    return succeed({ serverType: recognise({ ...evidence(), version }) ?? 'oss-2', version });
  };

  return {
    sawList: (traits) => {
      list ??= traits;
    },
    identify: async () => {
      deciding ??= decide();
      const decided = await deciding;
      if (!decided.ok) {
        // Whatever was wrong may be over at the next question.
        deciding = undefined;
        return decided;
      }
      const { serverType, version } = decided.value;
      return succeed(identityOf(serverType, { ...evidence(), ...present({ version }) }));
    },
  };
}
