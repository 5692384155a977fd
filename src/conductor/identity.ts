import {
  type Failure,
  fail,
  type IdentifyOptions,
  type Outcome,
  type ServerIdentity,
  type ServerType,
  succeed,
} from '../model/port.ts';
import { present } from '../model/present.ts';
import { decode } from './answer.ts';
import type { Tokens } from './auth.ts';
import { type Evidence, identityOf, type ListTraits, type Question, recognise } from './detect.ts';
import type { Performed, Session } from './perform.ts';

/** What a connection knows of the server. */
export interface Identity {
  /**
   * Asks for the version, beside the first list: without a token from the server nothing else tells what it is. Without
   * a good answer, `identify` asks again.
   */
  foresee(): void;
  /** A list was read: what it tells may save a question. */
  sawList(traits: ListTraits | undefined): void;
  /** Each question is asked once; calls that come in the meantime share it. See `Reader.identify`. */
  identify(options?: IdentifyOptions): Promise<Outcome<ServerIdentity>>;
}

/** What the questions have brought so far. */
type Answers = Pick<Evidence, 'version' | 'tagsRoute' | 'missing' | 'pauseVerbs'>;

/** No schedule has it: whoever names one so gets an assumption instead of a fact. */
export const absentName = 'downbeat-asks-for-what-is-not-there';

export function identity(session: Session, tokens: Tokens, configured: ServerType | undefined): Identity {
  let list: ListTraits | undefined;
  let answers: Answers = {};
  let last: Promise<unknown> = Promise.resolve();
  let foreseen: Promise<Answers | undefined> | undefined;

  const versionAhead = async (): Promise<Answers | undefined> => {
    const token = await tokens.current();
    if (!token.ok || token.value !== undefined) return undefined;
    const asked = await session.perform('version', { once: true });
    return asked.ok ? versionIn(asked.value) : undefined;
  };

  const decide = async (tellsAge: boolean): Promise<Outcome<ServerIdentity>> => {
    // With a key, the exchange of it tells most.
    const token = await tokens.current();
    if (!token.ok) return token;
    for (;;) {
      const evidence: Evidence = { token: tokens.state(), ...present({ list }), ...answers };
      if (configured !== undefined)
        return succeed(identityOf({ serverType: configured, assumed: false }, evidence));
      const recognised = recognise(evidence, tellsAge);
      if (recognised.kind === 'decided') return succeed(identityOf(recognised, evidence));
      const ahead = recognised.question === 'version' ? await foreseen : undefined;
      const answer = ahead === undefined ? await questions[recognised.question](session) : succeed(ahead);
      if (!answer.ok) return answer;
      answers = { ...answers, ...answer.value };
    }
  };

  return {
    foresee: () => {
      if (configured === undefined && list === undefined) foreseen ??= versionAhead();
    },
    sawList: (traits) => {
      list ??= traits;
    },
    identify: ({ tellsAge = false } = {}) => {
      const deciding = last.then(() => decide(tellsAge));
      last = deciding;
      return deciding;
    },
  };
}

const questions: { readonly [Q in Question]: (session: Session) => Promise<Outcome<Answers>> } = {
  version: async ({ perform }) => {
    const asked = await perform('version');
    // Any status is an answer here: a server that does not tell its version is recognized by something else.
    if (!asked.ok && asked.failure.status === undefined) return asked;
    return succeed(asked.ok ? versionIn(asked.value) : { version: null });
  },
  'tags route': async ({ perform }) => {
    const asked = await perform('tags get', { schedule: absentName });
    // A page with a success status is a gateway's.
    if (asked.ok) return succeed({ tagsRoute: decode(asked.value.answer).ok });
    if (asked.failure.kind === 'unsupported') return succeed({ tagsRoute: false });
    return isSilent(asked.failure) ? asked : succeed({ tagsRoute: true });
  },
  missing: async ({ perform }) => {
    const asked = await perform('get', { schedule: absentName });
    if (asked.ok) return succeed({ missing: asked.value.answer.text === '' ? 'oss-1' : 'unknown' });
    if (isSilent(asked.failure)) return asked;
    return succeed({ missing: missingWords[asked.failure.words] ?? 'unknown' });
  },
  'pause verbs': async ({ perform }) => {
    const asked = await perform('pause verbs', { schedule: absentName });
    // A server or gateway that does not take it leaves open what it would have told.
    if (!asked.ok) return isInterrupted(asked.failure) ? fail(asked.failure) : succeed({ pauseVerbs: [] });
    const { allow = '' } = asked.value.answer.headers;
    return succeed({ pauseVerbs: allow.split(',').map((verb) => verb.trim().toUpperCase()) });
  },
};

function versionIn({ answer }: Performed): Answers {
  const text = answer.text.trim();
  return { version: /^v?\d[\w.+-]{0,40}$/.test(text) ? text : null };
}

/** The words of OSS for a schedule that is not there, by their server type (v3.23.0, v3.32.1). */
const missingWords: { readonly [words: string]: 'oss-0' | 'oss-2' } = {
  [`Schedule not found: ${absentName}`]: 'oss-0',
  [`Schedule '${absentName}' not found`]: 'oss-2',
};

/** No answer, or one that says nothing of the routes: a server in trouble may answer the next request otherwise. */
function isSilent({ status, retryable }: Failure): boolean {
  return status === undefined || status >= 500 || retryable === true;
}

function isInterrupted({ kind }: Failure): boolean {
  return kind === 'interrupted';
}
