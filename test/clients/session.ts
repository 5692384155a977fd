import { spawn } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';
import { type Json, parseJson, writeJson } from '../../src/model/json.ts';
import type { Scheduler } from '../../src/scheduler/core.ts';
import type { ServedType } from '../../src/scheduler/server-types.ts';
import type { WireRequest } from '../../src/scheduler/wire.ts';
import { serveLocal, type TestScheduler, testScheduler } from '../support/scheduler.ts';
import { javaVersions, pythonVersions } from './install.ts';
import { type Outcome, pastRun } from './steps.ts';

/** One call of a client's method. */
export type Call = {
  readonly method: string;
  readonly args: readonly Json[];
};

/** What came of a call: `METHOD /path?query body` of each request that reached the server, and the outcome. */
export type Exchange = {
  readonly sent: readonly string[];
  readonly outcome: Outcome;
};

/** A client in a process of its own, connected to a local scheduler. */
export type Session = {
  readonly scheduler: TestScheduler;
  /** What the client sent and got while it connected. */
  readonly opened: Exchange;
  call(call: Call): Promise<Exchange>;
  /** Ends the client's process and answers its exit code; a client that does not end is killed, `null`. */
  close(): Promise<number | null>;
};

const credentials: { readonly key: string; readonly secret: string } = { key: 'K', secret: 'SEC' };

/** Starts a client of a version against a scheduler of a server type, whose clock stands still. */
export async function open(version: string, serverType: ServedType): Promise<Session> {
  const scheduler = testScheduler({
    serverType,
    acceptAnyWorkflow: true,
    access: { keys: [{ id: credentials.key, secret: credentials.secret }] },
    initial: { executions: [pastRun] },
  });
  let sent: string[] = [];
  const served = await serveLocal(recorded(scheduler, (line) => sent.push(line)));
  const client = startDriver(version);

  const send = async (command: Json): Promise<Exchange> => {
    sent = [];
    const outcome = await client.ask(command);
    return { sent, outcome };
  };
  return {
    scheduler,
    opened: await send({ open: { url: `${served.url}/api`, ...credentials } }),
    call: ({ method, args }) => send({ call: method, args }),
    async close() {
      const code = await client.end();
      await served.close();
      return code;
    },
  };
}

/** A client of a version on any server. */
export type Remote = {
  call(call: Call): Promise<Outcome>;
  close(): Promise<number | null>;
};

/** Starts a client of a version against the server at a URL (scheme, host and port). */
export async function openAt(version: string, url: string): Promise<Remote> {
  const client = startDriver(version);
  await client.ask({ open: { url: `${url}/api`, ...credentials } });
  return { call: ({ method, args }) => client.ask({ call: method, args }), close: client.end };
}

function recorded(scheduler: TestScheduler, record: (line: string) => void): Scheduler {
  return {
    ...scheduler,
    handle(request) {
      record(lineOf(request));
      return scheduler.handle(request);
    },
  };
}

function lineOf({ method, path, query, headers, body: bytes = '' }: WireRequest): string {
  const body = typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString('utf8');
  const parsed = parseJson(body);
  return [
    `${method} ${path}${query === '' ? '' : `?${query}`}`,
    ...(body === '' ? [] : [parsed.ok ? writeJson(parsed.value) : body]),
    ...(headers['transfer-encoding'] === undefined ? [] : [`(${headers['transfer-encoding']})`]),
  ].join(' ');
}

type Driver = {
  ask(command: Json): Promise<Outcome>;
  end(): Promise<number | null>;
};

const patienceMs = 10_000;

function startDriver(version: string): Driver {
  const { python, java, folders } = inject('clients');
  const folder = folders[version] ?? '';
  const script = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
  const isOf = (versions: readonly string[]): boolean => versions.includes(version);
  const [command, args] = isOf(pythonVersions)
    ? [python, ['-X', 'utf8', script('./driver.py')]]
    : isOf(javaVersions)
      ? [java, ['-cp', [folder, join(folder, '*')].join(delimiter), 'Driver']]
      : [process.execPath, [script('./driver.mjs'), folder]];
  const child = spawn(command, args, {
    // Nothing of this process: a proxy or a CONDUCTOR_ variable would change what the client does.
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', PYTHONPATH: folder },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  // Writing to a process that is gone is told by its missing answer.
  child.stdin.on('error', () => undefined);
  return {
    async ask(command) {
      child.stdin.write(`${writeJson(command)}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error(`The driver of ${version} ended: ${complaints}`);
      return JSON.parse(value) as Outcome;
    },
    end() {
      child.stdin.end();
      const patience = setTimeout(() => child.kill('SIGKILL'), patienceMs);
      return ended.finally(() => clearTimeout(patience));
    },
  };
}
