import { nearest } from '../parse/edit-distance.ts';
import { hasRules } from './offsets.ts';
import { zoneIds } from './zone-ids.ts';

/** A time zone as data. `id` is what was written and what the server stores. */
export type Zone =
  /** Always the same distance from UTC: seconds east of it. */
  | { readonly kind: 'fixed'; readonly id: string; readonly offset: number }
  /** `rules` is the name under which `Intl` has the region's offsets. */
  | { readonly kind: 'region'; readonly id: string; readonly rules: string };

/** `why` completes "the zone is refused: …"; `nearest` is an id that is taken, when one is meant with some likelihood. */
export type ZoneParse =
  | { readonly ok: true; readonly zone: Zone }
  | { readonly ok: false; readonly why: string; readonly nearest?: string };

const zeroes = new Set(['Z', 'UTC', 'GMT', 'UT']);
// Only hours (one or two digits), or with two-digit minutes and seconds, all with colons or all without.
const offsetForm = /^(UTC|GMT|UT)?([+-])(\d{1,2}|\d\d:?\d\d|\d\d:\d\d:\d\d|\d{6})$/;
const offsetLimit = 18 * 3600;

/**
 * Abbreviations that Java refuses although other tools take them, with the region that people mean. Java's own table of them
 * (`ZoneId.SHORT_IDS`) is not in use in `ZoneId.of(String)`.
 */
const abbreviations: { readonly [name: string]: string } = {
  EST: 'America/New_York',
  EDT: 'America/New_York',
  CST: 'America/Chicago',
  CDT: 'America/Chicago',
  MST: 'America/Denver',
  MDT: 'America/Denver',
  PST: 'America/Los_Angeles',
  PDT: 'America/Los_Angeles',
  AKST: 'America/Anchorage',
  AKDT: 'America/Anchorage',
  AST: 'America/Halifax',
  ADT: 'America/Halifax',
  HST: 'Pacific/Honolulu',
  BST: 'Europe/London',
  WEST: 'Europe/Lisbon',
  CEST: 'Europe/Berlin',
  EEST: 'Europe/Athens',
  MSK: 'Europe/Moscow',
  SAST: 'Africa/Johannesburg',
  IST: 'Asia/Kolkata',
  SGT: 'Asia/Singapore',
  HKT: 'Asia/Hong_Kong',
  ROC: 'Asia/Taipei',
  JST: 'Asia/Tokyo',
  KST: 'Asia/Seoul',
  AWST: 'Australia/Perth',
  ACST: 'Australia/Adelaide',
  AEST: 'Australia/Sydney',
  AEDT: 'Australia/Sydney',
  NZST: 'Pacific/Auckland',
  NZDT: 'Pacific/Auckland',
};

/**
 * Regions younger than the tz data of our oldest Node (20.19.0 has 2025a), with one that has had the same clock since they
 * split off. Coyhaique left Santiago's rules on 2025-03-20 for UTC-3 all year, which Punta Arenas keeps since 2016.
 */
const sameClock: { readonly [id: string]: string } = { 'America/Coyhaique': 'America/Punta_Arenas' };

/**
 * Reads a zone id as `java.time.ZoneId.of` does on the server: a region in its exact case, `Z`, an offset up to ±18:00
 * (`+2`, `+02:00`, `+0530`), or `UTC`, `GMT`, `UT` with or without an offset. That Node has rules for a region is known
 * of all but the youngest; only those are asked, since the first question to Intl costs more than reading ten manifests.
 */
export function parseZone(id: string): ZoneParse {
  const known = knownZones.get(id);
  if (known !== undefined) return known;
  const parsed = readZone(id);
  if (knownZones.size < mostKnown && id.length <= longestKnown) knownZones.set(id, parsed);
  return parsed;
}

/** Ids that were read before: of a thousand schedules most have a few between them. */
const knownZones = new Map<string, ZoneParse>();
const mostKnown = 1000;
const longestKnown = 100;

function readZone(id: string): ZoneParse {
  if (zeroes.has(id)) return { ok: true, zone: { kind: 'fixed', id, offset: 0 } };
  const [, , sign, digits] = offsetForm.exec(id) ?? [];
  if (sign !== undefined && digits !== undefined) return offsetZone(id, sign, digits);
  if (!zoneIds.has(id)) return refusal(id);
  const elder = Object.hasOwn(sameClock, id) ? sameClock[id] : undefined;
  const rules = elder === undefined || hasRules(id) ? id : elder;
  return { ok: true, zone: { kind: 'region', id, rules } };
}

function offsetZone(id: string, sign: string, digits: string): ZoneParse {
  const figures = digits.replaceAll(':', '');
  const padded = figures.length === 1 ? `0${figures}` : figures;
  const hours = Number(padded.slice(0, 2));
  const minutes = Number(padded.slice(2, 4));
  const seconds = Number(padded.slice(4, 6));
  const size = hours * 3600 + minutes * 60 + seconds;
  if (minutes > 59 || seconds > 59) return { ok: false, why: 'minutes and seconds of an offset go up to 59' };
  if (size > offsetLimit) return { ok: false, why: 'an offset can be at most 18:00' };
  return { ok: true, zone: { kind: 'fixed', id, offset: sign === '-' && size > 0 ? -size : size } };
}

function refusal(id: string): ZoneParse {
  if (id === '') return { ok: false, why: 'the zone is empty', nearest: 'UTC' };
  const trimmed = id.trim();
  if (trimmed !== id && parseZone(trimmed).ok)
    return { ok: false, why: 'there are spaces around it', nearest: trimmed };
  const meant = sameLetters(trimmed);
  if (meant !== undefined) return { ok: false, why: 'it is case-sensitive', nearest: meant };
  const region = Object.hasOwn(abbreviations, trimmed.toUpperCase())
    ? abbreviations[trimmed.toUpperCase()]
    : undefined;
  if (region !== undefined)
    return { ok: false, why: 'Java does not accept this abbreviation', nearest: region };
  const offset = offsetMeant(trimmed);
  if (offset !== undefined)
    return { ok: false, why: 'write hours and minutes of an offset with two digits each', nearest: offset };
  const near = cityOf(trimmed) ?? nearest(trimmed, zoneIds);
  return { ok: false, why: 'Java has no such zone', ...(near === undefined ? {} : { nearest: near }) };
}

function sameLetters(id: string): string | undefined {
  const folded = id.toLowerCase();
  for (const known of [...zeroes, ...zoneIds]) if (known.toLowerCase() === folded) return known;
  return offsetForm.test(id.toUpperCase()) && parseZone(id.toUpperCase()).ok ? id.toUpperCase() : undefined;
}

/** The offset that is taken for `+2:00`, `UTC+5:30` or `GMT +1`. */
function offsetMeant(id: string): string | undefined {
  const [, prefix = '', sign, hours = '', minutes = '00'] =
    /^(UTC|GMT|UT)? ?([+-]) ?(\d{1,2})(?::?(\d\d))?$/i.exec(id) ?? [];
  const meant = `${prefix.toUpperCase()}${sign}${hours.padStart(2, '0')}:${minutes}`;
  return sign !== undefined && parseZone(meant).ok ? meant : undefined;
}

/** The one region of which `Berlin` or `new york` is the last segment; `Eastern` has two. */
function cityOf(id: string): string | undefined {
  const city = `/${id.toLowerCase().replace(/\s+/g, '_')}`;
  const [found, ...others] = [...zoneIds].filter((known) => known.toLowerCase().endsWith(city));
  return others.length === 0 ? found : undefined;
}
