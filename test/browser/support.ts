import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AxeResults } from 'axe-core';
import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from 'playwright-core';

const executablePath: string = '/usr/bin/chromium';

let running: Promise<Browser> | undefined;

/** The one browser of a run; it ends with the process. Throws a sentence that says how to install what is missing. */
export function openBrowser(): Promise<Browser> {
  running ??= start();
  return running;
}

async function start(): Promise<Browser> {
  if (!existsSync(executablePath))
    throw new Error(`These tests need ${executablePath}. On Debian, run: apt-get install -y chromium`);
  return chromium.launch({
    executablePath,
    args: [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });
}

export type PageOptions = {
  /** Default: light. */
  readonly scheme?: 'light' | 'dark';
  /** CSS pixels; default 1280. */
  readonly width?: number;
  readonly height?: number;
  /** Default true. */
  readonly scripts?: boolean;
  /** The browser's time zone; default UTC. */
  readonly zone?: string;
};

export type OpenPage = {
  readonly page: Page;
  /** Every request but the one for the page itself, `data:` too. Grows as the page goes on. */
  readonly requests: readonly string[];
  /** Console errors and warnings, uncaught errors, dialogs and windows that the page opened. Grows as the page goes on. */
  readonly faults: readonly string[];
  readonly close: () => Promise<void>;
};

const sessions = new WeakMap<Page, CDPSession>();

/** What the page's main thread has done so far, in milliseconds of a processor: waiting for others is no part of it. */
export async function processorTime({ page }: Pick<OpenPage, 'page'>): Promise<number> {
  const { metrics = [] } = (await sessions.get(page)?.send('Performance.getMetrics')) ?? {};
  const spent = metrics.find(({ name }) => name === 'TaskDuration')?.value;
  if (spent === undefined) throw new Error('the browser did not measure');
  return spent * 1000;
}

/** Opens a page of the web (`http:` or `file:`) with a fresh context. */
export async function openUrl(url: string, options: PageOptions = {}): Promise<OpenPage> {
  const browser = await openBrowser();
  const context: BrowserContext = await browser.newContext({
    colorScheme: options.scheme ?? 'light',
    viewport: { width: options.width ?? 1280, height: options.height ?? 900 },
    javaScriptEnabled: options.scripts ?? true,
    timezoneId: options.zone ?? 'UTC',
    locale: 'en-US',
  });
  const requests: string[] = [];
  const faults: string[] = [];
  const page = await context.newPage();
  context.on('request', (request) => {
    if (request.url() !== url || !request.isNavigationRequest()) requests.push(request.url());
  });
  context.on('page', (opened) => {
    if (opened !== page) faults.push(`opened a window: ${opened.url()}`);
  });
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      faults.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`));
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    dialog.dismiss().catch(() => undefined);
  });
  const measured = await context.newCDPSession(page);
  await measured.send('Performance.enable', { timeDomain: 'threadTicks' });
  sessions.set(page, measured);
  await page.goto(url, { waitUntil: 'load' });
  return { page, requests, faults, close: () => context.close() };
}

/** Opens HTML as a file of its own, as a person opens an attachment. */
export async function openHtml(html: string, options: PageOptions = {}): Promise<OpenPage> {
  const folder = await mkdtemp(join(tmpdir(), 'downbeat-page-'));
  const file = join(folder, 'page.html');
  await writeFile(file, html);
  const opened = await openUrl(pathToFileURL(file).href, options);
  return {
    ...opened,
    close: async () => {
      await opened.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** What axe calls a serious or critical fault, a line for each place: rule, element, advice. Needs scripts. */
export async function axeFaults(page: Page): Promise<readonly string[]> {
  const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  await page.evaluate(source);
  const results = await page.evaluate<AxeResults>('axe.run(document, { resultTypes: ["violations"] })');
  if (results.passes.length === 0) throw new Error('axe judged nothing');
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`),
    );
}

/** How far the page reaches past the right edge of the window, in CSS pixels: 0 if it needs no horizontal scroll. */
export async function overflow(page: Page): Promise<number> {
  return page.evaluate<number>(
    'Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth)',
  );
}
