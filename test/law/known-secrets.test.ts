import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandSpec, commands } from '../../src/argv/commands.ts';
import { flagOf } from '../../src/argv/flags.ts';
import { main } from '../../src/main.ts';
import { createScheduler, type Scheduler } from '../../src/scheduler/core.ts';
import { casesOf } from '../support/cases.ts';
import { fakeIo, type Heard } from '../support/io.ts';
import { scheduleBody } from '../support/scheduler.ts';
import { lawSettings } from './settings.ts';

/**
 * No known secret is in anything that any command says or writes, whatever a server does with it. The commands are
 * those of the table, so a new one is covered by standing in it; command lines that need more than flags are below.
 */
const lines: { readonly [command: string]: readonly (readonly string[])[] } = {
  plan: [[], ['--out', 'saved.json'], ['--show-sensitive']],
  apply: [[], ['saved.json'], ['no-such-file'], ['--expect-digest', 'a'.repeat(64)]],
  drift: [[], ['--online']],
  validate: [[], ['--online']],
  pull: [
    [],
    ['--unmanaged'],
    ['--check', '--unmanaged'],
    ['--from', 'body.json'],
    ['--unmanaged', '--show-sensitive'],
  ],
  next: [['a'], ['0 0 9 * * ?'], ['a', '--from', 'yesterday'], ['PLANTEDWORD']],
  status: [[], ['a']],
  history: [[], ['a'], ['--query', 'state IN (FAILED)']],
  pause: [['a'], ['PLANTEDWORD'], ['--all'], ['--all', '--each', '--record', 'record.json'], []],
  resume: [['a'], ['--all'], ['--record', 'record.json']],
  completion: [['names'], ['bash']],
  schema: [[], ['plan']],
  serve: [
    ['--port', '0'],
    ['--port', '0', '--key', 'k:KEYSECRET', '--server-type', 'orkes-new'],
  ],
};

/** In answers of the scheduler this stands for the secret, in the way that it is written in this run. */
const mark = 'PLANTEDHERE';

type Repeats = 'every request' | 'writes' | 'all but the list' | 'searches' | 'nothing';
type Planted = { readonly [place: string]: string };
type Way = (text: string) => string;

const inJson: Way = (text) => JSON.stringify(text).slice(1, -1);
const base64: Way = (text) => Buffer.from(text).toString('base64');
const ways: { readonly [way: string]: Way } = {
  'as it is': (text) => text,
  'in JSON': inJson,
  'in a URL': (text) => encodeURIComponent(text),
  'in a form': (text) => new URLSearchParams({ q: text }).toString(),
  'in base64': base64,
  'in base64 behind one byte': (text) => base64(`a${text}!`),
  'in base64 behind two bytes': (text) => base64(`ab${text}!`),
};

const cwd = mkdtempSync(join(tmpdir(), 'downbeat-known-'));
let server: Server;
let scheduler: Scheduler;
let planted: Planted = {};
let write: Way = (text) => text;
let [repeats, status]: [Repeats, number] = ['nothing', 500];

beforeAll(async () => {
  mkdirSync(join(cwd, 'schedules'));
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const method = request.method ?? '';
    const secret = planted.PLANTED ?? '';
    if (isRepeated(method, path)) {
      const all = [...Object.values(planted), body, ...request.rawHeaders, request.url ?? ''];
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ status, message: `cannot store ${all.map(write).join(', ')}` }));
      return;
    }
    const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
    const answer = scheduler.handle({ method, path, query, headers: Object.fromEntries(headers), body });
    response.writeHead(answer.status, answer.headers);
    response.end(answer.body.replaceAll(mark, () => inJson(write(secret))));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
  rmSync(cwd, { recursive: true, force: true });
});

function isRepeated(method: string, path: string): boolean {
  switch (repeats) {
    case 'every request':
      return true;
    case 'writes':
      return method !== 'GET' || path.endsWith('/pause') || path.endsWith('/resume');
    case 'all but the list':
      return path !== '/api/scheduler/schedules' || method !== 'GET';
    case 'searches':
      return path.includes('search') || path.includes('nextFew');
    case 'nothing':
      return false;
  }
}

/** As environment variables can hold them: no NUL, no half pairs; long enough to be none of our own words. */
const aSecret = fc
  .oneof(
    fc.string({ unit: 'grapheme-ascii', minLength: 8, maxLength: 40 }),
    fc.string({ unit: 'grapheme', minLength: 8, maxLength: 64 }),
    fc.string({ unit: 'grapheme-ascii', minLength: 500, maxLength: 4000 }),
    fc
      .array(
        fc.string({ unit: fc.constantFrom(...'ABCDEFabcdef0123456789+/'), minLength: 20, maxLength: 64 }),
        {
          minLength: 2,
          maxLength: 50,
        },
      )
      .map((key) => `-----BEGIN PRIVATE KEY-----\n${key.join('\n')}\n-----END PRIVATE KEY-----\n`),
  )
  .filter(
    (text) => !/\0|\p{Surrogate}/u.test(text) && new Set(text.replace(/[\s+]/g, '').toLowerCase()).size > 5,
  )
  .map((text) => `${text}\u00a7q${text.length}z`);
/** What stands in a header has to fit into one. */
const aToken = fc.stringMatching(/^[A-Za-z0-9._~+/-]{12,300}$/).map((text) => `7${text}Q9`);

/** Every way in which a secret could be read: all of it, or one of its lines. */
function readable(secret: string): readonly string[] {
  const core = (before: number): string => {
    const text = Buffer.concat([Buffer.alloc(before), Buffer.from(secret)]).toString('base64');
    return text.slice(before + 2, -6);
  };
  const texts = [secret, ...secret.split('\n').filter((line) => line.trim().length >= 8)];
  return [
    ...texts.flatMap((text) => [
      text,
      inJson(text),
      encodeURIComponent(text),
      ways['in a form']?.(text) ?? text,
    ]),
    ...[core(0), core(1), core(2)].filter((text) => text.length >= 8),
  ].map((text) => text.trim());
}

const pieceLength = 16;

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}

/** Stretches of a secret that a text has, whatever was cut off and whatever was put in place of other characters. */
function piecesOf(secret: string, text: string): readonly string[] {
  const [letters, said] = [lettersOf(secret), lettersOf(text)];
  const windows = new Set<string>();
  for (let at = 0; at + pieceLength <= letters.length; at += 1)
    windows.add(letters.slice(at, at + pieceLength));
  const found = new Set<string>();
  for (let at = 0; at + pieceLength <= said.length; at += 1) {
    const piece = said.slice(at, at + pieceLength);
    if (windows.has(piece)) found.add(said.slice(Math.max(0, at - 60), at + pieceLength));
  }
  return [...found].slice(0, 3);
}

async function run(argv: readonly string[], env: Readonly<Record<string, string>>, before?: Heard) {
  const heard = fakeIo({ cwd, env, answer: 'yes', ...(before === undefined ? {} : { files: before.files }) });
  const stops = argv[0] === 'serve';
  const io = {
    ...heard.io,
    out: (text: string) => {
      heard.io.out(text);
      if (stops) setImmediate(heard.interrupt);
    },
  };
  await main(argv, io);
  return heard;
}

function everything(heard: Heard): string {
  return heard.out() + heard.err() + [...heard.files].join('\n');
}

/** Where it leaked, for whoever reads the failure. */
function around(text: string, form: string): string {
  const at = text.indexOf(form);
  return at < 0 ? `wrapped: ${form}` : text.slice(Math.max(0, at - 120), at + form.length + 40);
}

/** The command with what it needs of flags, in one of its forms. */
function argvOf(
  spec: CommandSpec,
  line: readonly string[],
  output: string,
  header: string,
): readonly string[] {
  const names: ReadonlySet<string> = new Set(spec.flags.map((key) => flagOf(key).name));
  const withServer = names.has('server') && !line.includes('--from');
  return [
    spec.name,
    ...line,
    ...(names.has('auto-approve') ? ['--auto-approve'] : []),
    ...(names.has('output') && output !== '' ? ['--output', output] : []),
    ...(withServer && spec.name !== 'config'
      ? ['--header', `X-Gateway: ${header}`, '--max-retries', '1', '--debug']
      : []),
    // Only where they are asked to do these look at a server.
    ...(withServer && (spec.name === 'load' || spec.name === 'next') && header.length % 2 === 0
      ? ['--server', url('')]
      : []),
  ];
}

function url(user: string): string {
  return `http://${user}127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe.each(commands.map((spec) => [spec.name, spec] as const))('%s', (name, spec) => {
  it('prints and writes no known secret', { timeout: 600_000 }, async () => {
    let said = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.record({ PLANTED: aSecret, secret: aToken, key: aToken, header: aToken, password: aToken }),
        fc.constantFrom(...(lines[name] ?? [[]])),
        fc.constantFrom('', ...(spec.formats ?? []), 'sarif', 'text=report.txt', 'json=report.json'),
        fc.constantFrom<Repeats>('every request', 'writes', 'all but the list', 'searches', 'nothing'),
        fc.constantFrom(400, 401, 403, 404, 409, 500),
        fc.constantFrom(...Object.keys(ways)),
        async (secrets, line, output, where, code, way) => {
          planted = secrets;
          [repeats, status, write] = [where, code, ways[way] ?? base64];
          scheduler = hostileScheduler();
          writeManifests();
          const env = {
            CONDUCTOR_SERVER_URL: url(`ada:${encodeURIComponent(secrets.password)}@`),
            CONDUCTOR_AUTH_KEY: secrets.key,
            CONDUCTOR_AUTH_SECRET: secrets.secret,
            PLANTED: secrets.PLANTED,
          };
          const words = line.map((word) =>
            word.replace('KEYSECRET', () => secrets.secret).replace('PLANTEDWORD', () => secrets.PLANTED),
          );
          const saves = line.includes('saved.json') && name === 'apply';
          const before = saves || line.includes('record.json') ? await prepare(name, env, where) : undefined;
          const heard = await run(argvOf(spec, words, output, secrets.header), env, before);
          const text = everything(heard);
          said += text.length;
          const oneWord = text.replace(/\s/g, '');
          const leaks = Object.values(secrets)
            .flatMap(readable)
            .filter((form) => text.includes(form) || oneWord.includes(form.replace(/\s/g, '')));
          expect(leaks.map((form) => around(text, form))).toStrictEqual([]);
          expect(piecesOf(secrets.PLANTED, text)).toStrictEqual([]);
        },
      ),
      {
        numRuns: Math.ceil(lawSettings.httpRuns / 6),
        seed: lawSettings.seed,
        endOnFailure: true,
      },
    );
    expect(said).toBeGreaterThan(0);
  });
});

const pullLines = lines.pull ?? [];
const pullFormats = commands.find(({ name }) => name === 'pull')?.formats ?? [];

describe.each(pullLines.map((line) => [line.join(' '), line] as const))('pull %s', (_words, line) => {
  it.each(pullFormats)(
    'has no piece of a secret that is in a name, as %s',
    { timeout: 600_000 },
    async (format) => {
      await fc.assert(
        fc.asyncProperty(aSecret, fc.constantFrom(...Object.keys(ways)), async (secret, way) => {
          planted = { PLANTED: secret };
          [repeats, write] = ['nothing', ways[way] ?? base64];
          scheduler = hostileScheduler();
          writeManifests();
          const env = { CONDUCTOR_SERVER_URL: url(''), PLANTED: secret };
          const outputs = ['--output', format, '--output', `${format}=report`];
          const text = everything(await run(['pull', ...line, ...outputs], env));
          expect(text.length).toBeGreaterThan(100);
          for (const way of Object.values(ways)) expect(piecesOf(way(secret), text)).toStrictEqual([]);
        }),
        { numRuns: casesOf(40, 3), seed: lawSettings.seed, endOnFailure: true },
      );
    },
  );
});

/** The files that a later command takes: a saved plan, a record of what was running. */
async function prepare(name: string, env: Readonly<Record<string, string>>, where: Repeats): Promise<Heard> {
  repeats = 'nothing';
  const words =
    name === 'apply'
      ? ['plan', '--out', 'saved.json']
      : ['pause', '--all', '--each', '--record', 'record.json', '--auto-approve'];
  const heard = await run(words, env);
  repeats = where;
  return heard;
}

/** One schedule that the manifest names, and one that repeats the secret in everything that people write. */
function hostileScheduler(): Scheduler {
  const made = createScheduler({ serverType: 'oss-2', now: Date.now });
  made.put(
    scheduleBody('a', {
      description: `was ${mark}`,
      startWorkflowRequest: { name: 'w', input: { other: `x ${mark} y`, [`k${mark}`]: 1 } },
    }),
  );
  made.put(
    scheduleBody(`srv ${mark}`, { description: mark, paused: true, pausedReason: `because of ${mark}` }),
  );
  made.put(scheduleBody(`run ${mark}`, { description: mark }));
  // Names of files and of secrets are made of these.
  made.put(scheduleBody(mark));
  made.put(
    scheduleBody(`with ${mark}`, {
      startWorkflowRequest: {
        name: 'w',
        input: { apiKey: 'k3y-of-no-server', [mark]: { password: 'hunter2' } },
      },
    }),
  );
  made.put(scheduleBody('b', { paused: true, pausedReason: `because of ${mark}` }));
  return made;
}

function writeManifests(): void {
  const input = { key: '${secret.PLANTED}', bearer: 'Bearer ${secret.PLANTED}' };
  const manifest = { name: 'a', cronExpression: '0 0 3 * * ?', startWorkflowRequest: { name: 'w', input } };
  const named = { ...manifest, name: 'new', description: 'one more' };
  writeFileSync(join(cwd, 'schedules', 'a.json'), JSON.stringify([manifest, named]));
  const text = planted.PLANTED ?? '';
  const body = scheduleBody('pulled', {
    description: text,
    startWorkflowRequest: { name: 'w', input: { note: text } },
  });
  writeFileSync(join(cwd, 'body.json'), JSON.stringify(body));
}
