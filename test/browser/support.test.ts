import { expect, test } from 'vitest';
import { axeFaults, openHtml, overflow } from './support.ts';

const page = (body: string): string =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,"><title>A page</title><main><h1>A page</h1>${body}</main></html>`;

test('a sound page has no fault, and asks for nothing', async () => {
  const opened = await openHtml(page('<p>text</p>'));
  expect(opened.requests.filter((url) => url !== 'data:,')).toEqual([]);
  expect(opened.faults).toEqual([]);
  expect(await axeFaults(opened.page)).toEqual([]);
  expect(await overflow(opened.page)).toBe(0);
  await opened.close();
});

test('requests, script errors, dialogs, missing labels and wide content are seen', async () => {
  const opened = await openHtml(
    page(`<img src="missing.png"><input><div style="width: 900px">wide</div>
<script>alert('hello'); throw new Error('broken');</script>`),
    { width: 360 },
  );
  expect(opened.requests.some((url) => url.endsWith('/missing.png'))).toBe(true);
  expect(opened.faults).toEqual(
    expect.arrayContaining(['dialog: hello', 'uncaught: broken', expect.stringContaining('error: ')]),
  );
  const found = (await axeFaults(opened.page)).map((fault) => fault.slice(0, fault.indexOf(':')));
  expect(found).toEqual(expect.arrayContaining(['image-alt', 'label']));
  expect(await overflow(opened.page)).toBeGreaterThan(500);
  await opened.close();
});

test('a page under a strict policy can be checked, with and without scripts', async () => {
  const strict = page('<p>text</p>').replace(
    '<meta charset="utf-8">',
    `<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:">`,
  );
  const opened = await openHtml(strict, { scheme: 'dark' });
  expect(await axeFaults(opened.page)).toEqual([]);
  expect(opened.faults).toEqual([]);
  await opened.close();
  const still = await openHtml(strict, { scripts: false });
  expect(await overflow(still.page)).toBe(0);
  await still.close();
});
