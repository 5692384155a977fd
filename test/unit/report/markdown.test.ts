import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, test } from 'vitest';
import type { RunEntry } from '../../../src/model/generated/report-parts.ts';
import { problem } from '../../../src/problems/diagnostic.ts';
import { type RunDocument, withRun } from '../../../src/report/documents/document.ts';
import { driftDocument } from '../../../src/report/documents/drift.ts';
import { failureDocument } from '../../../src/report/documents/failure.ts';
import { digestIn } from '../../../src/report/documents/header.ts';
import { planDocument } from '../../../src/report/documents/plan.ts';
import { resultDocument } from '../../../src/report/documents/result.ts';
import { validationDocument } from '../../../src/report/documents/validation.ts';
import { utf8Bytes } from '../../../src/report/formats/fit.ts';
import { commentLimit, renderMarkdown, summaryLimit } from '../../../src/report/formats/markdown.ts';
import { terminalText } from '../../../src/report/text/escape.ts';
import { create, failed, field, leave, plan, remove, rename, result, update } from './samples.ts';

const hide = { showSensitive: false };
const run: RunEntry = {
  command: 'plan',
  identity: '5f0c2a9be1d47763',
  directory: 'schedules',
  environment: 'production',
  server: 'https://conductor.example.com/api',
};

/** As GitHub reads it: raw HTML goes through, bare addresses become links. */
function html(markdown: string): string {
  return micromark(markdown, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
}

/** The texts of all code, and what is left around it. */
function split(markdown: string): { readonly codes: readonly string[]; readonly around: string } {
  const codes: string[] = [];
  const around = html(markdown)
    .replace(/^<!-- downbeat[^<>]* -->$/gm, '')
    .replace(/<code(?: class="language-(?:diff|text)")?>([^<]*)<\/code>/g, (_, code: string) => {
      codes.push(code.replace(/&(?:quot|amp|lt|gt|#39);/g, (entity) => entities[entity] ?? entity));
      return '';
    });
  return { codes, around };
}

const entities: Readonly<Record<string, string>> = {
  '&quot;': '"',
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&#39;': "'",
};

const fragments = [
  '`', '``', '```', '~~~', '|', '\\|', '\\', '*', '**', '_', '~~', '[a](http://x.y)', '![a](b)', '<b>', '<script>',
  '</details>', '</summary>', '</code>', '<!--', '-->', '@jane', '@org/team', '#12', 'GH-1', 'o/r#3', ':smile:',
  '$x$', '$$', 'https://example.com', 'www.example.com', 'jane@example.com', '&lt;', '&#64;', '&commat;', '%0A',
  '%', '::error::x', '::set-output name=a::b', '##[error]x', '##vso[x]', '\n', '\r\n', '\n\n', '\t', ' ', '  ',
  '\u001b[31m', '\u0000', '\u202e', '\u2066', '\u200b', '\ufeff', '\u2028', '\ud800', '- ', '1. ', '# ', '> ',
  '[!NOTE]', '===', '---', '"', "'", '{', '}', 'a'.repeat(1500), '日本', '😀',
]; // biome-ignore format: one list
const nasty = fc
  .array(fc.oneof(fc.constantFrom(...fragments), fc.string({ unit: 'binary', maxLength: 5 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts) => `Ω${parts.join('')}Ω`);

/** Every place that holds text of others. */
function everything(text: string): readonly RunDocument[] {
  const origin = { file: text, document: 0 };
  const facts = { updatedBy: text, updatedTime: 0 };
  const at = { file: text, line: 1, column: 1, endLine: 1, endColumn: 2, source: text };
  const problems = [
    { diagnostic: problem('unknown-key', { key: text, nearest: text, parent: [] }, { kind: 'nowhere' }), at },
    { diagnostic: problem('foreign-owner', { name: text, owner: text }, { kind: 'nowhere' }) },
  ];
  const whole = plan(
    [
      create(text, [field('description', undefined, text), { path: [text], after: text }], { origin }),
      update(text, [field('description', text, `${text}\n${text}`), { path: ['a', text], before: text }], {
        origin,
        facts,
      }),
      update(text, [field('paused', true, false), field('pausedReason', text, undefined)], {
        origin,
        facts,
        pausedBefore: true,
        pausedReasonBefore: text,
        steps: [{ kind: 'resume' }],
      }),
      update(`${text}2`, [field('paused', false, true), field('pausedReason', undefined, text)], { origin }),
      remove(text, { facts, fields: [field('tags', [{ key: text, value: text }], undefined)] }),
      rename(text, [text], [field('name', text, `${text}3`)]),
      leave(text, { pausedReasonBefore: text, facts, origin }),
      leave(text, { reason: 'needs-prune', facts }),
    ],
    { owner: text, target: { url: `https://${text}`, serverType: 'oss-2', version: '3.32.1' } },
  );
  const selection = { target: [text], exclude: [text], selector: [{ key: text, value: text }] };
  const where = {
    command: 'plan',
    identity: '5f0c2a9be1d47763',
    directory: text,
    environment: text,
    server: text,
    selection,
  };
  const failure = failed({ words: text, url: text });
  const save = { kind: 'save', mode: 'update', set: [], unset: [] } as const;
  return [
    planDocument(whole, problems, hide),
    driftDocument(whole, problems, { ...hide, strict: true }),
    resultDocument(
      result(
        [
          { name: text, step: save, outcome: 'failed', failure, origin },
          { name: text, step: save, outcome: 'failed', notKept: [[text]], note: text },
          { name: text, step: save, outcome: 'stale' },
          { name: text, step: save, outcome: 'done' },
        ],
        { possiblyMissed: [{ name: text, at: 0 }] },
      ),
      [],
    ),
    validationDocument({ files: 1, manifests: 1 }, problems),
    failureDocument(problems, failure),
  ].map((document) => withRun(document, where));
}

describe('text of others', () => {
  test('shows as itself, only inside code, without an element, link or mention', () => {
    fc.assert(
      fc.property(nasty, fc.constantFrom(commentLimit, 40_000), (text, limit) => {
        for (const document of everything(text)) {
          const markdown = renderMarkdown(document, limit);
          const { codes, around } = split(markdown);
          // Nothing of it got out of a piece of code.
          expect(around).not.toMatch(/Ω|@|#\d|https?:|www\.|<a |<img|<input|<del|<em|<script|<!--/);
          const tags = new Set([...around.matchAll(/<\/?([a-z0-9]+)/g)].map(([, tag]) => tag));
          for (const tag of tags) expect(known).toContain(tag);
          // No runner takes a line for a command, no terminal obeys it, and no line is cut in two.
          expect(markdown).not.toMatch(/^\s*::|##\w*\[|[^\P{Cc}\n]|\p{Bidi_Control}|[\u200b\ufeff\u2028]/mu);
          expect(utf8Bytes(markdown)).toBeLessThanOrEqual(limit);
          if (
            text.length < 300 &&
            limit === commentLimit &&
            document.kind !== 'validation' &&
            document.kind !== 'failure'
          )
            expect(codes).toContain(terminalText(text));
          // What opens is closed: a comment that is cut is cut between entries.
          for (const tag of ['details', 'summary', 'blockquote'])
            expect(around.split(`<${tag}>`).length).toBe(around.split(`</${tag}>`).length);
        }
      }),
      { numRuns: 60 },
    );
  });

  const known = 'h3 h4 p code table thead tbody tr th td ul li details summary pre blockquote'.split(' ');

  test.each([
    ['backticks', 'a `b` ``c``'],
    ['a backtick at each end', '`a`'],
    ['backticks alone', '```'],
    ['blanks at both ends', ' a '],
    ['a blank', ' '],
    ['a pipe', 'a|b\\|c'],
    ['an entity', '&amp;&#64;'],
    ['the end of a summary', '</code></summary></details>'],
  ])('%s as a name', (_what, name) => {
    const steps = [{ name, step: { kind: 'delete' }, outcome: 'done' }] as const;
    expect(split(renderMarkdown(resultDocument(result(steps), []))).codes).toContain(name);
    const changes = [update(name, [field('description', 'a', 'b')])];
    expect(split(renderMarkdown(planDocument(plan(changes), [], hide))).codes).toContain(name);
  });
});

const three = (index: number): ReturnType<typeof create> | ReturnType<typeof remove> =>
  index % 3 === 0
    ? remove(`retired-schedule-number-${index}`, {
        fields: [field('cronExpression', '0 0 2 * * ?', undefined)],
      })
    : create(`schedule-number-${index}`, [
        field('cronExpression', undefined, '0 0 2 * * ?'),
        field('zoneId', undefined, 'Europe/Berlin'),
      ]);

function largePlan(count: number): RunDocument {
  const changes = Array.from({ length: count }, (_, index) => three(index));
  return withRun(planDocument(plan(changes, { digest: 'ab'.repeat(32) }), [], hide), run);
}

describe('the limit', () => {
  test("3,000 changes stay below it, deletes first, the rest counted, with the plan's digest", () => {
    const document = largePlan(3000);
    const markdown = renderMarkdown(document);
    expect(utf8Bytes(markdown)).toBeLessThanOrEqual(65_536);
    expect(utf8Bytes(markdown)).toBeGreaterThan(60_000);
    expect(digestIn(markdown, run)).toBe('ab'.repeat(32));
    expect(markdown).toContain(`Digest: \`${'ab'.repeat(32)}\``);

    const [, full, names, hidden] =
      /of 3000 entries (\d+) are shown in full, (\d+) by name only, and (\d+) are left out\. The digest covers the whole plan\./.exec(
        markdown,
      ) ?? [];
    const details = markdown.split('<details>').length - 1;
    const listed = new Set(markdown.match(/(?:retired-)?schedule-number-\d+/g)).size;
    expect(Number(full)).toBe(details);
    expect(Number(names)).toBe(listed - details);
    expect(Number(hidden)).toBe(3000 - listed);
    const more = [...markdown.matchAll(/(\d+) more not shown/g)].reduce(
      (sum, [, count]) => sum + Number(count),
      0,
    );
    expect(more).toBe(Number(hidden));
    // Every delete is at least named.
    expect(markdown.match(/retired-schedule-number-\d+/g)).toHaveLength(1000);
    expect(markdown.indexOf('#### Deletes (1000)')).toBeLessThan(markdown.indexOf('#### Creates (2000)'));
  });

  test('a plan whose names all fit has every name', () => {
    const markdown = renderMarkdown(largePlan(700));
    expect(utf8Bytes(markdown)).toBeLessThanOrEqual(65_536);
    expect(new Set(markdown.match(/(?:retired-)?schedule-number-\d+/g)).size).toBe(700);
    expect(markdown).toMatch(/of 700 entries \d+ are shown in full, \d+ by name only, and 0 are left out/);
    expect(markdown).not.toContain('more not shown');
  });

  test('what fits is complete, without a note on the limit; a job summary has room for more', () => {
    expect(renderMarkdown(largePlan(20))).not.toContain('too long');
    expect(renderMarkdown(largePlan(300), summaryLimit)).not.toContain('too long');
    expect(renderMarkdown(largePlan(3000), summaryLimit)).toContain('300 are shown in full');
    const huge = renderMarkdown(largePlan(12_000), summaryLimit);
    expect(huge).toContain('too long');
    expect(utf8Bytes(huge)).toBeLessThanOrEqual(summaryLimit);
  });

  test('one entry that is too long does not remove the others', () => {
    const long = update('long', [
      field(
        'startWorkflowRequest.input.text',
        'a',
        Array.from({ length: 300 }, () => 'x'.repeat(390)).join('\n'),
      ),
    ]);
    const markdown = renderMarkdown(planDocument(plan([long, three(1), three(2)]), [], hide));
    expect(markdown).toContain('of 3 entries 2 are shown in full, 1 by name only, and 0 are left out');
    expect(markdown).toContain('By name only: `long`.');
  });

  test('multi-byte characters count in bytes', () => {
    const changes = Array.from({ length: 2000 }, (_, index) => create(`日本語のスケジュール${index}`, []));
    expect(utf8Bytes(renderMarkdown(planDocument(plan(changes), [], hide)))).toBeLessThanOrEqual(65_536);
  });
});

describe('the order of the groups', () => {
  test('errors, deletes, pauses, resumes, adopts, renames, updates, creates, what is left alone, warnings', () => {
    const place = { kind: 'nowhere' } as const;
    const changes = [
      create('c', [field('zoneId', undefined, 'UTC')]),
      update('u', [field('zoneId', 'UTC', 'Asia/Tokyo')]),
      update('p', [field('paused', false, true)]),
      update('r', [field('paused', true, false)], { pausedBefore: true, pausedReasonBefore: 'INC-1' }),
      { ...update('a', [field('zoneId', 'UTC', 'Asia/Tokyo')]), kind: 'adopt' as const },
      rename('n', ['old'], [field('name', 'old', 'n')]),
      remove('d'),
      leave('l', { reason: 'needs-prune' }),
    ];
    const problems = [
      { diagnostic: problem('idle-zone', { zone: 'UTC' }, place) },
      { diagnostic: problem('needs-adopt', { name: 'x' }, place) },
    ];
    const markdown = renderMarkdown(planDocument(plan(changes, { verdict: 'blocked' }), problems, hide));
    expect([...markdown.matchAll(/^#### (.*)$/gm)].map(([, title]) => title)).toStrictEqual(
      [
        'Errors',
        'Deletes',
        'Pauses',
        'Resumes',
        'Adopts',
        'Renames',
        'Updates',
        'Creates',
        'Left alone',
        'Warnings',
      ].map((title) => `${title} (1)`),
    );
    expect(markdown).toContain(
      '- `r`: paused on the server: `"INC-1"`; last changed by `jane@acme.com` at 2026-11-23T19:16:36Z\n',
    );
  });

  test('a limit that refuses is named once, with the flag that accepts it', () => {
    const names = ['ghp_0123456789abcdefghijABCDEFGHIJ012345', '@everyone: `<b>`'];
    const guard = { guard: 'deletes', seen: 14, limit: 3, names } as const;
    const markdown = renderMarkdown(
      planDocument(
        plan([remove('d')], { verdict: 'blocked', guards: [{ ...guard, refused: true }] }),
        [{ diagnostic: problem('guard', guard, { kind: 'nowhere' }) }],
        hide,
      ),
    );
    expect(markdown).toContain('### Plan refused: 1 to delete');
    expect(markdown.match(/--max-deletes 14/g)).toHaveLength(1);
    expect(markdown).toContain('over the limit of 3: ``(sensitive), "@everyone: `<b>`"``. If this');
    expect(markdown).not.toContain('#### Errors');
  });

  test('a plan that may still change says so', () => {
    const { digest: _, ...open } = plan([remove('d')]);
    const markdown = renderMarkdown(withRun(planDocument(open, [], hide), run));
    expect(markdown).toContain('No digest: some secrets are not known here');
    expect(digestIn(markdown, run)).toBeUndefined();
  });
});
