import type { Options, Request } from '../argv/program.ts';
import { fires } from '../cron/fire/fires.ts';
import { parseCron } from '../cron/parse/parse-cron.ts';
import { parseZone } from '../cron/zone/zone.ts';
import type { Io } from '../io/io.ts';
import { nearestKey } from '../manifest/nearest.ts';
import { finderIn, locate } from '../manifest/read/locate.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import { type ScheduleTiming, timingOf } from '../model/timing.ts';
import { type LocatedDiagnostic, problem } from '../problems/diagnostic.ts';
import { type NextFire, nextJson } from '../report/documents/next.ts';
import { renderNext } from '../report/text/next.ts';
import { usageError, write } from '../run/emit.ts';
import { asWritten, fail, manifests } from '../run/offline.ts';
import { startOf } from '../run/typed-times.ts';
import { zoneOf } from '../run/typed-zone.ts';
import { type Output, outputsOf } from '../settings/settings.ts';

const shownAtMost = 10;

/** Prints the next fires of a manifest's schedule or of a cron expression; offline, unless a flag names a server to ask. */
export async function run(request: Request, io: Io): Promise<ExitCode> {
  const { argument = '', options } = request;
  if (options.server !== undefined) {
    const { nextOnServer } = await import('./next-on-server.ts');
    return nextOnServer(request, io, isCron(argument));
  }
  const outputs = outputsOf(options.output);
  if (!outputs.ok) return usageError(io, outputs.usage);
  const start = startOf(options.from, io.now());
  if (!start.ok) return usageError(io, start.usage);
  const found = isCron(argument) ? typed(argument, options) : named(request, argument, io, outputs.value);
  if (found.kind === 'ended') return found.code;
  if (found.kind === 'wrong') {
    const said = fail(io, outputs.value, found.problems);
    return said.kind === 'ended' ? said.code : exitCodes.error;
  }
  const next = nextOf(found.timing, start.value, options.limit ?? shownAtMost);
  if (found.paused) io.err('note: its manifest pauses it; these would be its fires\n');
  if (next.length === 0) io.err('It never fires from then on.\n');
  return write(io, outputs.value, (format, style) =>
    format === 'json' ? nextJson(next) : renderNext(next, io.now(), style),
  );
}

type Found =
  | { readonly kind: 'found'; readonly timing: ScheduleTiming; readonly paused: boolean }
  | { readonly kind: 'wrong'; readonly problems: readonly LocatedDiagnostic[] }
  | { readonly kind: 'ended'; readonly code: ExitCode };

/** Names have no blanks, crons have five of them or begin with `@`. */
function isCron(argument: string): boolean {
  return /\s/.test(argument) || argument.startsWith('@');
}

function typed(expression: string, options: Options): Found {
  const cron = parseCron(expression);
  const zone = zoneOf(options.zone);
  if (!zone.ok) return { kind: 'wrong', problems: zone.problems };
  if (cron.ok) {
    const entries = [{ cronExpression: expression, zoneId: zone.id }];
    return { kind: 'found', timing: { entries, catchup: false }, paused: false };
  }
  const { start, end, why, hint } = cron.problem;
  const args = { expression, why, ...(hint === undefined ? {} : { hint }) };
  const place = { kind: 'span', file: 'CRON', start, end } as const;
  return {
    kind: 'wrong',
    problems: locate([problem('bad-cron', args, place)], finderIn([{ path: 'CRON', text: expression }])),
  };
}

function named(request: Request, name: string, io: Io, outputs: readonly Output[]): Found {
  const { command, options } = request;
  if (options.zone !== undefined) {
    return {
      kind: 'ended',
      code: usageError(io, {
        message: '--zone goes with a cron expression',
        hint: `the manifest of ${JSON.stringify(name)} says its zone`,
      }),
    };
  }
  const loaded = manifests({ command, options }, io, outputs);
  if (loaded.kind === 'ended') return loaded;
  const one = loaded.desired.find(({ schedule }) => schedule.name === name);
  if (one !== undefined) {
    const schedule = asWritten(one);
    return { kind: 'found', timing: timingOf(schedule), paused: schedule.paused };
  }
  const names = loaded.desired.map(({ schedule }) => schedule.name);
  const nearest = nearestKey(name, names);
  return {
    kind: 'ended',
    code: usageError(io, {
      message: `no manifest has the name ${JSON.stringify(name)}`,
      hint:
        nearest === undefined
          ? 'a cron expression has six fields and stands in quotes: "0 0 9 * * *"'
          : `did you mean ${JSON.stringify(nearest)}?`,
    }),
  };
}

/** Fires from a moment on, itself included. */
function nextOf(timing: ScheduleTiming, from: number, limit: number): readonly NextFire[] {
  const found: NextFire[] = [];
  if (limit === 0) return found;
  for (const { at, entry } of fires(timing, { from, to: Number.POSITIVE_INFINITY })) {
    const zone = parseZone(entry.zoneId);
    if (zone.ok) found.push({ at, zone: zone.zone, zoneId: entry.zoneId });
    if (found.length >= limit) break;
  }
  return found;
}
