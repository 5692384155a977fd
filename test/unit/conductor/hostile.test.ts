import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BodyLimits, readBody } from '../../../src/http/body.ts';
import { isSuccess, type TransportResult } from '../../../src/http/transport.ts';
import { casesOf } from '../../support/cases.ts';
import { element, scripted } from './scripted.ts';

/** Answers that somebody broke, on purpose or not, through the reading of the body, the client and the reader. */

const bases = [
  JSON.stringify([element('a'), element('b', { tags: [{ key: 'k', value: 'v' }], orgId: 'x' })]),
  JSON.stringify(element('a', { input: { id: 'PLACE', text: '\\"\\\\\n', list: [[[{ a: [1.5e3] }]]] } })),
  JSON.stringify({ totalHits: 1, results: [{ scheduleName: 'a', state: 'EXECUTED', scheduledTime: 1 }] }),
  JSON.stringify({ status: 404, message: "Schedule 'a' not found", retryable: false }),
  JSON.stringify({ status: 400, validationErrors: [{ path: 'x', message: 'y' }], retryable: true }),
  JSON.stringify([{ key: 'k', value: 'v' }]),
  '<!doctype html><html><title>Sign in</title></html>',
  '3.32.1',
  'null',
  '',
].map((text) => Buffer.from(text.replace('"PLACE"', '12345678901234567890')));

/** What is put into an answer, over and over: the pieces that a reader has to look twice at. */
const pieces = [
  ...[
    '"',
    '\\',
    '\\"',
    '\\u',
    '\\ud83d',
    '[',
    '{',
    ']',
    '}',
    ',',
    ':',
    '{"a":',
    '[[',
    '0',
    '-',
    '.',
    'e',
    'E+',
  ],
  ...['1234567890123456', '1e400', '1e-400', '-0', '1.0', 'null', 'true', ' ', '\n', '\0', '\u2028', '#int:'],
  ...['<', '<title', '&#0', '__proto__', '"__proto__":', '"name":"a",', 'é', '🚚', '\ufeff'],
].map((text) => Buffer.from(text));

type Mutation = {
  readonly at: number;
  readonly drop: number;
  readonly piece: Uint8Array;
  readonly times: number;
};

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(400),
  drop: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(20), fc.constant(1000)),
  piece: fc.oneof(fc.constantFrom(...pieces), fc.uint8Array({ minLength: 1, maxLength: 3 })),
  times: fc.oneof({ weight: 6, arbitrary: fc.nat(3) }, { weight: 1, arbitrary: fc.nat(3000) }),
});

function mutated(base: Buffer, mutations: readonly Mutation[]): Buffer {
  return mutations.reduce((bytes, { at, drop, piece, times }) => {
    const from = Math.min(at, bytes.length);
    return Buffer.concat([bytes.subarray(0, from), ...Array(times).fill(piece), bytes.subarray(from + drop)]);
  }, base);
}

function streamOf(bytes: Uint8Array, cut: number): Readable {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += cut) pieces.push(Buffer.from(bytes.subarray(at, at + cut)));
  return Readable.from(pieces);
}

const limits: Omit<BodyLimits, 'strict'> = { ms: 60_000, mostBytes: 100_000 };

async function resultOf(bytes: Buffer, status: number, type: string, cut: number): Promise<TransportResult> {
  const body = await readBody(streamOf(bytes, cut), { ...limits, strict: isSuccess(status) });
  return body.kind === 'text'
    ? { kind: 'answer', status, headers: { 'content-type': type }, text: body.text }
    : { kind: 'failed', why: body.kind === 'late' ? 'timeout' : body.kind, sent: true, words: '' };
}

const answer = fc.record({
  base: fc.constantFrom(...bases),
  mutations: fc.array(mutation, { maxLength: 4 }),
  status: fc.oneof(
    fc.constant(200),
    fc.constantFrom(201, 204, 206, 302, 400, 401, 403, 404, 405, 409, 429, 500, 503),
  ),
  type: fc.oneof(
    fc.constant('application/json'),
    fc.constantFrom('', 'text/html', 'application/problem+json'),
  ),
  cut: fc.constantFrom(997, 100_000),
});

describe('10,000 mutated answers', () => {
  it('become values or printable failures, without a throw or an extra request', async () => {
    const seen = new Map<string, number>();
    const count = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1);
    await fc.assert(
      fc.asyncProperty(answer, fc.nat(6), async ({ base, mutations, status, type, cut }, operation) => {
        const bytes = mutated(base, mutations);
        const result = await resultOf(bytes, status, type, cut);
        const { connection, sent } = scripted([], { maxRetries: 1, transport: async () => result });
        const { reader, writer, workflows } = connection;
        const outcome = await [
          () => reader.list(),
          () => reader.get('a'),
          () => reader.tags('a'),
          () => reader.searchExecutions({ query: 'x', start: 0, size: 10 }),
          () => writer.pauseMany(['a']),
          () => workflows.inputs('a'),
          () => workflows.versions(),
        ][operation]!();
        expect(sent).toEqual([]);
        const { reads, writes } = connection.counts();
        // Forms of an operation and a retry of each.
        expect(reads + writes).toBeLessThanOrEqual(4);
        if (outcome.ok) return count('ok');
        const { kind, words, attempts, effect } = outcome.failure;
        count(kind);
        expect(words.length).toBeLessThanOrEqual(500);
        expect(words).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
        expect(attempts).toBeLessThanOrEqual(2);
        if (operation !== 4) expect(effect).toBe('none');
      }),
      { numRuns: casesOf(10_000), seed: 17 },
    );
    // It is not one kind of trouble again and again.
    for (const kind of [
      'ok',
      'not-json',
      'cut-off',
      'not-utf-8',
      'shape',
      'html',
      'partial',
      'redirect',
      'status',
    ])
      expect(seen.get(kind) ?? 0, kind).toBeGreaterThan(casesOf(50));
  });
});

describe('an answer that is slow to parse', () => {
  /** Texts of about so many characters that a reader which starts over at each of them reads in quadratic time. */
  const shapes: { readonly [what: string]: (length: number) => string } = {
    'backslashes without end': (length) => `[1e5,"${'\\'.repeat(length + 1)}`,
    'escaped quotes without end, after a long number': (length) =>
      `[1234567890123456,"${'\\"'.repeat(length / 2)}`,
    'quotes only': (length) => `[1.0,${'"'.repeat(length)}`,
    'digits only': (length) => `[${'1'.repeat(length)}`,
    'zeros after a point': (length) => `[1.${'0'.repeat(length)}x`,
    'numbers without end': (length) => `[${'1.0e1,'.repeat(length / 6)}`,
    brackets: (length) => '['.repeat(length),
    'objects in each other': (length) => '{"a":'.repeat(length / 5),
    spaces: (length) => `[1.0${' '.repeat(length)}x`,
    'halves of characters': (length) => `["${'\\ud83d'.repeat(length / 6)}`,
    'titles that never end': (length) => '<!doctype html>'.concat('<title '.repeat(length / 7)),
    'references to characters': (length) => '<html>'.concat('&#0'.repeat(length / 3)),
  };

  it.each(Object.entries(shapes))(
    '%s: four times the length is about four times the work',
    async (_what, text) => {
      // Of the processor, not of the clock, and the least of some: others work on the machine, too.
      const msOf = async (length: number): Promise<number> => {
        const answer = { text: text(length), headers: { 'content-type': 'application/json' } };
        let sum = 0;
        for (const status of [200, 500]) {
          const tries: number[] = [];
          for (let round = 0; round < 4; round += 1) {
            const { connection } = scripted([{ ...answer, status }], {
              maxRetries: 0,
              credentials: { kind: 'token', token: 'secret-token-&<>"' },
            });
            const begun = process.cpuUsage();
            expect((await connection.reader.list()).ok).toBe(false);
            const { user, system } = process.cpuUsage(begun);
            tries.push((user + system) / 1000);
          }
          sum += Math.min(...tries);
        }
        return sum;
      };
      await msOf(1000);
      const [once, fourTimes] = [await msOf(60_000), await msOf(240_000)];
      // Quadratic is sixteen times; the constant is for what takes no time at all.
      expect(fourTimes).toBeLessThan(9 * once + 50);
    },
  );
});

describe('the text of a body', () => {
  it('is the same in any chunks, and exactly what was sent', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', maxLength: 30 }),
        fc.integer({ min: 1, max: 5 }),
        async (text, cut) => {
          const whole = text.replace(/^\ufeff/, '');
          expect(await readBody(streamOf(Buffer.from(text), cut), { ...limits, strict: true })).toEqual({
            kind: 'text',
            text: whole,
          });
        },
      ),
      { numRuns: 300, seed: 1 },
    );
  });

  it('is refused one byte above the limit', async () => {
    const bytes = Buffer.alloc(11, 'a');
    for (const cut of [1, 4, 11]) {
      const at = { ms: 60_000, strict: true } as const;
      expect(await readBody(streamOf(bytes, cut), { ...at, mostBytes: 11 })).toMatchObject({ kind: 'text' });
      expect(await readBody(streamOf(bytes, cut), { ...at, mostBytes: 10 })).toEqual({ kind: 'too-large' });
    }
  });

  it('of an error is read as far as possible', async () => {
    const body = streamOf(Buffer.from('no \xfc here', 'latin1'), 4);
    expect(await readBody(body, { ...limits, strict: false })).toEqual({
      kind: 'text',
      text: 'no \ufffd here',
    });
  });
});
