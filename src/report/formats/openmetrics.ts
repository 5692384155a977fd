import { dayNumber } from '../../cron/zone/civil.ts';
import { fireClasses } from '../../model/fires/audit.ts';
import type { AuditDocument, AuditEntry } from '../documents/generated/documents.ts';
import { isDrifted } from '../documents/status.ts';

/** One metric of the text format. */
type Family = {
  readonly name: string;
  readonly help: string;
  readonly samples: readonly Sample[];
};

type Sample = { readonly labels: readonly (readonly [string, string])[]; readonly value: number };

const instant = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d{3})?Z$/;

/** Epoch seconds of a time as documents have it. */
function seconds(text: string): number {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, fraction = 0] = (
    instant.exec(text) ?? []
  )
    .slice(1)
    .map((part) => Number(part ?? 0));
  return dayNumber({ year, month, day }) * 86_400 + hour * 3600 + minute * 60 + second + fraction;
}

/** Schedules with a series of their own: a monitor pays for each. Those with something to look into come first. */
const mostSchedules = 500;

/** OpenMetrics 1.0 text, for node_exporter's text collector or any scraper. All gauges: each run looks at an interval. */
export function renderOpenMetrics(document: AuditDocument): string {
  const { counts, schedules, at, from, to, stopped } = document;
  const shown = [...schedules].sort((a, b) => weight(b) - weight(a)).slice(0, mostSchedules);
  const total = (value: number): readonly Sample[] => [{ labels: [], value }];
  const of = (value: (entry: AuditEntry) => number | undefined): readonly Sample[] =>
    shown.flatMap((entry) => {
      const found = value(entry);
      return found === undefined ? [] : [{ labels: [['schedule', entry.name] as const], value: found }];
    });
  return text([
    { name: 'downbeat_audit_up', help: 'Whether the server answered.', samples: total(1) },
    {
      name: 'downbeat_audit_timestamp_seconds',
      help: 'When the server was asked, by its own clock.',
      samples: total(seconds(at)),
    },
    {
      name: 'downbeat_audit_interval_seconds',
      help: 'Length of the audited interval.',
      samples: total(seconds(to) - seconds(from)),
    },
    {
      name: 'downbeat_server_stopped',
      help: 'Whether nothing fires on the server.',
      samples: total(stopped === undefined ? 0 : 1),
    },
    {
      name: 'downbeat_fires',
      help: 'Expected fires in the interval, by outcome.',
      samples: fireClasses.map((kind) => ({ labels: [['class', kind]], value: counts[kind] })),
    },
    {
      name: 'downbeat_unexpected_runs',
      help: 'Runs in the interval at times that no cron gives.',
      samples: total(counts.unexpected),
    },
    {
      name: 'downbeat_overdue',
      help: 'Active schedules with a missed fire.',
      samples: total(counts.overdue),
    },
    {
      name: 'downbeat_never_firing',
      help: 'Active schedules that will never fire.',
      samples: total(counts.never),
    },
    {
      name: 'downbeat_schedules',
      help: 'Audited schedules, by state.',
      samples: (['active', 'paused', 'missing'] as const).map((state) => ({
        labels: [['state', state]],
        value: schedules.filter((entry) => entry.state === state).length,
      })),
    },
    {
      name: 'downbeat_drifted',
      help: 'Schedules that differ from their manifests; absent without manifests.',
      samples: schedules.some(({ drift }) => drift !== undefined)
        ? total(schedules.filter(({ drift }) => isDrifted(drift)).length)
        : [],
    },
    {
      name: 'downbeat_schedules_left_out',
      help: 'Schedules without their own series.',
      samples: total(schedules.length - shown.length),
    },
    {
      name: 'downbeat_schedule_missed_fires',
      help: 'Missed fires of the schedule in the interval.',
      samples: of(({ counts: own }) => own.missed),
    },
    {
      name: 'downbeat_schedule_failed_fires',
      help: 'Failed fires of the schedule in the interval.',
      samples: of(({ counts: own }) => own.failed),
    },
    {
      name: 'downbeat_schedule_overdue_since_timestamp_seconds',
      help: 'Time of the missed fire of the schedule.',
      samples: of(({ overdue }) => overdue && seconds(overdue.since)),
    },
    {
      name: 'downbeat_schedule_paused_since_timestamp_seconds',
      help: 'The last change of a paused schedule, which usually was the pause.',
      samples: of(({ state, changed }) =>
        state === 'paused' && changed !== undefined ? seconds(changed) : undefined,
      ),
    },
    {
      name: 'downbeat_schedule_skipped_fires',
      help: 'Fires of the interval that the pause of the schedule kept from starting, as far as known.',
      samples: of(({ skipped }) => skipped),
    },
    {
      name: 'downbeat_schedule_drifted',
      help: 'Whether the schedule differs from its manifest.',
      samples: of((entry) => (entry.drift === undefined ? undefined : isDrifted(entry.drift) ? 1 : 0)),
    },
    {
      name: 'downbeat_schedule_last_success_timestamp_seconds',
      help: 'The newest fire of the interval that was started.',
      samples: of(({ lastSuccess }) => (lastSuccess === undefined ? undefined : seconds(lastSuccess))),
    },
  ]);
}

/** What a monitor gets when there is no audit: an old file would say that all is well. */
export function renderNoMetrics(): string {
  return text([
    {
      name: 'downbeat_audit_up',
      help: 'Whether the server answered.',
      samples: [{ labels: [], value: 0 }],
    },
  ]);
}

function weight({ counts, overdue, state }: AuditEntry): number {
  return (
    (overdue === undefined ? 0 : 1e9) + 1e3 * (counts.missed + counts.failed) + (state === 'paused' ? 1 : 0)
  );
}

function text(families: readonly Family[]): string {
  const lines = families
    .filter(({ samples }) => samples.length > 0)
    .flatMap(({ name, help, samples }) => [
      `# TYPE ${name} gauge`,
      `# HELP ${name} ${escaped(help)}`,
      ...samples.map(({ labels, value }) => `${name}${labelText(labels)} ${value}`),
    ]);
  return `${[...lines, '# EOF'].join('\n')}\n`;
}

function labelText(labels: Sample['labels']): string {
  if (labels.length === 0) return '';
  return `{${labels.map(([name, value]) => `${name}="${escaped(value).replaceAll('"', '\\"')}"`).join(',')}}`;
}

/** Backslashes and line ends, as the format wants them; lone surrogates are not UTF-8. */
function escaped(value: string): string {
  return value
    .replace(/[\ud800-\udfff]/gu, '\ufffd')
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r');
}
