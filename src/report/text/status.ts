import { utcText } from '../../cron/zone/utc.ts';
import type { Execution } from '../../model/execution.ts';
import { formatVersion, type Plan } from '../../model/plan.ts';
import type { DriftClass } from '../documents/document.ts';
import { terminalText } from './escape.ts';
import { outcomeOf, runDetails } from './past-runs.ts';
import { spanText } from './span.ts';
import type { Colors, Style } from './style.ts';
import { belowRow, type Row, tableLines } from './table.ts';
import { wrap } from './wrap.ts';

/** How every schedule is, now. `schemas/status.schema.json` describes it. Times are epoch milliseconds. */
export interface StatusDocument {
  readonly format: typeof formatVersion;
  readonly kind: 'status';
  readonly target: Plan['target'];
  /** When the server was asked, by our clock. */
  readonly at: number;
  /** Whether the schedules could be compared with manifests: there are none, or they have errors. */
  readonly manifests: 'compared' | 'none' | 'invalid';
  /** The names that were asked for; absent = all. */
  readonly asked?: readonly string[];
  readonly counts: StatusCounts;
  /** Sorted by name. */
  readonly schedules: readonly StatusEntry[];
}

export interface StatusCounts {
  readonly active: number;
  readonly paused: number;
  /** In a manifest and not on the server. */
  readonly missing: number;
  /** Active, and it will never fire again. */
  readonly never: number;
  /** The last run could not be started. */
  readonly failed: number;
  /** Not as its manifest says. */
  readonly drifted: number;
}

/** `unknown`: only a secret that is not defined here could tell. */
export type DriftState = DriftClass | 'none' | 'unmanaged' | 'unknown';

export interface StatusEntry {
  readonly name: string;
  readonly state: 'active' | 'paused' | 'missing';
  /** Why, and the server's last write, which usually was the pause. */
  readonly pause?: { readonly reason?: string; readonly by?: string; readonly at?: number };
  /** Absent = none. */
  readonly nextFire?: number;
  /** Absent = none that the server remembers, or it was not found out. */
  readonly lastRun?: Execution;
  /** It would have taken too many requests, or the server has no words for the name. */
  readonly lastRunUnknown?: true;
  /** Absent = nothing to compare with. */
  readonly drift?: DriftState;
}

export type StatusFacts = Omit<StatusDocument, 'format' | 'kind' | 'counts'>;

export function statusDocument(facts: StatusFacts): StatusDocument {
  const { target, at, manifests, asked, schedules } = facts;
  const count = (wanted: (entry: StatusEntry) => boolean): number => schedules.filter(wanted).length;
  return {
    format: formatVersion,
    kind: 'status',
    target,
    at,
    manifests,
    ...(asked === undefined ? {} : { asked }),
    counts: {
      active: count(({ state }) => state === 'active'),
      paused: count(({ state }) => state === 'paused'),
      missing: count(({ state }) => state === 'missing'),
      never: count(neverFires),
      failed: count(({ lastRun }) => lastRun?.state === 'FAILED'),
      drifted: count(({ drift = 'none' }) => !['none', 'unmanaged', 'unknown'].includes(drift)),
    },
    schedules,
  };
}

function neverFires({ state, nextFire }: StatusEntry): boolean {
  return state === 'active' && nextFire === undefined;
}

/** One line for each schedule; what needs words stands below it. */
export function renderStatus(document: StatusDocument, style: Style): string {
  const { counts, schedules, manifests, target, at, asked } = document;
  const { colors } = style;
  const compared = manifests === 'compared';
  const header = ['SCHEDULE', 'STATE', 'NEXT FIRE', 'LAST RUN', 'OUTCOME', ...(compared ? ['DRIFT'] : [])];
  const rows = schedules.map((entry) => rowOf(entry, at, compared, asked !== undefined, style));
  const sums = [
    `${counts.active} active`,
    `${counts.paused} paused`,
    ...(counts.missing > 0 ? [`${counts.missing} missing`] : []),
    ...(counts.never > 0 ? [`${counts.never} will never fire`] : []),
    `${counts.failed} failed last time`,
    ...(compared ? [`${counts.drifted} not as the manifests say`] : []),
  ];
  return [
    `${terminalText(target.url)} ${colors.dim(`(${terminalText(target.behaviour)}, ${utcText(at - (at % 1000))})`)}`,
    '',
    ...(rows.length === 0 ? ['There are no schedules.'] : tableLines(header, rows, style)),
    '',
    ...wrap(
      `${schedules.length} ${schedules.length === 1 ? 'schedule' : 'schedules'}: ${sums.join(', ')}.`,
      style.width,
      '',
    ).map(colors.bold),
    '',
  ].join('\n');
}

function rowOf(entry: StatusEntry, now: number, compared: boolean, detailed: boolean, style: Style): Row {
  const { colors } = style;
  const { state, nextFire, lastRun, lastRunUnknown, drift } = entry;
  const outcome = lastRun === undefined ? undefined : outcomeOf(lastRun, colors);
  return {
    cells: [
      { text: terminalText(entry.name) },
      { text: state, ...(state === 'active' ? {} : { paint: colors.magenta }) },
      neverFires(entry)
        ? { text: 'never', paint: colors.red }
        : { text: nextFire === undefined ? '-' : `in ${spanText(nextFire - now)}` },
      {
        text: lastRunUnknown
          ? '?'
          : lastRun?.scheduledTime === undefined
            ? '-'
            : `${spanText(now - lastRun.scheduledTime)} ago`,
      },
      outcome ?? { text: lastRunUnknown ? '?' : '-' },
      ...(compared ? [driftCell(drift, colors)] : []),
    ],
    below: [
      ...(state === 'paused' ? wrap(pauseWords(entry), style.width, belowRow) : []),
      ...(lastRun === undefined ? [] : runDetails(lastRun, detailed, style)),
      ...(detailed && nextFire !== undefined ? [`${belowRow}next fire ${utcText(nextFire)}`] : []),
    ].map(colors.dim),
  };
}

function driftCell(drift: DriftState = 'unknown', colors: Colors): Row['cells'][number] {
  if (drift === 'none') return { text: '-' };
  if (drift === 'unmanaged') return { text: 'unmanaged', paint: colors.dim };
  return drift === 'unknown' ? { text: '?' } : { text: drift, paint: colors.yellow };
}

function pauseWords({ pause = {} }: StatusEntry): string {
  const why =
    pause.reason === undefined
      ? 'paused without a reason'
      : `paused: ${terminalText(JSON.stringify(pause.reason))}`;
  const who = pause.by === undefined ? '' : ` by ${terminalText(pause.by)}`;
  const when = pause.at === undefined ? '' : ` at ${utcText(pause.at - (pause.at % 1000))}`;
  return who + when === '' ? why : `${why}; last changed${who}${when}`;
}
