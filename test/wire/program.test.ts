import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { asProgram, withoutSubprocesses } from '../../scripts/bundling.mjs';
import { type Certificate, selfSigned } from '../support/certificate.ts';
import { directoryWith, manifestsOf, removeDirectories, unwrapped } from './cli.ts';
import { type Local, serve, startProxy, stopServers } from './local.ts';

/** What Node reads only when it starts: the program as a process of its own, against servers of this one. */

const built = mkdtempSync(join(tmpdir(), 'downbeat-built-'));
const authority = join(built, 'authority.pem');
const year = 365 * 24 * 3600_000;
const from = (years: number): Date => new Date(Date.now() + years * year);
const certificate = selfSigned(['conductor.test'], from(-1), from(1));

beforeAll(async () => {
  await build({
    ...asProgram,
    entryPoints: [fileURLToPath(new URL('../../src/cli.ts', import.meta.url))],
    outdir: built,
    plugins: [withoutSubprocesses],
    logLevel: 'error',
  });
  writeFileSync(authority, certificate.cert);
});
afterEach(async () => {
  await stopServers();
  removeDirectories();
});
afterAll(() => rmSync(built, { recursive: true }));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Plans one manifest. The environment is exactly this one. */
function plan(url: string, environment: Readonly<Record<string, string>>): Promise<Ended> {
  const cwd = directoryWith(manifestsOf('a'));
  const args = [join(built, 'cli.cjs'), 'plan', '--max-retries', '0', '--server', url];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      args,
      { cwd, env: { ...environment }, timeout: 120_000 },
      (error, out, err) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err });
      },
    );
  });
}

function serveTls(by: Certificate): Promise<Local> {
  return serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('[]');
  }, by);
}

describe('a private certificate', () => {
  it('is trusted by NODE_EXTRA_CA_CERTS', async () => {
    const { url, seen } = await serveTls(certificate);
    const ended = await plan(url, { NODE_EXTRA_CA_CERTS: authority });
    expect(ended).toMatchObject({ code: 0, err: '' });
    expect(ended.out).toContain('1 to create');
    expect(seen).toEqual([
      'GET /api/scheduler/schedules',
      'GET /api/version',
      'GET /api/scheduler/schedules/downbeat-asks-for-what-is-not-there/tags',
      'GET /api/metadata/workflow/names-and-versions',
    ]);
  });

  it('is trusted so in a tunnel through a proxy, and the program ends at once', async () => {
    const { port } = await serveTls(certificate);
    const proxy = await startProxy({ to: port, authorization: `Basic ${btoa('ada:lovelace')}` });
    const begun = performance.now();
    const ended = await plan('https://conductor.test', {
      NODE_EXTRA_CA_CERTS: authority,
      HTTPS_PROXY: `http://ada:lovelace@127.0.0.1:${proxy.port}`,
    });
    expect(ended).toMatchObject({ code: 0, err: '' });
    expect(proxy.seen).toContain('CONNECT conductor.test:443');
    expect(performance.now() - begun).toBeLessThan(4000);
  });

  it.each<[string, Certificate, boolean, string, string]>([
    [
      'that nobody vouches for',
      certificate,
      false,
      'the certificate of HOST is not trusted: self-signed certificate (DEPTH_ZERO_SELF_SIGNED_CERT)',
      'for a private certificate authority, set NODE_EXTRA_CA_CERTS to the file with its certificate (PEM)',
    ],
    [
      'that has expired',
      selfSigned([], from(-2), from(-1)),
      true,
      'no secure connection to HOST: certificate has expired (CERT_HAS_EXPIRED)',
      'for a server without TLS, use http:// in the URL; a certificate that has expired or is for another name must be replaced on the server',
    ],
  ])('%s is one line, with a hint', async (_what, used, trusted, message, hint) => {
    const { url, seen } = await serveTls(used);
    const file = join(built, 'used.pem');
    writeFileSync(file, used.cert);
    const ended = await plan(url, trusted ? { NODE_EXTRA_CA_CERTS: file } : {});
    expect(ended).toMatchObject({ code: 1, out: '' });
    // Newer Nodes add advice of their own.
    expect(unwrapped(ended.err).replace(/; if the root CA is [^(]*(?= \()/, '')).toBe(
      `error: cannot list the schedules: ${message.replace('HOST', new URL(url).host)} ` +
        `GET ${url}/api/scheduler/schedules, 1 attempt hint: ${hint}`,
    );
    expect(seen).toEqual([]);
  });
});

it("loads neither TLS, nor decompression, nor Node's fetch for a plan over http://", async () => {
  const { url } = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('[]');
  });
  const preload = join(built, 'loaded.cjs');
  const loaded = join(built, 'loaded.json');
  writeFileSync(
    preload,
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(loaded)}, JSON.stringify(process.moduleLoadList)));`,
  );
  expect(await plan(url, { NODE_OPTIONS: `--require=${preload}` })).toMatchObject({ code: 0, err: '' });
  const modules = JSON.parse(readFileSync(loaded, 'utf8')) as readonly string[];
  expect(modules).toContain('NativeModule http');
  expect(modules.filter((name) => /NativeModule (tls|https|zlib|http2|.*undici.*)$/.test(name))).toEqual([]);
});
