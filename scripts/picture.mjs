// Pictures of Markdown as GitHub shows it, light and dark: node scripts/picture.mjs FOLDER FILE.md…
// Needs a Chromium (CHROMIUM names it; else `chromium`). It is for looking at a report by eye, not a test.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';

const [folder, ...files] = process.argv.slice(2);
if (folder === undefined || files.length === 0)
  throw new Error('usage: node scripts/picture.mjs FOLDER FILE.md…');

const themes = {
  light: {
    text: '#1f2328',
    back: '#fff',
    dim: '#59636e',
    line: '#d1d9e0',
    code: '#818b981f',
    block: '#f6f8fa',
    red: '#ffebe9',
    green: '#dafbe1',
    orange: '#fff8c5',
    caution: '#cf222e',
    important: '#8250df',
    link: '#0969da',
  },
  dark: {
    text: '#f0f6fc',
    back: '#0d1117',
    dim: '#9198a1',
    line: '#3d444d',
    code: '#656c7633',
    block: '#151b23',
    red: '#490202',
    green: '#04260f',
    orange: '#341a00',
    caution: '#f85149',
    important: '#ab7df8',
    link: '#4493f8',
  },
};

const scratch = mkdtempSync(join(tmpdir(), 'picture-'));
try {
  for (const file of files)
    for (const [name, theme] of Object.entries(themes)) {
      const page = join(scratch, 'page.html');
      writeFileSync(page, pageOf(readFileSync(file, 'utf8'), theme));
      const picture = join(folder, `${basename(file, '.md')}-${name}.png`);
      execFileSync(
        process.env.CHROMIUM ?? 'chromium',
        [
          '--headless',
          '--no-sandbox',
          '--disable-gpu',
          '--hide-scrollbars',
          '--window-size=900,1600',
          `--screenshot=${picture}`,
          `file://${page}`,
        ],
        { stdio: 'ignore' },
      );
      console.log(picture);
    }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

function pageOf(markdown, theme) {
  const body = micromark(markdown, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  })
    .replaceAll('<details>', '<details open>')
    // GitHub colours a diff by the first character of a line.
    .replace(
      /<code class="language-diff">(.*?)\n<\/code>/gs,
      (_, lines) =>
        `<code>${lines
          .split('\n')
          .map((line) => `<span class="d${line.charCodeAt(0) || ''}">${line}</span>`)
          .join('\n')}</code>`,
    )
    .replace(
      /<blockquote>\s*<p>\[!([A-Z]+)\]\s*/g,
      (_, kind) =>
        `<blockquote class="${kind.toLowerCase()}"><b>${kind[0]}${kind.slice(1).toLowerCase()}</b><p>`,
    );
  return `<!doctype html><meta charset="utf-8"><style>
    body { margin: 24px; font: 14px/1.5 "Noto Sans", Helvetica, Arial, sans-serif; color: ${theme.text}; background: ${theme.back} }
    h3 { font-size: 1.25em } h4 { font-size: 1em } h3, h4 { margin: 24px 0 16px; line-height: 1.25 }
    p, ul, table, pre, details, blockquote { margin: 0 0 16px }
    ul { padding-left: 2em }
    code, pre { font: 85% ui-monospace, "DejaVu Sans Mono", monospace; background: ${theme.code}; border-radius: 6px }
    code { padding: .2em .4em; white-space: break-spaces }
    pre { padding: 16px; overflow: auto; line-height: 1.45; background: ${theme.block} }
    pre code { padding: 0; background: none; white-space: pre; font-size: 100% }
    pre span { display: inline-block; min-width: 100% } .d43 { background: ${theme.green} } .d45 { background: ${theme.red} } .d33 { background: ${theme.orange} }
    table { border-collapse: collapse } th, td { padding: 6px 13px; border: 1px solid ${theme.line} }
    blockquote { padding: 8px 1em; color: ${theme.dim}; border-left: .25em solid ${theme.line} }
    .caution { border-color: ${theme.caution}; color: inherit } .caution b { color: ${theme.caution} }
    .important { border-color: ${theme.important}; color: inherit } .important b { color: ${theme.important} }
    a { color: ${theme.link} }
  </style>${body}`;
}
