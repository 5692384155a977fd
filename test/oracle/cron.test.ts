import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { nextFire } from '../../src/cron/fire/next.ts';
import { pastAnswers } from '../../src/cron/fire/past-answers.ts';
import { parseCron } from '../../src/cron/parse/parse-cron.ts';
import { nextChange, offsetAt } from '../../src/cron/zone/offsets.ts';
import { ruleChanges } from '../../src/cron/zone/rule-changes.ts';
import { parseZone, type Zone } from '../../src/cron/zone/zone.ts';
import { zoneIds } from '../../src/cron/zone/zone-ids.ts';
import { anyCron } from '../support/crons.ts';
import { askSpring } from './spring.ts';

const count = Number(process.env.DOWNBEAT_ORACLE_COUNT ?? 20_000);
const seed = Number(process.env.DOWNBEAT_ORACLE_SEED ?? 20_261_123);
const firesEach = 5;
const day = 86_400_000;
const begin = Date.parse('2024-01-01T00:00Z');
const end = Date.parse('2034-01-01T00:00Z');
// How far ahead the rules of both must agree, for fires that come late.
const horizon = Date.parse('2080-01-01T00:00Z');

interface Clock {
  readonly id: string;
  readonly zone: Zone;
  /** Changes between `begin` and `end`. */
  readonly changes: readonly number[];
}

it('accepts the zones that Java accepts', async () => {
  const offsets = fc
    .tuple(
      fc.constantFrom('', '', 'UTC', 'GMT', 'UT', 'utc', 'Z', 'EST', 'UTC '),
      fc.constantFrom('+', '-', ''),
      fc.stringMatching(/^\d{0,3}(:?\d{0,3}){0,2}$/),
    )
    .map((parts) => parts.join(''));
  const ids = [
    ...zoneIds,
    ...fc.sample(offsets, { numRuns: 3000, seed }),
    ...Intl.supportedValuesOf('timeZone').flatMap((id) => [id, id.toLowerCase(), ` ${id}`]),
    ...['', 'EST', 'MST', 'HST', 'PST', 'CST', 'ROC', 'SystemV', 'Mars/Base', 'UTC+1', 'GMT+2', '+02:00'],
  ];
  const answers = await askSpring(ids.map((id) => ['zone', id]));
  const different = ids.filter((id, index) => parseZone(id).ok !== (answers[index] === 'ok'));
  const [theirs = ''] = await askSpring([['release']]);
  const tooYoung = ruleChanges.filter(({ from, release }) => from === 'new' && release > theirs);
  expect([...new Set(different)]).toEqual(tooYoung.flatMap(({ zones }) => zones));
});

it("has the rules of the JDK, except for zones that changed between its release and Node's", async () => {
  const { clocks, different } = await comparedClocks();
  const [theirs = ''] = await askSpring([['release']]);
  const ours = process.versions.tz ?? '';
  const [older = '', newer = ''] = [ours, theirs].sort();
  const changed = ruleChanges.filter(({ release }) => release > older && release <= newer);
  const unexplained = different.filter((id) => !changed.some(({ zones }) => zones.includes(id)));
  console.log(
    `Node has tz ${ours}, the JDK ${theirs}: ${clocks.length} zones are alike, not compared are`,
    different,
  );
  expect(theirs).toMatch(/^20\d\d[a-z]$/);
  expect(unexplained).toEqual([]);
  // What the table says has changed is not alike, or the table is wrong.
  expect(changed.flatMap(({ zones }) => zones).filter((id) => !different.includes(id))).toEqual([]);
});

it('knows the fires after which Spring answers with the past, while a clock goes back to the middle of an hour', async () => {
  const start = Date.parse('2027-04-03T00:00Z');
  const cases = ['Australia/Lord_Howe', 'Pacific/Chatham', 'Australia/Adelaide'].flatMap((id) =>
    ['0 0 * * * *', '0 15 * * * *', '0 45 * * * *', '0 */10 * * * *', '0 50 2 * * *', '0 0 1 * * *'].map(
      (expression) => ({ id, expression }),
    ),
  );
  const answers = await askSpring(
    cases.map(({ id, expression }) => ['next', expression, id, String(start), '120']),
  );
  const theirs = answers.map((answer) => {
    const fires = answer.split(' ').slice(1);
    const late = fires.findIndex((fire) => fire.startsWith('!'));
    return late < 0 ? undefined : Number(fires[late - 1]);
  });
  const ours = cases.map(({ id, expression }) => {
    const [cron, zone] = [parseCron(expression), parseZone(id)];
    if (!cron.ok || !zone.ok) throw new Error(`${expression} ${id}`);
    return pastAnswers(cron.cron, zone.zone, start, start + 2 * day)[0]?.from;
  });
  expect(ours).toEqual(theirs);
  expect(new Set(theirs).size).toBeGreaterThan(3);
});

it(`fires when Spring does, in ${count} random cases (seed ${seed})`, async () => {
  const { clocks } = await comparedClocks();
  // Most zones of the world are in, or the comparison would say little.
  expect(clocks.length).toBeGreaterThan(500);
  const cases = fc.sample(aCase(clocks), { numRuns: count, seed });
  const answers = await askSpring(
    cases.map(({ expression, clock, from }) => [
      'next',
      expression,
      clock.id,
      String(from),
      String(firesEach),
    ]),
  );
  const different: unknown[] = [];
  const seen = { refused: 0, fires: 0, never: 0, past: 0, changes: 0 };
  for (const [index, { expression, clock, from }] of cases.entries()) {
    const theirs = (answers[index] as string).split(' ');
    const ours = answerOf(expression, clock.zone, from);
    if (theirs[0] === 'refused') seen.refused += 1;
    for (const fire of theirs.slice(1)) {
      if (fire.startsWith('!')) seen.past += 1;
      if (fire.endsWith('none')) seen.never += 1;
      else seen.fires += 1;
    }
    if (clock.changes.some((change) => Math.abs(change - from) < 3 * day)) seen.changes += 1;
    if (ours.join(' ') !== theirs.join(' ').replaceAll('!', ''))
      different.push({ expression, zone: clock.id, from: new Date(from).toISOString(), ours, theirs });
  }
  console.log(`${clocks.length} zones;`, seen);
  expect(different).toEqual([]);
  // Each kind of answer is there.
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(0);
});

function answerOf(expression: string, zone: Zone, from: number): readonly string[] {
  const parsed = parseCron(expression);
  if (!parsed.ok) return ['refused'];
  const answer = ['ok'];
  for (let at = from; answer.length <= firesEach; ) {
    const next = nextFire(parsed.cron, zone, at);
    answer.push(next === null ? 'none' : String(next));
    if (next === null) break;
    at = next;
  }
  return answer;
}

/** The zones whose rules this Node and that JDK have alike, and the ids of the others: their tz data may differ in age. */
async function comparedClocks(): Promise<{
  readonly clocks: readonly Clock[];
  readonly different: readonly string[];
}> {
  const ids = [...zoneIds, 'Z', '+05:30', '-01:00:30', 'UTC+14', '-18:00'];
  const answers = await askSpring(ids.map((id) => ['rules', id, String(begin), String(horizon)]));
  const clocks: Clock[] = [];
  const different: string[] = [];
  for (const [index, id] of ids.entries()) {
    const parsed = parseZone(id);
    const rules = answers[index] as string;
    if (!parsed.ok || rules === 'refused' || !agree(parsed.zone, rules)) different.push(id);
    else clocks.push({ id, zone: parsed.zone, changes: changesOf(parsed.zone).map(({ at }) => at) });
  }
  return { clocks, different };
}

/** Every change until `end`; after it each of the JDK's, and the offset in the first days of January and July. */
function agree(zone: Zone, rules: string): boolean {
  const [first, ...changes] = rules.split(' ');
  let offset = Number(first);
  if (offsetOf(zone, begin) !== offset) return false;
  const theirs = changes.map((text) => text.split(':').map(Number) as [at: number, after: number]);
  const near = theirs.filter(([at]) => at < end);
  if (JSON.stringify(near) !== JSON.stringify(changesOf(zone).map(({ at, after }) => [at, after])))
    return false;
  let next = 0;
  for (let at = end; at < horizon; at += 182.625 * day) {
    for (; next < theirs.length; next += 1) {
      const [change, after] = theirs[next] as [number, number];
      if (change > at) break;
      if (offsetOf(zone, change - 1000) !== offset || offsetOf(zone, change) !== after) return false;
      offset = after;
    }
    if (offsetOf(zone, at) !== offset) return false;
  }
  return true;
}

function offsetOf(zone: Zone, ms: number): number {
  return zone.kind === 'fixed' ? zone.offset : offsetAt(zone.rules, ms / 1000);
}

/** In epoch milliseconds, from `begin` to before `end`. */
function changesOf(zone: Zone): readonly { readonly at: number; readonly after: number }[] {
  const found: { readonly at: number; readonly after: number }[] = [];
  if (zone.kind === 'fixed') return found;
  for (let from = begin / 1000; ; ) {
    const change = nextChange(zone.rules, from, end / 1000);
    if (change === undefined) return found;
    found.push({ at: change.at * 1000, after: change.after });
    from = change.at;
  }
}

interface Case {
  readonly expression: string;
  readonly clock: Clock;
  /** Epoch milliseconds. */
  readonly from: number;
}

/** Mostly near a change of the clock, and mostly an expression that Spring takes. */
function aCase(clocks: readonly Clock[]): fc.Arbitrary<Case> {
  const changing = clocks.filter(({ changes }) => changes.length > 0);
  const anyTime = fc.integer({ min: begin, max: end });
  const when = fc.oneof(
    {
      weight: 3,
      arbitrary: fc
        .tuple(fc.constantFrom(...changing), fc.nat(), fc.integer({ min: -3 * day, max: day }))
        .map(([clock, which, away]) => ({
          clock,
          from: (clock.changes[which % clock.changes.length] as number) + away,
        })),
    },
    { weight: 1, arbitrary: fc.record({ clock: fc.constantFrom(...clocks), from: anyTime }) },
  );
  const macros = fc.constantFrom(
    '@yearly',
    '@annually',
    '@MONTHLY',
    '@weekly',
    ' @daily ',
    '@midnight',
    '@Hourly',
    '@reboot',
  );
  const tooFar = fc.integer({ min: 28, max: 40 }).map((days) => `0 0 */6 L-${days} * *`);
  const expression = fc.oneof(
    { weight: 16, arbitrary: anyCron() },
    { weight: 3, arbitrary: broken() },
    { weight: 1, arbitrary: fc.oneof(macros, tooFar) },
  );
  return fc.tuple(expression, when).map(([text, place]) => ({ expression: text, ...place }));
}

/** One character wrong, which Spring may or may not mind. */
function broken(): fc.Arbitrary<string> {
  const character = fc.constantFrom(...' \t0123456789*?/,-#LWlwMONSUNJANfri@H');
  return fc
    .tuple(anyCron(), fc.nat(), character, fc.constantFrom(0, 1))
    .map(([text, place, letter, removed]) => {
      const at = place % text.length;
      return text.slice(0, at) + letter + text.slice(at + removed);
    });
}
