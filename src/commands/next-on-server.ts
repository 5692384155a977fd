import type { Request } from '../argv/program.ts';
import { parseZone } from '../cron/zone/zone.ts';
import type { Io } from '../io/io.ts';
import { type ExitCode, exitCodes } from '../model/exit.ts';
import type { Outcome } from '../model/port.ts';
import { succeed } from '../model/port.ts';
import type { Schedule } from '../model/schedule.ts';
import { type NextFire, nextJson } from '../report/documents/next.ts';
import { renderNext } from '../report/text/next.ts';
import { type Connected, connected, outdatedProblem } from '../run/connect-only.ts';
import { usageError, write } from '../run/emit.ts';
import { startOf } from '../run/typed-times.ts';
import { unknownNames } from '../run/unknown-names.ts';

// No server answers more.
const mostOfServer = 5;

/** The server's own preview, of a schedule that it has or of a cron, as it is: in UTC and five at most. */
export async function nextOnServer(request: Request, io: Io, isCron: boolean): Promise<ExitCode> {
  const { argument = '', options } = request;
  if (options.zone !== undefined) {
    return usageError(io, {
      message: 'the server reads every cron in UTC: --zone does not go with --server',
      hint: 'leave --server out: Downbeat computes the fires in any zone itself',
    });
  }
  const start = startOf(options.from, io.now());
  if (!start.ok) return usageError(io, start.usage);
  const opened = connected(request, io);
  if (opened.kind === 'ended') return opened.code;
  const { outputs, fail } = opened.value;
  const from = options.from === undefined ? undefined : start.value;
  const limit = Math.min(options.limit ?? mostOfServer, mostOfServer);
  const found = isCron
    ? await previews(opened.value, [argument], from, undefined, limit)
    : await ofSchedule(opened.value, argument, from, limit);
  if (typeof found === 'number') return found;
  if (!found.ok) return fail(found.failure);
  io.err("note: this is the server's own preview: it reads every cron in UTC and stops at five\n");
  if (found.value.length === 0) io.err('It names no fire.\n');
  return write(io, outputs, (format, style) =>
    format === 'json' ? nextJson(found.value) : renderNext(found.value, io.now(), style),
  );
}

async function ofSchedule(
  open: Connected,
  name: string,
  from: number | undefined,
  limit: number,
): Promise<Outcome<readonly NextFire[]> | ExitCode> {
  const { reader } = open.connection;
  const list = await reader.list();
  if (!list.ok) return list;
  const server = await reader.identify();
  if (!server.ok) return server;
  const outdated = outdatedProblem(server.value);
  const schedules = new Map(list.value.schedules.map(({ schedule }) => [schedule.name, schedule]));
  const schedule = schedules.get(name);
  const wrong = [...outdated, ...unknownNames([name], [...schedules.keys()])];
  if (wrong.length > 0) return open.refuse(wrong);
  if (schedule === undefined) return exitCodes.error;
  const { scheduleStartTime: begin } = schedule;
  return previews(
    open,
    cronsOf(schedule),
    begin === undefined ? from : Math.max(begin, from ?? begin),
    schedule.scheduleEndTime,
    limit,
  );
}

function cronsOf({ cronSchedules, cronExpression }: Schedule): readonly string[] {
  if (cronSchedules !== undefined) return cronSchedules.map((entry) => entry.cronExpression);
  return cronExpression === undefined ? [] : [cronExpression];
}

/** The server knows one cron at a time. */
async function previews(
  { connection }: Connected,
  crons: readonly string[],
  from: number | undefined,
  to: number | undefined,
  limit: number,
): Promise<Outcome<readonly NextFire[]>> {
  const utc = parseZone('UTC');
  if (!utc.ok || limit === 0) return succeed([]);
  const moments: number[] = [];
  for (const cronExpression of crons) {
    const answer = await connection.reader.nextFew({
      cronExpression,
      ...(from === undefined ? {} : { scheduleStartTime: from }),
      ...(to === undefined ? {} : { scheduleEndTime: to }),
      limit,
    });
    if (!answer.ok) return answer;
    moments.push(...answer.value);
  }
  const first = moments.sort((a, b) => a - b).slice(0, limit);
  return succeed(first.map((at) => ({ at, zone: utc.zone, zoneId: 'UTC' })));
}
