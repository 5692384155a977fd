import { expect, test } from 'vitest';
import { fleet, planWords, runOver } from './fleet.ts';
import { axeFaults, openHtml, overflow } from './support.ts';

test.each([['light'], ['dark']] as const)('a plan of 14 changes, %s', async (scheme) => {
  const { html } = await runOver(fleet(14), planWords);
  const wide = await openHtml(html, { scheme });
  expect(await wide.page.locator('details.card').count()).toBe(14);
  expect(await axeFaults(wide.page)).toEqual([]);
  expect(wide.faults).toEqual([]);
  expect(wide.requests.filter((url) => url !== 'data:,')).toEqual([]);
  await wide.close();
  const phone = await openHtml(html, { scheme, width: 360, height: 740 });
  expect(await overflow(phone.page)).toBe(0);
  expect(await axeFaults(phone.page)).toEqual([]);
  await phone.close();
});
