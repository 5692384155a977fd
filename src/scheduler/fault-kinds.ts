import { isObject, parseJson, writeJson } from '../model/json.ts';
import type { Fault, FaultPlan } from './faults.ts';
import { seededNumbers } from './random.ts';
import { createRouter, patternsIn } from './router.ts';
import { type RouteAction, type ServedType, type ServerTypeRow, serverTypes } from './server-types.ts';
import type { WireRequest } from './wire.ts';

/** The faults that people ask for by name. */
export type FaultKind =
  | '429'
  | '500'
  | '502'
  | '503'
  | '504'
  | 'reset-before'
  | 'reset-after'
  | 'slow'
  | 'cut-off'
  | 'html'
  | 'expired-token'
  | 'lost-tags-write'
  | 'second-writer'
  | 'restart'
  | 'dead-timer';

/** One kind of fault and the share of requests that meet it, 0 to 1. */
export type FaultRate = {
  readonly kind: FaultKind;
  readonly rate: number;
};

export type FaultTiming = {
  /** How long a slow answer takes. */
  readonly slowMs: number;
  /** How long a restart takes. */
  readonly downMs: number;
  /** What a 429 asks for. */
  readonly retryAfterSeconds: number;
};

export type KindOptions = {
  readonly seed: number;
  readonly serverType: ServedType;
  /** Their sum must not exceed 1: a request meets one fault at most. */
  readonly rates: readonly FaultRate[];
  readonly timing?: FaultTiming;
};

const usualTiming: FaultTiming = { slowMs: 2000, downMs: 2000, retryAfterSeconds: 1 };

/** A request that is about to meet a fault. */
type Victim = {
  readonly row: ServerTypeRow;
  readonly timing: FaultTiming;
  readonly request: WireRequest;
  readonly action: RouteAction | undefined;
  /** The schedule that the request is about, decoded. */
  readonly schedule: string | undefined;
  /** Decides what the name of the kind leaves open; 0 to below 1. */
  readonly chance: number;
};

/** What each kind does to a request; `undefined` = it cannot happen to this one. */
const kinds: { readonly [K in FaultKind]: (victim: Victim) => Fault | undefined } = {
  '429': ({ timing: { retryAfterSeconds } }) => ({
    kind: 'status',
    status: 429,
    effect: false,
    retryAfterSeconds,
  }),
  '500': () => ({ kind: 'status', status: 500, effect: false }),
  // A gateway does not know what became of the request after it.
  '502': ({ chance }) => ({ kind: 'status', status: 502, effect: chance < 0.5 }),
  '503': () => ({ kind: 'status', status: 503, effect: false }),
  '504': ({ chance }) => ({ kind: 'status', status: 504, effect: chance < 0.5 }),
  'reset-before': () => ({ kind: 'reset', effect: false }),
  'reset-after': () => ({ kind: 'reset', effect: true }),
  slow: ({ timing: { slowMs } }) => ({ kind: 'delay', ms: slowMs }),
  'cut-off': () => ({ kind: 'cut-off' }),
  html: () => ({ kind: 'html', effect: false }),
  'expired-token': ({ request }) =>
    request.headers['x-authorization'] === undefined ? undefined : { kind: 'expired token' },
  'lost-tags-write': ({ action }) =>
    action === 'tags set' || action === 'tags delete' ? { kind: 'lost write' } : undefined,
  'second-writer': ({ row, schedule, chance }) =>
    schedule === undefined
      ? undefined
      : { kind: 'foreign writer', request: foreignRequest(row, schedule, chance) },
  restart: ({ timing: { downMs }, chance }) => ({ kind: 'restart', effect: chance < 0.5, ms: downMs }),
  'dead-timer': ({ timing: { downMs }, action, schedule }) =>
    action === 'save' && schedule !== undefined ? { kind: 'dead timer', schedule, ms: downMs } : undefined,
};

/** All of them, in the order in which help texts list them. */
export const faultKinds: readonly FaultKind[] = Object.keys(kinds) as readonly FaultKind[];

/** The route without which a server never shows this fault. */
const needs: { readonly [K in FaultKind]?: RouteAction } = {
  'expired-token': 'token',
  'lost-tags-write': 'tags set',
};

/** False when no request to this server can meet this fault: one without tags loses no tags write. */
export function canHappen(kind: FaultKind, serverType: ServedType): boolean {
  const action = needs[kind];
  return action === undefined || serverTypes[serverType].routes[action].length > 0;
}

/** A repeatable fault plan: the same seed and the same requests meet the same faults. */
export function faultsOfKinds({ rates, ...options }: KindOptions): FaultPlan {
  const draw = drawnFaults({ ...options, rates: () => rates });
  return (request) => draw(request)?.fault;
}

/** The same with shares that may change in the meantime, and the kind of each fault. */
export function drawnFaults({
  seed,
  serverType,
  rates,
  timing = usualTiming,
}: Omit<KindOptions, 'rates'> & { readonly rates: () => readonly FaultRate[] }): (
  request: WireRequest,
) => { readonly kind: FaultKind; readonly fault: Fault } | undefined {
  const random = seededNumbers(seed);
  const make = faultMaker(serverType, timing);
  return (request) => {
    // Always two numbers, so that a fault that cannot happen to a request does not shift the sequence.
    const [which, chance] = [random(), random()];
    let below = 0;
    for (const { kind, rate } of rates()) {
      below += rate;
      if (which >= below) continue;
      const fault = make(kind, request, chance);
      return fault && { kind, fault };
    }
    return undefined;
  };
}

/** What a kind does to a request to a server of this type; `chance` (0 to below 1) decides what its name leaves open. */
export type FaultMaker = (kind: FaultKind, request: WireRequest, chance: number) => Fault | undefined;

export function faultMaker(serverType: ServedType, timing: FaultTiming = usualTiming): FaultMaker {
  const row = serverTypes[serverType];
  const find = createRouter(row.routes);
  return (kind, request, chance) => {
    const match = find(request.method, request.path.split('/'));
    const [action, parameters] = match.kind === 'action' ? [match.action, match.parameters] : [undefined, []];
    const schedule = action === undefined ? undefined : scheduleOf(request, action, parameters);
    return kinds[kind]({ row, timing, request, action, schedule, chance });
  };
}

function scheduleOf(
  { body = '' }: WireRequest,
  action: RouteAction,
  parameters: readonly string[],
): string | undefined {
  switch (action) {
    case 'save': {
      const parsed = parseJson(body);
      const name = parsed.ok && isObject(parsed.value) ? parsed.value.name : undefined;
      return typeof name === 'string' ? name : undefined;
    }
    case 'get':
    case 'delete':
    case 'pause':
    case 'resume':
    case 'tags get':
    case 'tags set':
    case 'tags delete':
      return parameters[0];
    default:
      return undefined;
  }
}

/** What somebody else does to a schedule at that time. */
function foreignRequest({ routes }: ServerTypeRow, schedule: string, chance: number): WireRequest {
  const actions = ['pause', 'resume', 'save', 'delete'] as const;
  const action = actions[Math.floor(chance * actions.length)] ?? 'pause';
  const [method = '', pattern = ''] = (patternsIn(routes[action])[0] ?? '').split(' ');
  const request = {
    method,
    path: pattern.replace('{name}', encodeURIComponent(schedule)),
    query: '',
    headers: {},
  };
  if (action === 'pause') return { ...request, query: 'reason=by%20a%20second%20writer' };
  if (action !== 'save') return request;
  return {
    ...request,
    query: 'overwrite=true',
    headers: { 'content-type': 'application/json' },
    body: writeJson({
      name: schedule,
      description: 'by a second writer',
      cronExpression: '0 0 12 * * ?',
      startWorkflowRequest: { name: 'second_writer' },
    }),
  };
}
