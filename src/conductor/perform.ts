import { type Query, queryText, segment } from '../http/url.ts';
import type { FailureKind } from '../model/generated/report-parts.ts';
import type { Json } from '../model/json.ts';
import { type Failure, fail, type Operation, type Outcome, type ServerType, succeed } from '../model/port.ts';
import { present } from '../model/present.ts';
import { type Answer, decode, isHtml, isMissing, isUnknownRoute, succeeded, wordsOf } from './answer.ts';
import type { Tokens } from './auth.ts';
import type { Call, Refusals } from './failure.ts';
import { ladder, type Tried, type Verdict } from './ladder.ts';
import { operations, type Route } from './routes.ts';
import type { Send } from './send.ts';
import { serverTypes } from './server-types.ts';

/** What an operation is about. */
export interface Subject {
  readonly schedule?: string;
  /** In the place of a schedule. */
  readonly workflow?: string;
  readonly query?: Query;
  /** JSON text. */
  readonly body?: string;
  /** Sent at most once. */
  readonly once?: boolean;
}

/** An answer with a success status, and the call that brought it. */
export interface Performed {
  readonly call: Call;
  readonly answer: Answer;
}

/** Carries out operations in whatever form the server knows. */
export interface Session {
  /** Any answer without a success status is a failure. */
  perform(operation: Operation, subject?: Subject): Promise<Outcome<Performed>>;
  /** A failure by the content of an answer that has a success status. */
  refuse(performed: Performed, kind: FailureKind, words: string): Failure;
  /** The failure of an operation that cannot express the name of a schedule, so nothing is sent. */
  unsayable(operation: Operation, name: string): Failure;
}

interface Sent {
  readonly call: Call;
  readonly outcome: Outcome<Answer>;
}

export function session(options: {
  readonly send: Send;
  readonly tokens: Tokens;
  readonly refusals: Refusals;
  /** Where the operations' forms start; absent = with the usual one. */
  readonly configured: ServerType | undefined;
}): Session {
  const { send, tokens, refusals, configured } = options;
  const { climb } = ladder();
  const startsAt = configured === undefined ? {} : serverTypes[configured].startsAt;

  return {
    perform: async (operation, subject = {}) => {
      const { forms } = operations[operation];
      const named = subject.schedule ?? subject.workflow;
      const name = named === undefined ? '' : segment(named);
      if (name === undefined) {
        const words = `the name ${JSON.stringify(named)} cannot be part of a URL`;
        const call = callOf(operation, forms[0], '{name}', subject);
        return fail(refusals.plain(call, 'unaddressable', words, { attempts: 0 }));
      }
      const sent = await climb(
        operation,
        forms,
        startsAt[operation] ?? 0,
        async (form): Promise<Tried<Sent>> => {
          const call = callOf(operation, form, name, subject);
          const outcome = await send(call, tokens);
          return { verdict: verdictOf(outcome, named), result: { call, outcome } };
        },
      );
      if (sent === undefined) {
        const call = callOf(operation, forms[0], name, subject);
        const words = `a server of type ${configured} has no such operation`;
        return fail(refusals.plain(call, 'unsupported', words, { attempts: 0 }));
      }
      const { call, outcome } = sent;
      if (!outcome.ok) return outcome;
      const answer = outcome.value;
      return succeeded(answer) ? succeed({ call, answer }) : fail(refusals.answered(call, answer));
    },
    refuse: ({ call, answer }, kind, words) => refusals.answered(call, answer, kind, words),
    unsayable: (operation, name) => {
      const call = callOf(operation, operations[operation].forms[0], '', { schedule: name });
      const words = `the search syntax cannot express the name ${JSON.stringify(name)}`;
      return refusals.plain(call, 'unaddressable', words, { attempts: 0 });
    },
  };
}

function callOf(
  operation: Operation,
  form: Route,
  name: string,
  { schedule, workflow, query, body, once }: Subject,
): Call {
  return {
    operation,
    ...present({ schedule, workflow }),
    method: form.method,
    // A function, because `$&` in a name is a pattern otherwise.
    path: form.path.replace('{name}', () => name),
    query: queryText(query ?? {}),
    ...present({ body, once }),
  };
}

function verdictOf(outcome: Outcome<Answer>, named: string | undefined): Verdict {
  if (!outcome.ok) return 'open';
  const answer = outcome.value;
  if (isUnknownRoute(answer)) return 'unknown';
  if (succeeded(answer)) return isHtml(answer) ? 'open' : 'known';
  const understood = answer.status === 400 || answer.status === 409;
  return understood || (named !== undefined && isMissing(answer, named)) ? 'known' : 'open';
}

/** Reads the JSON of an answer with `from`, which says `undefined` to what it cannot be. */
export function read<T>(
  { refuse }: Session,
  performed: Performed,
  from: (value: Json) => T | undefined,
  expected: string,
): Outcome<T> {
  const body = decode(performed.answer);
  if (!body.ok) return fail(refuse(performed, body.kind, body.words));
  const value = from(body.value);
  return value === undefined
    ? fail(refuse(performed, 'shape', `the answer is not ${expected}`))
    : succeed(value);
}

/** Takes any answer with a success status, but for an HTML page: that is not Conductor's. */
export function accept({ refuse }: Session, performed: Performed): Outcome<null> {
  return isHtml(performed.answer)
    ? fail(refuse(performed, 'html', wordsOf(performed.answer)))
    : succeed(null);
}
