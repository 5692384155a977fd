import { dayNumber } from './civil.ts';

/** What a release of the tz database changed for zones, as far as times from 2024 on are concerned. */
export type RuleChange = {
  /** Such as `2026b`. */
  readonly release: string;
  readonly zones: readonly string[];
  /** The first instant that has another offset than before this release, in epoch milliseconds; `new`: the zone is. */
  readonly from: number | 'new';
  /** The end of the last such time, in epoch milliseconds. Absent = each year has some from then on, past 2037. */
  readonly until?: number;
};

/** The oldest zone rules that servers in the field have: those of the table are newer. */
export const oldestRelease = '2024a';

const at = (year: number, month: number, day: number, hour: number): number =>
  (dayNumber({ year, month, day }) * 24 + hour) * 3_600_000;

/**
 * Every release after `oldestRelease`, up to 2026f, that gave a zone other offsets at a time after 2024. Made by comparing
 * the compiled files of all releases (2024a to 2026f) hour by hour from 2024 to 2037.
 */
export const ruleChanges: readonly RuleChange[] = [
  { release: '2025a', zones: ['America/Asuncion'], from: at(2025, 3, 23, 3) },
  { release: '2025b', zones: ['America/Coyhaique'], from: 'new' },
  { release: '2026a', zones: ['Europe/Chisinau', 'Europe/Tiraspol'], from: at(2024, 3, 31, 0) },
  { release: '2026b', zones: ['America/Vancouver', 'Canada/Pacific'], from: at(2026, 11, 1, 9) },
  { release: '2026c', zones: ['Africa/Casablanca', 'Africa/El_Aaiun'], from: at(2026, 9, 20, 1) },
  {
    release: '2026c',
    zones: ['America/Edmonton', 'America/Yellowknife', 'Canada/Mountain'],
    from: at(2026, 11, 1, 8),
  },
  { release: '2026d', zones: ['America/Inuvik'], from: at(2026, 11, 1, 8) },
  {
    release: '2026e',
    zones: ['America/Rainy_River', 'America/Winnipeg', 'Canada/Central'],
    from: at(2026, 11, 1, 7),
  },
  {
    release: '2026f',
    zones: ['America/Havana', 'Cuba'],
    from: at(2026, 11, 1, 5),
    until: at(2027, 3, 14, 5),
  },
];

/**
 * The newest change of a zone's rules that concerns a time from `from` to before `to` (epoch milliseconds); undefined when
 * all releases since `oldestRelease` agree about them.
 */
export function ruleChangeOf(zone: string, from: number, to: number): RuleChange | undefined {
  return ruleChanges.findLast(
    (change) =>
      change.zones.includes(zone) &&
      (change.from === 'new' || change.from < to) &&
      (change.until === undefined || change.until > from),
  );
}
