import { bounds, type Part, plus, put, read, type Wall } from './wall.ts';
import type { Zone } from './zone.ts';

/** The larger unit in which a part counts, as a number of some part's own units. */
const larger: { readonly [P in Part]: readonly [part: Part, amount: number] } = {
  second: ['minute', 1],
  minute: ['hour', 1],
  hour: ['day', 1],
  day: ['month', 1],
  month: ['month', 12],
  weekday: ['day', 7],
};

/** What starts anew when a part changes, in the order in which it is set: each step may meet a change of the clock. */
const below: { readonly [P in Part]: readonly Part[] } = {
  second: [],
  minute: ['second'],
  hour: ['minute', 'second'],
  day: ['hour', 'minute', 'second'],
  month: ['day', 'hour', 'minute', 'second'],
  weekday: ['hour', 'minute', 'second'],
};

/** Moves on by one larger unit and sets the part to its least value. */
export function roll(zone: Zone, wall: Wall, part: Part): Wall {
  const [unit, amount] = larger[part];
  return put(zone, plus(zone, wall, unit, amount), part, bounds(wall, part)[0]);
}

/**
 * Moves towards a value of a part: to it when it lies ahead within the larger unit, else on by the part's own units,
 * past the end of the larger one.
 */
export function approach(zone: Zone, wall: Wall, part: Part, value: number): Wall {
  const current = read(wall, part);
  const [least, greatest] = bounds(wall, part);
  const rest = greatest - current + 1;
  if (current >= value) return plus(zone, wall, part, rest + value - least);
  return value <= greatest ? put(zone, wall, part, value) : plus(zone, wall, part, rest);
}

/** Sets everything smaller than a part to its least value. */
export function clearBelow(zone: Zone, wall: Wall, part: Part): Wall {
  const cleared = below[part].reduce(
    (rest, smaller) => put(zone, rest, smaller, bounds(rest, smaller)[0]),
    wall,
  );
  return { ...cleared, fraction: false };
}
