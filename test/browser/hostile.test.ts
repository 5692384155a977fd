import fc from 'fast-check';
import { expect, test } from 'vitest';
import { script, style } from '../../src/report/page/generated/assets.ts';
import { terminalText } from '../../src/report/text/escape.ts';
import { anyHostileText } from '../support/hostile-texts.ts';
import { samples, withText } from './documents.ts';
import { openHtml } from './support.ts';

/** What has broken out of pages before. */
const vectors: readonly string[] = [
  '<script>alert(1)</script>',
  '</script><script>alert(1)</script>',
  '</style><img src=x onerror=alert(1)>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '" autofocus onfocus="alert(1)',
  '<svg onload=alert(1)>',
  '</svg></title></textarea><iframe src="javascript:alert(1)"></iframe>',
  '<a href="javascript:alert(1)">x</a>',
  '<base href="https://evil.example/">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
  '<link rel="stylesheet" href="https://evil.example/a.css">',
  '<form action="https://evil.example/"><button>x</button></form>',
  '<details open ontoggle=alert(1)>',
  '<!--<script>alert(1)//-->',
  '<![CDATA[<script>alert(1)</script>]]>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '&#60;img src=x onerror=alert(1)&#62;',
  '<img src="https://evil.example/pixel.png">',
  'url(https://evil.example/)',
  '</title><title>another</title>',
  '\u202etxt.exe',
  '\u0000<b>x</b>',
  '<\u200bscript>alert(1)</script>',
];

function hostileTexts(): readonly string[] {
  const random = fc.sample(anyHostileText, { numRuns: 200, seed: 20261126 });
  const mixed = fc.sample(
    fc.tuple(anyHostileText, fc.constantFrom(...vectors), anyHostileText).map((parts) => parts.join('')),
    { numRuns: 76, seed: 20261126 },
  );
  return [...vectors, ...random, ...mixed];
}

type Shape = { readonly text: string; readonly parts: readonly string[] };

/** The elements of a page with their attributes, and its text, as the browser's own parser reads it. */
const shapesOf = `(pages) => pages.map((html) => {
  const page = new DOMParser().parseFromString(html, 'text/html');
  const parts = new Set();
  for (const element of page.querySelectorAll('*'))
    for (const name of ['', ...element.getAttributeNames()]) parts.add(element.localName + ' ' + name);
  for (const [name, attribute] of [['a', 'href'], ['use', 'href'], ['link', 'href'], ['meta', 'http-equiv']])
    for (const element of page.querySelectorAll(name)) parts.add(name + ' ' + attribute + ' ' + String(element.getAttribute(attribute)).replace(/^#.*/, '#'));
  for (const element of page.querySelectorAll('style, script, title')) element.remove();
  return { text: page.documentElement.textContent, parts: [...parts].sort() };
})`;

/** A word of a length: what is long is laid out in another way. */
function wordOf(length: number): string {
  return 'zq'.padEnd(length, 'x');
}

/** A text that is shown by the letter wherever it is, whether in quotes or not. */
function isPlain(text: string): boolean {
  return /^[!-~]{4,60}$/.test(text) && !/["\\]/.test(text) && terminalText(text) === text;
}

/** A plan over a commit is the page of a plan but for a few lines. */
const counts: readonly (readonly [count: number, name: string])[] = Object.keys(samples).map((name) => [
  name === 'base-plan' ? 100 : 300,
  name,
]);

test.each(counts)('%d hostile texts in every field of a page: %s', async (count, name) => {
  const sample = samples[name];
  if (sample === undefined) throw new Error(name);
  const texts = hostileTexts().slice(-count);
  expect(texts).toHaveLength(count);
  const render = sample.page as (document: object) => string;
  const lengths = [...new Set(texts.filter(isPlain).map(({ length }) => length))];
  const tame = [...lengths.map(wordOf), 'two\nlines', 'x'.repeat(200), ''];
  const pages = [...tame, ...texts].map((text) =>
    render(withText(sample.document, text)).replace(style, '').replace(script, ''),
  );
  const opened = await openHtml('<!doctype html><html lang="en"><title>x</title></html>');
  const shapes: Shape[] = [];
  for (let at = 0; at < pages.length; at += 20)
    shapes.push(
      ...(await opened.page.evaluate<Shape[]>(`(${shapesOf})(${JSON.stringify(pages.slice(at, at + 20))})`)),
    );
  await opened.close();
  const often = new Map(
    lengths.map((length, at) => [length, (shapes[at]?.text ?? '').split(wordOf(length)).length - 1]),
  );
  expect(Math.min(...often.values())).toBeGreaterThan(0);
  expect(texts.filter(isPlain).length).toBeGreaterThan(count / 25);
  const known = new Set(shapes.slice(0, tame.length).flatMap(({ parts }) => parts));
  expect(shapes).toHaveLength(pages.length);
  for (const [index, text] of texts.entries()) {
    const { parts, text: seen } = shapes[tame.length + index] as Shape;
    expect(parts.filter((part) => !known.has(part))).toEqual([]);
    expect(parts.filter((part) => / on/.test(part))).toEqual([]);
    expect(seen).toContain(terminalText(text));
    if (isPlain(text))
      expect(seen.split(text).length - 1, text).toBeGreaterThanOrEqual(often.get(text.length) ?? 0);
  }
});

test.each(Object.keys(samples))('nothing runs and nothing is asked for: %s', async (name) => {
  const sample = samples[name];
  if (sample === undefined) throw new Error(name);
  const render = sample.page as (document: object) => string;
  for (const text of [vectors.join(''), vectors.toReversed().join('\n')]) {
    const opened = await openHtml(render(withText(sample.document, text)), { width: 360 });
    expect(opened.faults).toEqual([]);
    expect(opened.requests.filter((url) => url !== 'data:,')).toEqual([]);
    await opened.close();
  }
});
