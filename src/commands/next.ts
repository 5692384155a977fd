import { flags } from '../argv/flags.ts';
import { chosenDays } from '../cron/days/left-out-days.ts';
import { endOfKnown } from '../cron/days/named-days.ts';
import { fires } from '../cron/fire/fires.ts';
import { parseCron } from '../cron/parse/parse-cron.ts';
import { dateText } from '../cron/zone/civil.ts';
import { endOfYears } from '../cron/zone/utc.ts';
import { parseZone } from '../cron/zone/zone.ts';
import { nearestKey } from '../manifest/nearest.ts';
import { finderIn, locate } from '../manifest/read/locate.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import { present } from '../model/present.ts';
import type { DaysWish } from '../model/schedule.ts';
import { type ScheduleTiming, timingOf } from '../model/timing.ts';
import { problem } from '../problems/diagnostic.ts';
import type { NextDocument } from '../report/documents/generated/documents.ts';
import { type NextFire, nextDocument } from '../report/documents/next.ts';
import { documentJson } from '../report/formats/document-json.ts';
import { unknownAfterText } from '../report/text/fire-lines.ts';
import { renderNext } from '../report/text/next.ts';
import { asWritten, done, ended, loadOffline, type Stage } from '../run/prologue.ts';
import type { Run } from '../run/run.ts';
import { startOf } from '../run/typed-times.ts';
import { zoneOf } from '../run/typed-zone.ts';

/** Prints the next fires of a manifest's schedule or of a cron expression; offline, unless a flag names a server to ask. */
export async function run(run: Run): Promise<ExitCode> {
  const { argument = '', options } = run.request;
  if (options.server !== undefined) {
    const { nextOnServer } = await import('./next-on-server.ts');
    return nextOnServer(run, isCron(argument));
  }
  const start = startOf(options.from, run.now());
  if (!start.ok) return run.refuse(start.usage);
  const found = isCron(argument) ? typed(run, argument) : await named(run, argument);
  if (found.kind === 'ended') return found.code;
  const { timing, paused, days, about } = found.value;
  const next = nextOf(timing, start.value, options.limit ?? flags.limit.fallback);
  const last = next.at(-1)?.at ?? start.value;
  const isAll = next.length < (options.limit ?? flags.limit.fallback);
  const span = { from: start.value, to: isAll ? Number.POSITIVE_INFINITY : last + 1 };
  const chosen = days && chosenDays(days, timing, span, Number.POSITIVE_INFINITY);
  const end = days && endOfKnown(days);
  if (end !== undefined && (isAll || (end.day + 1) * dayMs < last))
    run.say(`note: ${unknownAfterText({ calendar: end.name, date: dateText(end.day) })}\n`);
  if (paused) run.say('note: the manifest pauses this schedule; without the pause, these are its fires\n');
  if (run.tz !== undefined && next.some(({ zone }) => zone.kind === 'region'))
    run.say(`note: zone rules of tz ${run.tz}; the server uses its own\n`);
  if (next.length === 0) run.say('It never fires from then on.\n');
  const document = nextDocument(
    { ...present({ tz: run.tz }), by: 'downbeat', ...about, ...(paused ? { paused } : {}), ...chosen },
    next,
  );
  run.write(document, (masked, format, style) =>
    format === 'json' ? documentJson(masked) : renderNext(next, run.now(), style, chosen),
  );
  return exitCodes.fine;
}

const dayMs = 86_400_000;

type Found = {
  readonly timing: ScheduleTiming;
  readonly paused: boolean;
  readonly days?: DaysWish;
  readonly about: Pick<NextDocument, 'name' | 'cron'>;
};

/** Names have no spaces, crons have five of them or begin with `@`. */
function isCron(argument: string): boolean {
  return /\s/.test(argument) || argument.startsWith('@');
}

function typed(run: Run, expression: string): Stage<Found> {
  const cron = parseCron(expression);
  const zone = zoneOf(run.options.zone);
  if (!zone.ok) return ended(run.fail(zone.problems));
  if (cron.ok) {
    const entries = [{ cronExpression: expression, zoneId: zone.id }];
    return done({ timing: { entries, catchup: false }, paused: false, about: { cron: expression } });
  }
  const { start, end, why, hint } = cron.problem;
  const args = { expression, why, ...present({ hint }) };
  const place = { kind: 'span', file: 'CRON', start, end } as const;
  const find = finderIn([{ path: 'CRON', text: expression }]);
  return ended(run.fail(locate([problem('bad-cron', args, place)], find)));
}

async function named(run: Run, name: string): Promise<Stage<Found>> {
  const { command, options } = run.request;
  if (options.zone !== undefined) {
    return ended(
      run.refuse({
        message: '--zone needs a cron expression',
        hint: `the manifest of ${JSON.stringify(name)} sets its zone`,
      }),
    );
  }
  const loaded = await loadOffline(run, { command, options });
  if (loaded.kind === 'ended') return loaded;
  const { desired } = loaded.value;
  const one = desired.find(({ schedule }) => schedule.name === name);
  if (one !== undefined) {
    const schedule = asWritten(one);
    return done({
      timing: timingOf(schedule),
      paused: schedule.paused,
      ...present({ days: schedule.days }),
      about: { name },
    });
  }
  const nearest = nearestKey(
    name,
    desired.map(({ schedule }) => schedule.name),
  );
  return ended(
    run.refuse({
      message: `no manifest has the name ${JSON.stringify(name)}`,
      hint:
        nearest === undefined
          ? 'a cron expression has six fields, in quotes: "0 0 9 * * *"'
          : `did you mean ${JSON.stringify(nearest)}?`,
    }),
  );
}

/** Fires from a time on, itself included. */
function nextOf(timing: ScheduleTiming, from: number, limit: number): readonly NextFire[] {
  const found: NextFire[] = [];
  for (const { at, entry } of fires(timing, { from, to: endOfYears })) {
    const zone = parseZone(entry.zoneId);
    if (zone.ok) found.push({ at, zone: zone.zone, zoneId: entry.zoneId });
    if (found.length >= limit) break;
  }
  return found;
}
