import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pages } from '../support/pages.ts';
import { axeFaults, openUrl, overflow } from './support.ts';

/** The site of `npm run docs`, as a web server hands it out. */

const root = fileURLToPath(new URL('../..', import.meta.url));
const site = mkdtempSync(join(tmpdir(), 'downbeat-site-'));
const types: { readonly [ending: string]: string } = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};

function fileFor(path: string): string | undefined {
  return [path, `${path}.html`, join(path, 'index.html')]
    .map((name) => join(site, name))
    .find((name) => name.startsWith(site) && statSync(name, { throwIfNoEntry: false })?.isFile());
}

let server: Server;
let url = '';

beforeAll(async () => {
  execFileSync(
    process.execPath,
    [join(root, 'node_modules/vitepress/bin/vitepress.js'), 'build', 'docs', '--outDir', site],
    {
      cwd: root,
      stdio: 'pipe',
    },
  );
  server = createServer((request, response) => {
    const file = fileFor(new URL(request.url ?? '/', 'http://site').pathname);
    if (file === undefined) response.writeHead(404).end();
    else
      response
        .writeHead(200, { 'content-type': types[extname(file)] ?? 'text/plain' })
        .end(readFileSync(file));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(site, { recursive: true, force: true });
});

/** `docs/a.md` as a path of the site. */
const addressOf = (path: string): string => path.replace(/^docs/, '').replace(/(?:index)?\.md$/, '');
const onSite = pages.filter((path) => path !== 'README.md').map(addressOf);
/** The decisions look alike. */
const different = onSite.filter((path) => !/adr\/\d{4}-(?!.*one-list)/.test(path));
/** One of each kind: home, story, wide tables, long reference. */
const sample = ['/', '/getting-started', '/servers', '/reference/cli', '/reference/manifest'];
const views = [
  { name: 'light', options: {}, paths: different },
  { name: 'dark', options: { scheme: 'dark' }, paths: sample },
  { name: 'phone', options: { width: 390, height: 844 }, paths: sample },
] as const;

describe.each(views)('$name', ({ options, paths }) => {
  it.each(paths)('%s has no serious fault, fits, and loads nothing from elsewhere', async (path) => {
    const { page, requests, faults, close } = await openUrl(`${url}${path}`, options);
    try {
      await page.waitForSelector('h1');
      expect(await axeFaults(page)).toStrictEqual([]);
      expect(await overflow(page)).toBe(0);
      expect(faults).toStrictEqual([]);
      expect(requests.filter((one) => !one.startsWith(url) && !one.startsWith('data:'))).toStrictEqual([]);
    } finally {
      await close();
    }
  });
});

it('every page is in the sidebar', async () => {
  const { page, close } = await openUrl(`${url}/getting-started`);
  try {
    const links = await page.$$eval('.VPSidebar a', (all) => all.map((one) => one.getAttribute('href')));
    expect(new Set(links)).toStrictEqual(
      new Set(onSite.filter((path) => path !== '/' && !/adr\/./.test(path))),
    );
  } finally {
    await close();
  }
});

it('finds a page by its text', async () => {
  const { page, close } = await openUrl(`${url}/getting-started`);
  try {
    await page.click('.DocSearch-Button');
    await page.fill('input.search-input', 'previousNames');
    await page.waitForSelector('.results .result');
    const titles = await page.$$eval('.results .result', (all) => all.map((one) => one.getAttribute('href')));
    expect(titles.join(' ')).toMatch(/\/renames/);
  } finally {
    await close();
  }
});
