import { beforeAll, expect, test } from 'vitest';
import { fleet, planWords, runOver } from './fleet.ts';
import { type OpenPage, openHtml, type PageOptions } from './support.ts';

let html = '';

beforeAll(async () => {
  html = (await runOver(fleet(60), planWords)).html;
});

async function opened<T>(
  work: (page: OpenPage['page']) => Promise<T>,
  options: PageOptions = {},
): Promise<T> {
  const { page, close, faults } = await openHtml(html, options);
  const result = await work(page);
  expect(faults).toEqual([]);
  await close();
  return result;
}

/** Goes on with Tab to a control of the filters, as somebody without a mouse does. */
async function tabTo(page: OpenPage['page'], selector: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(`document.activeElement.matches(${JSON.stringify(selector)})`)) return;
  }
  throw new Error(`Tab does not come to ${selector}`);
}

const shown = (page: OpenPage['page']): Promise<number> => page.locator('details.card:visible').count();
// biome-ignore lint/performance/useDomNodeTextContent: only what is rendered can be read
const said = (page: OpenPage['page']): Promise<string> => page.locator('#shown').innerText();

test('by kind, with the keyboard', () =>
  opened(async (page) => {
    await tabTo(page, 'input[name=kind][value=delete]');
    await page.keyboard.press('Space');
    expect(await shown(page)).toBe(5);
    expect(await said(page)).toBe('5 of 60 schedules');
    expect(await page.locator('.group:visible h2').allInnerTexts()).toEqual(['Deletes 5']);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    expect(await shown(page)).toBe(10);
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Space');
    expect(await said(page)).toBe('60 schedules');
  }));

test('by directory, tag, danger and text, and all of them together', () =>
  opened(async (page) => {
    await tabTo(page, 'input[type=search]');
    await page.keyboard.type('payments');
    expect(await shown(page)).toBe(12);
    await tabTo(page, 'select[name=directory]');
    await page.keyboard.type('schedules/growth');
    expect(await shown(page)).toBe(0);
    expect(await page.locator('#nothing').isVisible()).toBe(true);
    await tabTo(page, 'select[name=tag]');
    await page.keyboard.type('team=pay');
    await tabTo(page, 'button[type=reset]');
    await page.keyboard.press('Enter');
    await expect.poll(() => shown(page)).toBe(60);
    await page.locator('select[name=tag]').selectOption({ label: 'team=payments' });
    expect(await shown(page)).toBe(12);
    await page.locator('select[name=directory]').focus();
    await tabTo(page, 'input[name=danger]');
    await page.keyboard.press('Space');
    const dangerous = await page
      .locator('details.card:visible')
      .evaluateAll((cards) =>
        cards.map((card) => (card as unknown as { dataset: { danger?: string } }).dataset.danger),
      );
    expect(dangerous.length).toBeGreaterThan(0);
    expect(dangerous.every((one) => one === '1')).toBe(true);
  }));

test('a card opens with Enter; all visible cards open and close at once', () =>
  opened(async (page) => {
    expect(await page.locator('details.card[open]').count()).toBe(15);
    await page.locator('details.card.k-create summary').first().focus();
    await page.keyboard.press('Enter');
    expect(await page.locator('details.card[open]').count()).toBe(16);
    await page.locator('button[name=open]').press('Enter');
    expect(await page.locator('details.card[open]').count()).toBe(60);
    await page.locator('button[name=close]').press('Enter');
    expect(await page.locator('details.card[open]').count()).toBe(0);
  }));

test("times and axes turn to the viewer's clock and back", () =>
  opened(
    async (page) => {
      const card = page.locator('details.card.k-delete ~ details, details.card.k-pause').first();
      const times = (): Promise<string[]> => card.locator('time').allInnerTexts();
      const ticks = (): Promise<string | null> => page.locator('g.ticks').first().textContent();
      const [before, ticksBefore] = [await times(), await ticks()];
      await page.locator('select[name=clock]').selectOption('viewer');
      const own = await times();
      expect(own).toHaveLength(before.length);
      expect(own.every((text) => / \+05:45$/.test(text))).toBe(true);
      expect(await ticks()).not.toBe(ticksBefore);
      await page.locator('select[name=clock]').selectOption('utc');
      expect((await times()).every((text) => /\dZ$/.test(text))).toBe(true);
      await page.locator('select[name=clock]').selectOption('');
      expect(await times()).toEqual(before);
      expect(await ticks()).toBe(ticksBefore);
    },
    { zone: 'Asia/Kathmandu' },
  ));

test('opens only the dangerous ones of 60 cards', () =>
  opened(async (page) => {
    const dangerous = await page.locator('details.card[data-danger="1"]').count();
    expect(dangerous).toBeGreaterThan(0);
    expect(await page.locator('details.card[open]').count()).toBe(dangerous);
    expect(await page.locator('details.card[open][data-danger="1"]').count()).toBe(dangerous);
  }));
