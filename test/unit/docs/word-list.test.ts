import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, test } from 'vitest';
import { commentsIn, literalsIn } from '../../support/literals.ts';

/**
 * Words that must not come back into what people read: not American English, not the standard term, or a sentence that has
 * to be read twice. Code in backticks is left out.
 */
const words: readonly (readonly [wrong: RegExp, right: string])[] = [
  [/\bbehind\b(?! (?:the|a|an|another) (?:proxy|gateway|key|load balancer|firewall))/i, 'after'],
  [/\bblanks?\b(?! lines?)/i, 'space'],
  [/\bstands?\b(?! (?:for|in for)\b)/i, 'is'],
  [/\b(?:nobody|anybody)\b/i, 'no owner; cannot ask; not known'],
  [/(?<!there )\b(?:is|are) no (?!longer\b|more\b|such\b)[a-z]/i, 'is not a'],
  [/\bmoments?\b/i, 'time'],
  [/(?<!\b(?:leaves?|left|leaving)\b.{0,40})\balone\b/i, 'only'],
  [/\bfullest\b/i, 'busiest'],
  [/\bmis-?spelt\b|\bspelt\b/i, 'misspelled, spelled'],
  [/\bas (?:its|their|the) manifests? says?\b/i, 'matches its manifest'],
  [/\bshould have come\b|\bheld? .{0,40} against\b/i, 'missed; compare with'],
  [/\bin place of\b/i, 'instead of'],
  [/Only "yes" will do/i, 'Type yes to continue'],
  [/\bthere is no (?:file|environment|schema|record|such|option|flag)\b/i, 'not found; unknown'],
  [/\b(?:twice|several times) in one\b|\bkey .{0,30} twice\b/i, 'duplicate'],
  [/\bgoes? (?:together|with a)\b|\bcannot go with\b/i, 'cannot be used with'],
  [/\bspeaks? of\b|\bhas no words\b|\bown words\b/i, 'sets; message'],
  [/\bdone with\b/i, 'no longer needed'],
  [/\bis of (?:the|another) (?:server|type)\b/i, 'is for'],
  [/\ball the same\b/i, 'anyway'],
  [/\bnames no\b/i, 'has no; is not'],
  [/\bmade up for\b|\bmakes up for\b(?! them)/i, 'catches up on'],
  [/\bwhose word\b|\banybody may have\b/i, 'not trusted'],
  [/\bhas not\b$/i, 'does not'],
];

const root = fileURLToPath(new URL('../../..', import.meta.url));

type Sentence = { readonly place: string; readonly text: string };

/** Conductor's own texts, lists of words, and what is generated from checked sources. */
const foreign = /^(?:scheduler\/|model\/hiding\/credential\.ts$|cron\/zone\/)|\/generated\//;

function programTexts(): readonly Sentence[] {
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !foreign.test(file))
    .flatMap((file) =>
      literalsIn(readFileSync(join(root, 'src', file), 'utf8'))
        .filter(({ text }) => /\p{L}{2}.* .*\p{L}{2}/su.test(text) && !/^<|class=/.test(text))
        .map(({ line, text }) => ({ place: `src/${file}:${line}`, text })),
    );
}

/** Comments of the program, Conductor's scheduler included. */
function comments(): readonly Sentence[] {
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('generated/'))
    .flatMap((file) =>
      commentsIn(readFileSync(join(root, 'src', file), 'utf8')).map(({ line, text }) => ({
        place: `src/${file}:${line}`,
        text,
      })),
    );
}

const title =
  /(?:\b(?:it|test|describe)(?:\.\w+(?:\([^()]*\))?)*(?:<[^(]*>)?|^\s*\]?\))\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|`((?:[^`\\]|\\.)*)`)/gm;

/** What tests and their groups are called. */
function testNames(): readonly Sentence[] {
  return readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('node_modules'))
    .flatMap((file) => {
      const source = readFileSync(join(root, 'test', file), 'utf8');
      return [...source.matchAll(title)].map(([, single, double, template]) => ({
        place: `test/${file}`,
        text: single ?? double ?? template ?? '',
      }));
    });
}

function schemaTexts(): readonly Sentence[] {
  const found: Sentence[] = [];
  const walk = (node: unknown, place: string): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      if (typeof value === 'string' && (key === 'description' || key === 'title'))
        found.push({ place, text: value });
      else walk(value, place);
    }
  };
  for (const file of readdirSync(join(root, 'schemas/source')))
    walk(JSON.parse(readFileSync(join(root, 'schemas/source', file), 'utf8')), `schemas/source/${file}`);
  return found;
}

/** Pages without code blocks, a line each. */
function pageTexts(): readonly Sentence[] {
  const pages = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && !file.includes('node_modules'))
    .map((file) => `docs/${file}`);
  return ['README.md', 'CHANGELOG.md', 'SECURITY.md', ...pages].flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .replace(/^```.*?^```$/gms, (block) => block.replace(/[^\n]/g, ''))
      .replace(/<!--.*?-->/gs, (comment) => comment.replace(/[^\n]/g, ''))
      .split('\n')
      .map((text, index) => ({ place: `${file}:${index + 1}`, text })),
  );
}

function wrongIn(sentences: readonly Sentence[]): readonly string[] {
  return sentences.flatMap(({ place, text }) => {
    const prose = text.replace(/`[^`]*`/g, '`…`');
    return words
      .filter(([wrong]) => wrong.test(prose))
      .map(
        ([wrong, right]) => `${place}: ${wrong.exec(prose)?.[0]} (write: ${right}): ${text.slice(0, 120)}`,
      );
  });
}

describe('words that must not come back', () => {
  it('are found', () => {
    expect(
      wrongIn([
        { place: 'a', text: 'a blank is missing behind "key:"' },
        { place: 'b', text: 'nobody is there to approve: standard input is no terminal' },
        { place: 'c', text: 'a proxy behind the gateway `stands` here' },
      ]).map((one) => one.slice(0, 1)),
    ).toStrictEqual(['a', 'a', 'b', 'b']);
  });

  test.each<[string, () => readonly Sentence[], number]>([
    ['messages, hints, reports and help', programTexts, 1500],
    ['comments', comments, 3500],
    ['names of tests', testNames, 1800],
    ['descriptions of schemas', schemaTexts, 1000],
    ['README, CHANGELOG and docs', pageTexts, 1000],
  ])('are not in %s', (_what, sentences, least) => {
    const all = sentences();
    expect(all.length).toBeGreaterThan(least);
    expect(wrongIn(all)).toStrictEqual([]);
  });
});
