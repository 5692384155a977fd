import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '../../src/model/json.ts';

/** What the stand-in remembers of a comment or an issue. */
export interface Written {
  readonly id: number;
  /** The issue or pull request that a comment belongs to; of an issue, its own number. */
  readonly number: number;
  readonly login: string;
  title: string;
  body: string;
  state: 'open' | 'closed';
}

/** Answers instead of the API; undefined = the API answers. */
export type Interference = (
  method: string,
  path: string,
  count: number,
) =>
  | {
      readonly status: number;
      readonly body?: JsonObject;
      readonly headers?: Record<string, string>;
      /** The request is carried out, and its answer is lost. */
      readonly effect?: true;
    }
  | undefined;

/**
 * As much of GitHub's REST and GraphQL API as the Action uses, on 127.0.0.1: comments, issues, branches, the pull
 * requests of a commit, and who asks. Lists have pages of at most 100 with a `link` header, bodies end at 65,536 characters, a
 * missing right is 403, and every token that it does not know is 401, as on GitHub.
 */
export interface LocalGithub {
  readonly url: string;
  readonly comments: Written[];
  readonly issues: Written[];
  /** By commit. */
  readonly pulls: Map<string, readonly JsonObject[]>;
  /** The newest commit of each branch. */
  readonly branches: Map<string, string>;
  /** `METHOD /path`, in order. */
  readonly requests: string[];
  interfere: Interference;
  /** May read everything and write what is in here. */
  readonly rights: Set<'comments' | 'issues'>;
  add(kind: 'comments' | 'issues', entry: Partial<Written> & { readonly number: number }): Written;
  close(): Promise<void>;
}

export const localToken = 'ghs_0123456789abcdefghijklmnopqrstuvwxyz';
export const ownAccount = 'github-actions[bot]';
export const localRepository = 'acme/payments';

export async function localGithub(login: string = ownAccount): Promise<LocalGithub> {
  let next = 1;
  const counts = new Map<string, number>();
  const github: Omit<LocalGithub, 'url' | 'close'> & { interfere: Interference } = {
    comments: [],
    issues: [],
    pulls: new Map(),
    branches: new Map(),
    requests: [],
    interfere: () => undefined,
    rights: new Set(['comments', 'issues']),
    add(kind, entry) {
      const written: Written = { id: next, login, title: '', body: '', state: 'open', ...entry };
      next += 1;
      github[kind].push(written);
      return written;
    },
  };

  function answer(method: string, url: URL, body: JsonObject): [number, unknown, Record<string, string>?] {
    const { pathname: path } = url;
    if (path === '/graphql') return [200, { data: { viewer: { login } } }];
    const below = path.startsWith(`/repos/${localRepository}/`)
      ? path.slice(`/repos/${localRepository}`.length)
      : '';
    const [, a, b, c] = below.split('/');
    const list = (items: readonly unknown[]): [number, unknown, Record<string, string>?] => {
      const size = Math.min(Number(url.searchParams.get('per_page') ?? 30), 100);
      const page = Number(url.searchParams.get('page') ?? 1);
      const more = items.length > page * size;
      const link = `<https://elsewhere.example/steal?page=${page + 1}>; rel="next"`;
      return [200, items.slice((page - 1) * size, page * size), more ? { link } : {}];
    };
    const denied = [403, { message: 'Resource not accessible by integration' }] as [number, unknown];
    const tooLong = [422, { message: 'Validation Failed: body is too long' }] as [number, unknown];
    const text = typeof body.body === 'string' ? body.body : undefined;
    if (text !== undefined && text.length > 65_536) return tooLong;

    if (below.startsWith('/git/ref/heads/') && method === 'GET') {
      const branch = decodeURIComponent(below.slice('/git/ref/heads/'.length));
      const sha = github.branches.get(branch);
      return sha === undefined
        ? [404, { message: 'Not Found' }]
        : [200, { ref: `refs/heads/${branch}`, object: { type: 'commit', sha } }];
    }
    if (a === 'commits' && c === 'pulls' && method === 'GET') return list(github.pulls.get(b ?? '') ?? []);
    if (a !== 'issues') return [404, { message: 'Not Found' }];
    if (b === undefined && method === 'GET')
      return list(
        github.issues
          .filter(({ state }) => state === (url.searchParams.get('state') ?? 'open'))
          .map(issueJson),
      );
    if (b === undefined && method === 'POST') {
      if (!github.rights.has('issues')) return denied;
      const number = 1000 + github.issues.length;
      return [201, issueJson(github.add('issues', { number, body: text ?? '', title: String(body.title) }))];
    }
    if (b === 'comments' && method === 'PATCH') {
      if (!github.rights.has('comments')) return denied;
      const comment = github.comments.find(({ id }) => id === Number(c));
      if (comment === undefined) return [404, { message: 'Not Found' }];
      comment.body = text ?? comment.body;
      return [200, commentJson(comment)];
    }
    const number = Number(b);
    if (c === 'comments' && method === 'GET')
      return list(github.comments.filter((one) => one.number === number).map(commentJson));
    if (c === 'comments' && method === 'POST') {
      if (!github.rights.has(number >= 1000 ? 'issues' : 'comments')) return denied;
      return [201, commentJson(github.add('comments', { number, body: text ?? '' }))];
    }
    if (c === undefined && method === 'PATCH') {
      if (!github.rights.has('issues')) return denied;
      const issue = github.issues.find((one) => one.number === number);
      if (issue === undefined) return [404, { message: 'Not Found' }];
      issue.body = text ?? issue.body;
      if (typeof body.title === 'string') issue.title = body.title;
      if (body.state === 'closed') issue.state = 'closed';
      return [200, issueJson(issue)];
    }
    return [404, { message: 'Not Found' }];
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', 'http://local');
    const method = request.method ?? '';
    const line = `${method} ${url.pathname}`;
    github.requests.push(line);
    const count = (counts.get(line) ?? 0) + 1;
    counts.set(line, count);
    const text = Buffer.concat(chunks).toString();
    const body = text === '' ? {} : (JSON.parse(text) as JsonObject);
    const send = (status: number, value: unknown, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(value));
    };
    if (request.headers.authorization !== `Bearer ${localToken}`)
      return send(401, { message: 'Bad credentials' });
    const interference = github.interfere(method, url.pathname, count);
    if (interference !== undefined) {
      if (interference.effect) answer(method, url, body);
      return send(
        interference.status,
        interference.body ?? { message: 'out of order' },
        interference.headers,
      );
    }
    const [status, value, headers] = answer(method, url, body);
    send(status, value, headers);
  }

  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(github, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve()).closeAllConnections();
      }),
  });
}

function commentJson({ id, body, login }: Written): JsonObject {
  return { id, body, user: { login } };
}

function issueJson({ number, title, body, state, login }: Written): JsonObject {
  return { number, title, body, state, user: { login } };
}

/** As the API lists it: merged into this repository unless told otherwise. */
export function mergedPullJson(number: number, sha: string, over: JsonObject = {}): JsonObject {
  return {
    number,
    merged_at: '2026-11-23T12:00:00Z',
    merge_commit_sha: sha,
    base: { ref: 'main', repo: { full_name: localRepository } },
    ...over,
  };
}
