/**
 * UTC offsets of a region from `Intl`, whose data ICU carries (the running Node's, not the server's JDK's).
 * `Intl` answers one instant in about a microsecond; the answers are kept as stretches of constant offset, so that a
 * search through years asks it a few times a month.
 */
export interface Stretch {
  /** Epoch seconds; the first instant at which `offset` holds, or where a block of the cache begins. */
  readonly start: number;
  /** Epoch seconds, exclusive. */
  readonly end: number;
  /** Seconds east of UTC. */
  readonly offset: number;
}

/** The largest instant that ECMAScript (and so `Intl`) knows, in epoch seconds; the smallest is its negative. */
export const lastInstant = 8_640_000_000_000;

// Two changes of the clock are at least 6.9 days apart in every zone from 1800 to 2090 (Java's tz data 2026a), so a block of
// four days holds at most one and none can hide between two equal ends.
const blockSeconds = 4 * 86_400;

interface Region {
  readonly clock: Intl.DateTimeFormat;
  readonly blocks: Map<number, readonly Stretch[]>;
  /** The year ahead is looked through for each cron. */
  walk: Walk;
}

/** The changes of some blocks in a row. */
interface Walk {
  readonly first: number;
  /** The block after the last one. */
  end: number;
  /** The offset at its end; undefined = it has no block yet. */
  offset: number | undefined;
  readonly changes: Change[];
}

/** A walk with more of them is begun anew, so that each look at it stays short. */
const mostChanges = 100;

const regions = new Map<string, Region | undefined>();

/**
 * Lets `Intl` load what it has of all zones, which takes 15 ms: for whoever waits for something else before the first
 * question to it.
 */
export function readyRules(): void {
  regionOf('Europe/London');
}

/** Whether the running Node has rules for a region. */
export function hasRules(rules: string): boolean {
  return regionOf(rules) !== undefined;
}

/** The stretches of constant offset that cover `from` to `to` (epoch seconds, inclusive), in order. */
export function stretches(rules: string, from: number, to: number): readonly Stretch[] {
  const region = knownRegion(rules);
  const first = Math.floor(from / blockSeconds);
  const last = Math.floor(to / blockSeconds);
  if (first === last) return block(region, first);
  const found: Stretch[] = [];
  for (let index = first; index <= last; index += 1) found.push(...block(region, index));
  return found;
}

/**
 * The offset that a region has from one instant to another (epoch seconds, inclusive) and around them, in seconds east of
 * UTC; undefined when its clock changes there.
 */
export function keptOffset(rules: string, from: number, to: number): number | undefined {
  const region = knownRegion(rules);
  const last = Math.floor(to / blockSeconds);
  let kept: number | undefined;
  for (let index = Math.floor(from / blockSeconds); index <= last; index += 1) {
    for (const { offset } of block(region, index)) {
      if (kept !== undefined && offset !== kept) return undefined;
      kept = offset;
    }
  }
  return kept;
}

/** A change of a region's clock. */
export interface Change {
  /** Epoch seconds; the first instant at which `after` holds. */
  readonly at: number;
  /** Seconds east of UTC. */
  readonly before: number;
  readonly after: number;
}

/** The first change later than `from` and before `to` (epoch seconds); undefined when there is none. */
export function nextChange(rules: string, from: number, to: number): Change | undefined {
  const region = knownRegion(rules);
  const first = Math.floor(from / blockSeconds);
  if (first < region.walk.first || first > region.walk.end || region.walk.changes.length > mostChanges)
    region.walk = walkFrom(first);
  const { walk } = region;
  for (let looked = 0; ; goOn(region, walk)) {
    for (; looked < walk.changes.length; looked += 1) {
      const change = walk.changes[looked] as Change;
      if (change.at > from) return change.at < to ? change : undefined;
    }
    if (walk.end * blockSeconds >= to) return undefined;
  }
}

function walkFrom(block: number): Walk {
  return { first: block, end: block, offset: undefined, changes: [] };
}

/** Takes one more block into a walk. */
function goOn(region: Region, walk: Walk): void {
  for (const { start, offset } of block(region, walk.end)) {
    if (walk.offset !== undefined && offset !== walk.offset)
      walk.changes.push({ at: start, before: walk.offset, after: offset });
    walk.offset = offset;
  }
  walk.end += 1;
}

/** Seconds east of UTC at an instant in epoch seconds. */
export function offsetAt(rules: string, instant: number): number {
  const found = stretches(rules, instant, instant);
  return (found.find(({ end }) => instant < end) ?? (found[0] as Stretch)).offset;
}

function knownRegion(rules: string): Region {
  const region = regionOf(rules);
  if (region === undefined) throw new Error(`no time zone rules for ${rules}`);
  return region;
}

function regionOf(rules: string): Region | undefined {
  if (!regions.has(rules)) regions.set(rules, openRegion(rules));
  return regions.get(rules);
}

function openRegion(timeZone: string): Region | undefined {
  try {
    const clock = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
    return { clock, blocks: new Map(), walk: walkFrom(0) };
  } catch {
    // RangeError: this Node's data lacks the zone.
    return undefined;
  }
}

function block(region: Region, index: number): readonly Stretch[] {
  const known = region.blocks.get(index);
  if (known !== undefined) return known;
  const start = index * blockSeconds;
  const end = start + blockSeconds;
  const before = ask(region.clock, start);
  const after = ask(region.clock, end - 1);
  const found: Stretch[] =
    before === after ? [{ start, end, offset: before }] : changed(region.clock, start, end, before, after);
  region.blocks.set(index, found);
  return found;
}

function changed(
  clock: Intl.DateTimeFormat,
  start: number,
  end: number,
  before: number,
  after: number,
): Stretch[] {
  let old = start;
  let fresh = end - 1;
  while (fresh - old > 1) {
    const middle = Math.floor((old + fresh) / 2);
    if (ask(clock, middle) === before) old = middle;
    else fresh = middle;
  }
  return [
    { start, end: fresh, offset: before },
    { start: fresh, end, offset: after },
  ];
}

// "11/1/2026, GMT-04:00", "1/1/1970, GMT-00:44:30", "1/1/2026, GMT".
const offsetText = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;

function ask(clock: Intl.DateTimeFormat, instant: number): number {
  const milliseconds = Math.max(-lastInstant, Math.min(lastInstant, instant)) * 1000;
  const [, sign, hours, minutes, seconds] = offsetText.exec(clock.format(milliseconds)) ?? [];
  if (sign === undefined) return 0;
  const size = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0);
  return sign === '-' ? -size : size;
}
