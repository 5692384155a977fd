import { beforeAll, describe, expect, it } from 'vitest';
import { fleet, planWords, runOver } from './fleet.ts';
import { openHtml } from './support.ts';

/** What a reader can do with a page that has scripts. */

let html = '';
beforeAll(async () => {
  html = (await runOver(fleet(60), planWords)).html;
});

describe('a plan of 60 changes', () => {
  it('opens only the dangerous cards', async () => {
    const { page, close } = await openHtml(html);
    const cards = page.locator('details.card');
    expect(await cards.count()).toBe(60);
    const dangerous = await page.locator('details.card[data-danger="1"]').count();
    expect(dangerous).toBeGreaterThan(0);
    expect(await page.locator('details.card[open]').count()).toBe(dangerous);
    expect(await page.locator('details.card[open][data-danger="1"]').count()).toBe(dangerous);
    await close();
  });

  it('can be searched and filtered', async () => {
    const { page, close } = await openHtml(html);
    const visible = page.locator('details.card:not([hidden])');
    await page.fill('input[name="text"]', 'warehouse_sync');
    expect(await visible.count()).toBeGreaterThan(0);
    for (const text of await visible.locator('summary').allTextContents())
      expect(text).toContain('warehouse_sync');
    await page.fill('input[name="text"]', '');
    expect(await visible.count()).toBe(60);
    for (const name of ['directory', 'tag']) {
      const options = page.locator(`select[name="${name}"] option`);
      expect(await options.count(), name).toBeGreaterThan(1);
      await page.selectOption(`select[name="${name}"]`, { index: 1 });
      expect(await visible.count()).toBeGreaterThan(0);
      await page.selectOption(`select[name="${name}"]`, { index: 0 });
    }
    await page.check('input[name="kind"][value="delete"]', { force: true });
    expect(await visible.count()).toBeLessThan(60);
    await close();
  });

  it('shows times of the schedule, of the reader, and in UTC', async () => {
    const { page, close } = await openHtml(html, { zone: 'Asia/Tokyo' });
    const time = page.locator('details.card[open] time[datetime]').first();
    const own = await time.textContent();
    await page.selectOption('select[name="clock"]', 'viewer');
    expect(await time.textContent()).toContain('+09:00');
    await page.selectOption('select[name="clock"]', 'utc');
    expect(await time.textContent()).toMatch(/Z$/);
    await page.selectOption('select[name="clock"]', '');
    expect(await time.textContent()).toBe(own);
    await close();
  });

  it('prints every card open', async () => {
    const { page, close } = await openHtml(html);
    const body = page.locator('details.card:not([open])').first().locator('table, dl, pre, svg').first();
    expect(await body.isVisible()).toBe(false);
    await page.emulateMedia({ media: 'print' });
    expect(await body.isVisible()).toBe(true);
    await close();
  });
});
