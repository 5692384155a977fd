import { afterAll, beforeAll, expect, test } from 'vitest';
import { samples } from './documents.ts';
import { fleet, planWords, runOver } from './fleet.ts';
import { axeFaults, openHtml, overflow, processorTime } from './support.ts';

const all: { [name: string]: string } = Object.fromEntries(
  Object.entries(samples).map(([name, { document, page }]) => [
    name,
    (page as (document: object) => string)(document),
  ]),
);

test.each(Object.keys(all).flatMap((name) => [[name, 'light'] as const, [name, 'dark'] as const]))(
  'axe finds no fault, and nothing leaves the page: %s, %s',
  async (name, scheme) => {
    const opened = await openHtml(all[name] ?? '', { scheme });
    expect(await axeFaults(opened.page)).toEqual([]);
    await opened.page.setViewportSize({ width: 360, height: 740 });
    expect(await overflow(opened.page)).toBe(0);
    expect(opened.faults).toEqual([]);
    expect(opened.requests.filter((url) => url !== 'data:,')).toEqual([]);
    await opened.close();
  },
);

test.each(Object.keys(all))(
  'without scripts everything is there but filters and clocks: %s',
  async (name) => {
    const [still, live] = [
      await openHtml(all[name] ?? '', { scripts: false }),
      await openHtml(all[name] ?? ''),
    ];
    // biome-ignore lint/performance/useDomNodeTextContent: only what is rendered can be read
    const text = (opened: typeof still): Promise<string> => opened.page.locator('body').innerText();
    const [without, whole] = [await text(still), await text(live)];
    const words = (from: string): readonly string[] => from.split(/\s+/);
    const known = new Set(words(without));
    const missing = words(whole).filter((word) => !known.has(word));
    // Labels of the filters and of the clock.
    const controls = new Set(
      words(
        await live.page
          .locator('form.filters')
          .allInnerTexts()
          .then((texts) => texts.join(' ')),
      ),
    );
    expect(missing.filter((word) => !controls.has(word))).toEqual([]);
    expect(await still.page.locator('form.filters:visible').count()).toBe(0);
    await still.close();
    await live.close();
  },
);

test('prints every card open, without controls', async () => {
  const { html } = await runOver(fleet(60), planWords);
  const { page, close } = await openHtml(html);
  const closed = page.locator('details.card:not([open])').first();
  const content = closed.locator('.content');
  expect(await content.isVisible()).toBe(false);
  await page.emulateMedia({ media: 'print' });
  expect((await content.boundingBox())?.height ?? 0).toBeGreaterThan(20);
  expect(await page.locator('form.filters').isVisible()).toBe(false);
  await close();
});

const sizes = [1, 50, 3000] as const;
const bySize = new Map<number, string>();

beforeAll(async () => {
  for (const size of sizes) bySize.set(size, (await runOver(fleet(size), planWords)).html);
});
afterAll(() => bySize.clear());

test.each(sizes)('opens %d changes in less than 2 s of CPU time', async (size) => {
  const opened = await openHtml('<!doctype html><html lang="en"><title>x</title></html>');
  await opened.close();
  const page = await openHtml(bySize.get(size) ?? '');
  expect(await page.page.locator('details.card').count()).toBe(size);
  // Of its main thread: what else this machine does takes none of it.
  expect(await processorTime(page)).toBeLessThan(2000);
  expect(page.faults).toEqual([]);
  expect(page.requests.filter((url) => url !== 'data:,')).toEqual([]);
  await page.close();
});
