import type { RouteAction, ServerTypeRow } from './server-types.ts';

export type RouteMatch =
  | { readonly kind: 'action'; readonly action: RouteAction; readonly parameters: readonly string[] }
  /** The path is known; `allowed` are its verbs. */
  | { readonly kind: 'wrong verb'; readonly allowed: readonly string[] }
  | { readonly kind: 'no route' };

type Route = {
  readonly method: string;
  readonly segments: readonly string[];
  readonly action: RouteAction;
};

/** Finds the action for a method and the raw segments of a path, which can be decoded. A literal segment wins over `{x}`. */
export function createRouter(
  routes: ServerTypeRow['routes'],
): (method: string, segments: readonly string[]) => RouteMatch {
  const table = (Object.entries(routes) as [RouteAction, string | readonly string[]][])
    .flatMap(([action, patterns]) => patternsIn(patterns).map((pattern) => routeOf(action, pattern)))
    .sort((a, b) => holes(a) - holes(b));
  return (method, raw) => {
    const segments = raw.map(decodeURIComponent);
    const known = table.filter((route) => fits(route, segments));
    const route = known.find((candidate) => candidate.method === method);
    if (route) return { kind: 'action', action: route.action, parameters: parametersOf(route, segments) };
    if (known.length === 0) return { kind: 'no route' };
    return { kind: 'wrong verb', allowed: known.map((candidate) => candidate.method) };
  };
}

/** Every `METHOD /path` of an action. */
export function patternsIn(patterns: string | readonly string[]): readonly string[] {
  return [patterns].flat().filter((pattern) => pattern !== '');
}

function routeOf(action: RouteAction, pattern: string): Route {
  const [method = '', path = ''] = pattern.split(' ');
  return { method, segments: path.split('/'), action };
}

function isHole(segment: string): boolean {
  return segment.startsWith('{');
}

function holes({ segments }: Route): number {
  return segments.filter(isHole).length;
}

function fits({ segments }: Route, asked: readonly string[]): boolean {
  return (
    segments.length === asked.length &&
    segments.every((segment, index) => (isHole(segment) ? asked[index] !== '' : segment === asked[index]))
  );
}

function parametersOf({ segments }: Route, asked: readonly string[]): readonly string[] {
  return asked.filter((_, index) => isHole(segments[index] ?? ''));
}
