import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../../src/main.ts';
import { type JsonObject, parseJson } from '../../src/model/json.ts';
import type { Tag } from '../../src/model/schedule.ts';
import { createScheduler, type SchedulerOptions } from '../../src/scheduler/core.ts';
import type { Execution } from '../../src/scheduler/run-history.ts';
import { serve } from '../../src/scheduler/serve.ts';
import { gitIn, repositoryIn } from '../support/git.ts';
import { fakeIo } from '../support/io.ts';
import { wireRequest } from '../support/scheduler.ts';

/**
 * Whole commands: a folder is a case. `input/` is the working directory (with `base/`, a checkout whose commit has that instead), `server.json` what answers, `expected.txt`
 * the command line and everything that came of it, the requests too. `UPDATE_GOLDEN=1 npx vitest run test/golden`
 * rewrites what came of it; the difference is for people to review.
 */
interface Server {
  readonly serverType?: SchedulerOptions['serverType'];
  readonly off?: boolean;
  readonly schedules?: readonly JsonObject[];
  /** Registered workflow definitions; absent = those that the cases start, in many versions and with any input. */
  readonly workflows?: readonly JsonObject[];
  readonly tags?: { readonly [name: string]: readonly Tag[] };
  /** Names that are paused by hand after they were saved, with the reason. */
  readonly paused?: { readonly [name: string]: string };
  /** When the schedules were saved; absent = just now. Nothing fires since: what ran is among the past runs. */
  readonly saved?: string;
  /** Past runs, oldest first. */
  readonly executions?: readonly JsonObject[];
  /** The workflows that they started; one that is not there is archived. */
  readonly runs?: readonly JsonObject[];
  /** Instead of a scheduler: one answer to everything. */
  readonly answer?: {
    readonly status: number;
    readonly type: string;
    readonly body: string;
    readonly cut?: boolean;
  };
  /** Typed at the prompt; absent = no terminal. */
  readonly typed?: string;
  /** On standard input. */
  readonly input?: string;
  readonly env?: { readonly [name: string]: string };
  /** Nothing listens there. */
  readonly down?: boolean;
  /** Happens before the second command, and each one after. */
  readonly meanwhile?: {
    readonly requests?: readonly Edit[];
    /** In a file that was written; without `to` it ends there. */
    readonly edits?: { readonly [path: string]: { readonly from: string; readonly to?: string } };
    readonly env?: { readonly [name: string]: string };
  };
}

interface Edit {
  readonly method: string;
  /** Behind `/api/scheduler/schedules`. */
  readonly path: string;
  readonly body?: JsonObject;
}

const checkouts = mkdtempSync(join(tmpdir(), 'downbeat-golden-'));
afterAll(() => rmSync(checkouts, { recursive: true, force: true }));

const here = dirname(fileURLToPath(import.meta.url));
const cases = readdirSync(here, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('expected.txt'))
  .map((path) => dirname(path))
  .sort();

/** 2026-11-23T12:00:00Z, a Monday. */
const noon = Date.UTC(2026, 10, 23, 12);

describe('golden', () => {
  it('has cases', () => {
    expect(cases.length).toBeGreaterThan(20);
  });

  it.each(cases)('%s', async (name) => {
    const folder = join(here, name);
    const file = join(folder, 'expected.txt');
    const expected = readFileSync(file, 'utf8');
    const [line = ''] = expected.split('\n');
    const got = await play(line, folder);
    if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, got);
    else expect(got).toBe(expected);
  });
});

/** A line of several commands, `; downbeat …`, is a case with a story: each finds what the ones before have left. */
async function play(line: string, folder: string): Promise<string> {
  expect(line).toMatch(/^\$ downbeat /);
  const setting: Server = existsSync(join(folder, 'server.json'))
    ? (parsed(readFileSync(join(folder, 'server.json'), 'utf8')) as unknown as Server)
    : {};
  const requests: string[] = [];
  const server = await start(setting, requests);
  const cwd = existsSync(join(folder, 'base')) ? changedCheckout(folder) : join(folder, 'input');
  const files = new Map<string, string>();
  let said = line;
  const commands = line.slice('$ '.length).split('; ');
  for (const [index, command] of commands.entries()) {
    const meanwhile = index === 0 ? undefined : setting.meanwhile;
    if (index > 0) said += `\n\n$ ${command}`;
    for (const edit of meanwhile?.requests ?? []) server.change(edit);
    for (const [path, { from, to }] of Object.entries(meanwhile?.edits ?? {})) {
      const text = files.get(path) ?? '';
      expect(text).toContain(from);
      files.set(path, to === undefined ? text.slice(0, text.indexOf(from)) : text.replaceAll(from, to));
    }
    const heard = fakeIo({
      cwd,
      now: () => noon,
      files,
      env: {
        ...(/--server(?=[ =])/.test(command) ? {} : { CONDUCTOR_SERVER_URL: server.url }),
        ...(setting.serverType?.startsWith('orkes')
          ? { CONDUCTOR_AUTH_KEY: 'k', CONDUCTOR_AUTH_SECRET: 's' }
          : {}),
        ...setting.env,
        ...meanwhile?.env,
      },
      ...(setting.typed === undefined ? {} : { answer: setting.typed }),
      ...(setting.input === undefined ? {} : { input: setting.input }),
    });
    const digest = /^digest: (\S+)/m.exec(said)?.[1] ?? '';
    const words = (command.slice('downbeat '.length).match(/"[^"]*"|\S+/g) ?? []).map((word) =>
      word.replaceAll('"', '').replace('{server}', server.url).replace('{digest}', digest),
    );
    const code = await main(words, cwd.startsWith(folder) ? heard.io : { ...heard.io, ...gitIn(cwd) });
    for (const [path, text] of heard.files) files.set(path, text);
    said += `\n${[
      `exit: ${code}`,
      ...requests.splice(0).map((request) => `request: ${request}`),
      `stdout:\n${heard.out()}`,
      `stderr:\n${heard.err()}`,
      // What is written for a later command is that one's matter.
      ...[...(index < commands.length - 1 ? [] : heard.files)].map(
        ([path, text]) => `${heard.privateFiles.has(path) ? 'private ' : ''}file ${path}:\n${text}`,
      ),
    ]
      .join('\n')
      .trimEnd()}`;
  }
  await server.close();
  return `${said
    .replaceAll(new URL(server.url).host, '127.0.0.1:8080')
    .replaceAll(relative('.', cwd), 'input')
    .replaceAll(/\b[0-9a-f]{64}\b/g, '<digest>')
    .replaceAll(/("(?:identity|target)": ?")[0-9a-f]{16}"/g, '$1<identity>"')
    .trimEnd()}\n`;
}

/** A checkout whose only commit is `base/`, and which has the files of `input/` in place of those. */
function changedCheckout(folder: string): string {
  const top = mkdtempSync(join(checkouts, 'x-'));
  const repository = repositoryIn(top);
  cpSync(join(folder, 'base'), top, { recursive: true });
  repository.commit();
  for (const name of readdirSync(top)) if (name !== '.git') repository.remove(name);
  cpSync(join(folder, 'input'), top, { recursive: true });
  return top;
}

const everyWorkflow: readonly JsonObject[] = [
  ...['beat', 'close_books', 'order_processing', 'refresh_fraud_scores', 'send_newsletter', 'settle_orders'],
  ...['close_new', 'send_report', 'sum_up', 'sync_stock', 'w', 'wait', 'wf'],
].flatMap((name) => Array.from({ length: 20 }, (_, version) => ({ name, version: version + 1 })));

interface Running {
  readonly url: string;
  /** By another hand. */
  change(edit: Edit): void;
  close(): Promise<void>;
}

async function start(setting: Server, requests: string[]): Promise<Running> {
  if (setting.answer !== undefined) return fixed(setting.answer, requests);
  let now = setting.saved === undefined ? noon : Date.parse(setting.saved);
  const scheduler = createScheduler({
    serverType: setting.serverType ?? 'oss-2',
    now: () => now,
    off: setting.off ?? false,
    acceptAnyWorkflow: true,
    initial: {
      executions: (setting.executions ?? []) as unknown as readonly Execution[],
      workflows: setting.workflows ?? everyWorkflow,
      runs: setting.runs ?? [],
      polling: setting.saved === undefined,
    },
  });
  for (const schedule of setting.schedules ?? []) {
    scheduler.put(schedule, setting.tags?.[String(schedule.name)]);
  }
  for (const [name, reason] of Object.entries(setting.paused ?? {})) {
    const path = `/api/scheduler/schedules/${encodeURIComponent(name)}/pause`;
    const query = `reason=${encodeURIComponent(reason)}`;
    expect(scheduler.handle({ method: 'PUT', path, query, headers: {} }).status).toBe(200);
  }
  now = noon;
  const recorded = {
    ...scheduler,
    handle: (request: Parameters<typeof scheduler.handle>[0]) => {
      requests.push(`${request.method} ${request.path}${request.query === '' ? '' : `?${request.query}`}`);
      const answer = scheduler.handle(request);
      // Else the header has the real time, and a run would go by that.
      return { ...answer, headers: { ...answer.headers, date: new Date(noon).toUTCString() } };
    },
  };
  const served = await serve(recorded, { host: '127.0.0.1', port: 0 });
  if (setting.down) await served.close();
  return {
    url: `${served.url}/api`,
    change: ({ method, path, body }) => {
      const { status } = scheduler.handle(wireRequest(method, `/api/scheduler/schedules${path}`, body));
      expect(status).toBe(200);
    },
    close: () => (setting.down ? Promise.resolve() : served.close()),
  };
}

async function fixed(answer: NonNullable<Server['answer']>, requests: string[]): Promise<Running> {
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    const length = answer.cut ? { 'content-length': Buffer.byteLength(answer.body) + 100 } : {};
    response.writeHead(answer.status, { 'content-type': answer.type, ...length });
    response.write(answer.body);
    if (answer.cut) setTimeout(() => response.destroy(), 20);
    else response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`,
    change: () => undefined,
    close: () => new Promise((resolve) => server.close(() => resolve()).closeAllConnections()),
  };
}

function parsed(text: string): JsonObject {
  const value = parseJson(text);
  if (!value.ok) throw new Error(value.why);
  return value.value as JsonObject;
}
