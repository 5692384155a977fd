import type { Settled } from './compare.ts';
import type { FuzzRequest } from './requests.ts';

/** One known difference between the real server and `serve`. */
export type Known = {
  /** Why it is left. */
  readonly reason: string;
  readonly is: (request: FuzzRequest, real: Settled, local: Settled) => boolean;
};

/** Everything else that differs is a fault. */
export const known: readonly Known[] = [
  {
    reason: 'a JVM that has thrown one exception very often throws it without its words',
    is: ({ target }, real, local) =>
      target.includes('sort=') && real.status === 500 && local.status === 500 && !hasMessage(real),
  },
  {
    reason: 'null with half a character behind it is refused in other words',
    is: ({ body }, real, local) =>
      body?.subarray(0, 4).toString('latin1') === 'null' && real.status === 500 && local.status === 500,
  },
  {
    reason: 'routes of tasks that no scheduler needs are not here, so that other verbs meet none of them',
    is: ({ target, method }, real, local) =>
      target.startsWith('/api/tasks') &&
      (method === 'OPTIONS' ||
        (method !== 'GET' && Number(real.status) >= 400 && Number(local.status) >= 400)),
  },
  {
    reason: 'records that are equal in what they are sorted by come in the order of the database',
    is: ({ operation, target }, real, local) =>
      operation === 'search executions' &&
      real.status === 200 &&
      local.status === 200 &&
      totalOf(real) === totalOf(local) &&
      areEqualButForTies(sortFields(target), resultsOf(real), resultsOf(local)),
  },
  {
    reason: 'outside /api there is the user interface, which knows GET alone; here there is nothing',
    is: ({ target }, real, local) =>
      !target.startsWith('/api/') && (real.status === 405 || real.status === 406) && local.status === 404,
  },
  {
    reason: 'JavaScript has no dates after the year 275,760, so nothing fires after it here',
    is: ({ operation, target }) =>
      operation === 'next few' &&
      [...target.matchAll(/Time=([^&]*)/g)].some(([, text = '']) => Math.abs(Number(text)) > 8.64e15),
  },
  {
    reason: "a PUT with a form as its body is answered by Spring Boot's own error page, which has a time",
    is: ({ method, headers }, real, local) =>
      method !== 'GET' &&
      headers.some((header) => header.includes('x-www-form-urlencoded')) &&
      real.status === local.status,
  },
];

type Result = { readonly [field: string]: unknown };

function resultsOf({ body }: Settled): readonly Result[] {
  const { results } = body as { readonly results?: unknown };
  return Array.isArray(results) ? results : [];
}

/** The fields of a record that a sort can name; any other name means the first of them. */
const fields = ['scheduledTime', 'executionTime', 'scheduleName', 'workflowName', 'state'];

function sortFields(target: string): readonly string[] {
  const asked = new URLSearchParams(target.slice(target.indexOf('?') + 1)).getAll('sort');
  return asked
    .flatMap((text) => text.split(','))
    .filter((part) => part.trim() !== '')
    .map((part) => part.split(':')[0]?.trim() ?? '')
    .map((name) => (fields.includes(name) ? name : 'scheduledTime'));
}

/**
 * Whether two pages have equal values of the fields that they are sorted by, place by place, and, where a run of equal ones
 * does not touch an end of the page, the same records in it.
 */
function areEqualButForTies(
  by: readonly string[],
  real: readonly Result[],
  local: readonly Result[],
): boolean {
  const keys = (page: readonly Result[]): readonly string[] =>
    page.map((one) =>
      JSON.stringify((by.length === 0 ? ['scheduledTime'] : by).map((field) => one[field] ?? null)),
    );
  const [theirs, ours] = [keys(real), keys(local)];
  if (JSON.stringify(theirs) !== JSON.stringify(ours)) return false;
  const inside = (page: readonly Result[]): string =>
    JSON.stringify(
      page
        .flatMap((one, at) =>
          theirs[at] === theirs[0] || theirs[at] === theirs.at(-1) ? [] : [theirs[at] + JSON.stringify(one)],
        )
        .sort(),
    );
  return inside(real) === inside(local);
}

function totalOf({ body }: Settled): string {
  return JSON.stringify((body as { readonly totalHits?: unknown }).totalHits);
}

function hasMessage({ body }: Settled): boolean {
  return (body as { readonly message?: unknown }).message !== undefined;
}
