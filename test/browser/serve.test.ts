import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { type LocalScheduler, startScheduler } from '../../src/scheduler/local/start-scheduler.ts';
import { anyHostileText } from '../support/hostile-texts.ts';
import { axeFaults, type OpenPage, openUrl, overflow, type PageOptions } from './support.ts';

const start = Date.UTC(2027, 0, 4, 12);
const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const schedule = (name: string, cronExpression: string, more: object = {}) => ({
  name,
  cronExpression,
  startWorkflowRequest: { name: 'report' },
  ...more,
});

async function begin(): Promise<LocalScheduler> {
  const server = await startScheduler({ now: start, acceptAnyWorkflow: true });
  closing.push(server.close);
  return server;
}

const text = async (opened: OpenPage, selector: string): Promise<string> =>
  (await opened.page.textContent(selector)) ?? '';

/** The page once it has shown the state of the server. */
async function open(server: LocalScheduler, options: PageOptions = {}): Promise<OpenPage> {
  const opened = await openUrl(`${server.url}/`, options);
  closing.push(opened.close);
  await expect.poll(() => text(opened, '#server')).not.toBe('');
  return opened;
}

it.each([
  ['light', 1280],
  ['dark', 1280],
  ['light', 390],
] as const)('has no fault that axe knows, %s, %d px wide', async (scheme, width) => {
  const server = await begin();
  server.put(schedule('nightly', '0 30 3 * * *', { description: 'Settle orders', zoneId: 'Europe/Berlin' }));
  server.put(schedule('hourly', '0 0 * * * *'));
  server.put(schedule('stopped', '0 0 * * * *', { paused: true, pausedReason: 'INC-4711' }));
  server.fail('failed-run');
  server.advance(86_400_000);
  await fetch(`${server.url}/api/scheduler/schedules`);
  await fetch(`${server.url}/api/scheduler/schedules/none`);
  const opened = await open(server, { scheme, width });
  await opened.page.click('summary');
  expect(await axeFaults(opened.page)).toStrictEqual([]);
  expect(await overflow(opened.page)).toBe(0);
  expect(opened.faults).toStrictEqual([]);
  // Nothing comes from elsewhere.
  expect(
    opened.requests.filter((url) => !url.startsWith(`${server.url}/_downbeat/`) && url !== 'data:,'),
  ).toStrictEqual([]);
});

it('moves the clock and switches a fault with only the keyboard', async () => {
  const server = await begin();
  server.put(schedule('hourly', '0 0 * * * *'));
  const opened = await open(server);
  const { page } = opened;
  await page.focus('#filter');
  const reach = async (selector: string): Promise<void> => {
    for (let presses = 0; presses < 20; presses += 1) {
      if (await page.evaluate<boolean>(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`${selector} is not reached by Tab`);
  };
  await reach('[data-to="next"]');
  await page.keyboard.press('Enter');
  await expect.poll(() => text(opened, '#status')).toContain('1 fire started');
  expect(server.now()).toBe(start + 3_600_000);
  // The focus has stayed where it was.
  await reach('[data-ms="86400000"]');
  await page.keyboard.press('Enter');
  await expect.poll(() => text(opened, '#runs-count')).toBe('25');
  await reach('summary');
  await page.keyboard.press('Enter');
  await reach('#fault-503');
  await page.keyboard.press('End');
  await expect.poll(() => text(opened, '#faults-count')).toBe('1 on');
  expect((await fetch(`${server.url}/api/scheduler/schedules`)).status).toBe(503);
  await expect.poll(() => text(opened, '#requests')).toContain('fault: 503');
  expect(opened.faults).toStrictEqual([]);
});

it('updates live, and filters', async () => {
  const server = await begin();
  const opened = await open(server);
  expect(await text(opened, '#schedules')).toContain('No schedules yet');
  expect(await text(opened, '#schedules')).toContain(`CONDUCTOR_SERVER_URL=${server.url} downbeat apply`);
  server.put(schedule('billing_nightly', '0 30 3 * * *'));
  server.put(schedule('orders_hourly', '0 0 * * * *'));
  await opened.page.waitForSelector('#schedules >> text=billing_nightly');
  expect(await text(opened, '#schedules')).toContain('at 03:30 every day');
  await opened.page.fill('#filter', 'ORD');
  await expect.poll(() => text(opened, '#schedules-count')).toBe('1 of 2');
  expect(await text(opened, '#schedules')).not.toContain('billing_nightly');
  expect(await text(opened, '#clock')).toBe('2027-01-04 12:00:00Z');
});

it('reports a stopped scheduler', async () => {
  const server = await begin();
  const opened = await open(server);
  await server.close();
  await expect.poll(() => text(opened, '#status')).toContain('does not answer');
});

it('shows text of strangers as text', async () => {
  const server = await begin();
  const attacks = [
    '<img src=x onerror="document.title=1">',
    '"><script>document.title=1</script>',
    '</script><script>document.title=1</script>',
    'javascript:document.title=1',
    ...fc.sample(anyHostileText, { numRuns: 40, seed: 7 }),
  ];
  attacks.forEach((attack, index) => {
    server.put(
      schedule(`${index}${attack}`.replaceAll('\0', ''), '0 0 * * * *', {
        description: attack,
        paused: index % 2 === 1,
        pausedReason: attack,
        startWorkflowRequest: { name: `w${attack}`.replaceAll('\0', '') },
      }),
    );
  });
  server.advance(3_600_000);
  await fetch(`${server.url}/api/scheduler/schedules/${encodeURIComponent('<img src=x onerror=1>')}`);
  const opened = await open(server);
  await expect.poll(() => opened.page.locator('#schedules tr').count()).toBe(attacks.length);
  expect(await opened.page.$$('main script, main img, main iframe, main a')).toHaveLength(0);
  expect(await opened.page.title()).toBe('oss-2 3.32.1 · local Conductor scheduler');
  expect(opened.faults).toStrictEqual([]);
  expect(await text(opened, '#schedules')).toContain('<img src=x onerror="document.title=1">');
});
